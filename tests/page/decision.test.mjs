// Why a verdict is what it is, and what the words mean.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clickText, groups, open, paste, suite, textOf, texts } from './harness.mjs';

const { browser } = await suite();

const openFinding = async (page, words) => {
  for (const toggle of await page.$$('.finding-toggle[aria-expanded=false]')) {
    if ((await toggle.evaluate(element => element.textContent)).includes(words)) await toggle.click();
  }
};
const ask = async (page, selector, words) => {
  for (const card of await page.$$(selector)) {
    if (!(await card.evaluate(element => element.textContent)).includes(words)) continue;
    const why = await card.waitForSelector('.why');
    await why.click();
    return page.waitForSelector('dialog[open] h2');
  }
  throw new Error(`nothing says ${words}`);
};

test('the cell that decided is marked in the table, with what its row and its column mean', async () => {
  const page = await open(browser, { height: 1200 });
  await paste(page, groups(['odd', [7777, '0.0.0.0/0']], ['db', [3306, '0.0.0.0/0']]));
  for (const [words, title, row, column, verdict] of [
    ['7777', /Why is this caution\?/, 'The internet', 'Medium', 'Caution'],
    ['3306', /Why is this dangerous\?/, 'The internet', 'Critical', 'Dangerous'],
  ]) {
    await openFinding(page, words);
    await ask(page, '.finding', words);
    assert.match(await textOf(page, 'dialog h2'), title);
    const cell = await page.waitForSelector('.decision td[aria-current=true]');
    assert.equal((await page.$$('.decision td[aria-current=true]')).length, 1);
    assert.match(await cell.evaluate(element => element.textContent), new RegExp(verdict));
    assert.ok(await cell.$('svg'), 'with its shape');
    assert.equal(await cell.evaluate(element => element.parentElement.querySelector('th').textContent), row);
    assert.equal(await cell.evaluate(element => element.closest('table').tHead.rows[0].cells[element.cellIndex].textContent), column);
    assert.match(await textOf(page, 'dialog .meanings'), new RegExp(`At least half.*A service of ${column.toLowerCase()} severity`, 's'));
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => !document.querySelector('dialog[open]'));
    assert.ok(await page.evaluate(() => document.activeElement.classList.contains('why')), 'the focus returns');
  }
  await page.close();
});

test('every column of the table has its meaning', async () => {
  const page = await open(browser, { height: 1400 });
  const sources = { 'The internet': '0.0.0.0/0', 'More than 256': '11.0.0.0/22', 'At most 256': '11.0.0.0/28', 'Private networks': '10.0.0.0/8', 'Private addresses': '10.0.0.0/24', '65,536': '11.0.0.0/12' };
  await paste(page, groups(...Object.entries(sources).map(([name, source]) => [`from ${name}`, [3306, source]])));
  await page.click('#tab-policies');
  await page.waitForSelector('.policy');
  await page.evaluate(() => document.querySelectorAll('.policy .finding-toggle[aria-expanded=false]').forEach(button => button.click()));
  await page.waitForFunction(wanted => document.querySelectorAll('.exposure').length === wanted, {}, Object.keys(sources).length);
  const said = new Set();
  for (const name of Object.keys(sources)) {
    await ask(page, '.policy', `from ${name}`);
    const row = await page.waitForSelector('.decision td[aria-current=true]').then(cell => cell.evaluate(element => element.parentElement.querySelector('th').textContent));
    assert.ok(row.startsWith(name), `${name}: ${row}`);
    said.add(await page.$eval('dialog .meanings dd', element => element.textContent));
    await clickText(page, 'dialog .button', 'Close');
  }
  assert.equal(said.size, Object.keys(sources).length, 'each column says something of its own');
  await page.close();
});

test('what the table did not decide is told in its sentence alone', async () => {
  const page = await open(browser);
  await paste(page, groups(['all', [80, '0.0.0.0/0']]));
  await openFinding(page, '80');
  await ask(page, '.finding', '80');
  assert.ok((await textOf(page, 'dialog p')).length > 20);
  assert.equal(await page.$('dialog table'), null);
  await page.close();
});

test('what is left open is told to be the worst case', async () => {
  const page = await open(browser);
  await paste(page, JSON.stringify({ SecurityGroups: [{ GroupId: 'sg-00000001', GroupName: 'db', IpPermissions: [{ IpProtocol: 'tcp', FromPort: 3306, ToPort: 3306, PrefixListIds: [{ PrefixListId: 'pl-0a1b2c3d' }] }] }] }));
  await ask(page, '.finding', 'MySQL');
  assert.match(await textOf(page, 'dialog h2'), /Why can't this be told\?/);
  await page.waitForSelector('.decision td[aria-current=true]');
  assert.match(await textOf(page, 'dialog'), /worst that what the text leaves open could turn out to be.*Who might reach it/s);
  await page.close();
});

test('the legend explains the verdicts, the shapes and the widths, and gives the focus back', async () => {
  const page = await open(browser);
  await clickText(page, '.foot .link', 'Legend');
  await page.waitForSelector('dialog[open]');
  const terms = await texts(page, 'dialog dt');
  for (const term of ['Dangerous', "Can't tell", 'Caution', 'Secure', 'internet', 'broad-public', 'public', 'private', 'group', 'nobody', 'unknown']) assert.ok(terms.includes(term), term);
  assert.equal(new Set(await page.$$eval('dialog .mark', marks => marks.map(mark => mark.innerHTML))).size, 5, 'five shapes');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => !document.querySelector('dialog[open]'));
  assert.equal(await page.evaluate(() => document.activeElement.textContent.trim()), 'Legend');
  await clickText(page, '.foot .link', 'Legend');
  await page.waitForSelector('dialog[open]');
  await page.mouse.click(5, 400);
  await page.waitForFunction(() => !document.querySelector('dialog[open]'));
  await page.close();
});

test('every verdict on what is open has one packet that shows it, the secure ones as well', async () => {
  const page = await open(browser);
  await paste(page, groups(['web', [443, '0.0.0.0/0'], [22, '10.0.1.50/32'], [3306, '0.0.0.0/0']]));
  await page.click('#tab-policies');
  await page.click('.policy .finding-toggle');
  await page.waitForSelector('.exposure');
  const rows = await page.$$eval('.exposure', all => all.map(row => row.textContent));
  assert.equal(rows.length, 3);
  for (const row of rows) assert.match(row, /For example, tcp from [\d.]+ to port \d+ gets in\./);
  await page.close();
});
