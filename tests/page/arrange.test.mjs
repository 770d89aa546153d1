// The list of findings: filtered, ordered, grouped, walked by keyboard.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groups, open, paste, suite, textOf, texts } from './harness.mjs';

const { browser } = await suite();

const estate = groups(['odd', [7777, '0.0.0.0/0']], ['bastion', [22, '0.0.0.0/0'], [3306, '0.0.0.0/0']], ['web', [23, '0.0.0.0/0']]);
const messages = page => page.$$eval('.findings:not(.findings-quiet) .finding-toggle', list => list.map(toggle => toggle.textContent.trim()));
const lines = page => page.$$eval('.findings:not(.findings-quiet) .finding .finding-meta', list => list.map(meta => Number(meta.querySelector('.place').textContent.replace(/\D/g, ''))));
const [ORDER, GROUP] = ['.arrange [aria-label=Order]', '.arrange [aria-label=Group]'];

test('worst first, or as in the text', async () => {
  const page = await open(browser);
  await paste(page, estate);
  const worst = await messages(page);
  assert.match(worst.at(-1), /7777/);
  await page.select(ORDER, 'text');
  await page.waitForFunction(() => /7777/.test(document.querySelector('.finding').textContent));
  const at = await lines(page);
  assert.deepEqual(at, [...at].sort((a, b) => a - b));
  assert.deepEqual([...(await messages(page))].sort(), [...worst].sort(), 'nothing is lost');
  await page.select(ORDER, 'worst');
  await page.waitForFunction(first => document.querySelector('.finding-toggle').textContent.trim() === first, {}, worst[0]);
  assert.deepEqual(await messages(page), worst);
  await page.close();
});

test('groups have their counts, and nothing is lost', async () => {
  const page = await open(browser);
  await paste(page, estate);
  const all = (await messages(page)).length;
  for (const [by, pattern] of [['policy', /^bastion \(sg-00000001\).*2 findings/], ['audit', /^Database open too widely.*1 finding/]]) {
    await page.select(GROUP, by);
    await page.waitForSelector('.group-title');
    await page.waitForFunction(source => [...document.querySelectorAll('.group-title')].some(title => new RegExp(source).test(title.textContent)), {}, pattern.source);
    const counts = await page.$$eval('.group-count', list => list.map(element => parseInt(element.textContent, 10)));
    assert.equal(counts.reduce((sum, n) => sum + n, 0), all, by);
    const listed = await page.$$eval('.group-title + .findings', list => list.map(group => group.children.length));
    assert.deepEqual(listed, counts, by);
  }
  await page.close();
});

test('the filter matches message, policy and service, and says when nothing does', async () => {
  const page = await open(browser);
  await paste(page, estate);
  for (const [text, expected] of [['mysql', /^MySQL/], ['bastion ssh', /^SSH/], ['TELNET', /^Telnet/], ['odd caution', /7777/]]) {
    await page.$eval('.arrange-text', input => input.select());
    await page.type('.arrange-text', text);
    await page.waitForFunction(() => document.querySelectorAll('.findings:not(.findings-quiet) .finding').length === 1);
    assert.match((await messages(page))[0], expected, text);
  }
  await page.$eval('.arrange-text', input => input.select());
  await page.type('.arrange-text', 'nothing like it');
  await page.waitForFunction(() => !document.querySelector('.finding'));
  assert.match(await textOf(page, '.view .quiet'), /No finding matches "nothing like it"/);
  await paste(page, estate);
  assert.equal(await page.$eval('.arrange-text', input => input.value), '', 'a new document is seen whole');
  assert.equal((await messages(page)).length, 4);
  await page.close();
});

test('the list is walked by j and k and the arrow keys, and / goes to the filter', async () => {
  const page = await open(browser);
  await paste(page, estate);
  await page.select(GROUP, 'policy');
  await page.waitForSelector('.group-title');
  const all = await messages(page);
  const here = () => page.evaluate(() => document.activeElement.textContent.trim());
  await page.focus('.finding-toggle');
  for (const [key, at] of [['j', 1], ['ArrowDown', 2], ['k', 1], ['ArrowUp', 0], ['ArrowUp', 0]]) {
    await page.keyboard.press(key);
    assert.equal(await here(), all[at], key);
  }
  const last = all.length - 1;
  for (let n = 0; n < all.length; n++) await page.keyboard.press('j');
  assert.equal(await here(), all[last], 'over the borders of groups, to the end and no further');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.activeElement.getAttribute('aria-expanded') === 'true');
  await page.keyboard.press('/');
  await page.waitForFunction(() => document.activeElement.classList.contains('arrange-text'));
  await page.keyboard.type('j/k');
  assert.equal(await page.$eval('.arrange-text', input => input.value), 'j/k', 'the keys are letters there');
  await page.close();
});

test('a list that is fetched in parts says how much of it was arranged', async () => {
  const page = await open(browser);
  await paste(page, groups(...Array.from({ length: 230 }, (_, n) => [`bastion-${n}`, [22, '0.0.0.0/0']])));
  assert.equal(await page.$('.among'), null, 'as it comes, nothing is arranged');
  await page.select(GROUP, 'audit');
  await page.waitForFunction(() => /first 200 of 230 findings/.test(document.querySelector('.among')?.textContent ?? ''));
  assert.match((await texts(page, '.group-title'))[0], /200 findings/);
  await page.click('.more .button');
  await page.waitForFunction(() => !document.querySelector('.among'));
  assert.match((await texts(page, '.group-title'))[0], /230 findings/);
  await page.close();
});
