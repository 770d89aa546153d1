// Paste gives the result: no button, the verdict in words, the last good result kept.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseExample, clickText, fileUrl, groups, open, paste, settled, suite, textOf, texts, verdict } from './harness.mjs';

const { browser, server, careless } = await suite({ servers: { server: [], careless: [undefined, 'iso-8859-1'] } });

const exposed = groups(['orders-db', [3306, '0.0.0.0/0']]);
const closed = groups(['orders-db', [3306, '10.0.10.0/24']]);

for (const [from, url] of [
  ['a server', () => server.url],
  ['a server that names a wrong character set', () => careless.url],
  ['a disk', () => fileUrl],
]) {
  test(`opened from ${from}, a paste gives the verdict`, async () => {
    const page = await open(browser, { url: url() });
    await paste(page, exposed);
    assert.equal(await verdict(page), 'dangerous');
    assert.match(await textOf(page, '.headline h2'), /^1 dangerous/);
    assert.match(await textOf(page, '.chip'), /AWS security groups.*1 group.*1 rule/);
    const [first] = await texts(page, '.finding');
    assert.match(first, /3306/);
    assert.match(first, /Dangerous/);
    assert.match(first, /What to do/);
    assert.deepEqual(page.complaints, []);
    await page.close();
  });
}

test('every example gives the verdict it states', async () => {
  const page = await open(browser);
  const examples = await page.$$eval('.example', list => list.map(element => ({ id: element.dataset.example, says: element.querySelector('.example-verdict').textContent })));
  assert.ok(examples.length >= 3, 'there are examples');
  const words = { dangerous: 'Dangerous', unknown: "Can't tell", caution: 'Caution', secure: 'Secure' };
  for (const { id, says } of examples) {
    await chooseExample(page, id);
    assert.equal(words[await verdict(page)], says, id);
    assert.ok((await textOf(page, '.lesson')).length > 10, `${id} shows its lesson`);
  }
  assert.deepEqual(page.complaints, []);
  await page.close();
});

test('an edit changes the verdict and says what changed', async () => {
  const page = await open(browser);
  await paste(page, exposed);
  const said = () => page.$eval('[role=status]', element => element.textContent);
  await page.waitForFunction(() => document.querySelector('[role=status]').textContent !== '');
  assert.match(await said(), /dangerous/i);
  await paste(page, closed);
  assert.equal(await verdict(page), 'secure');
  await page.waitForFunction(() => /fixed/.test(document.querySelector('[role=status]').textContent));
  assert.match(await said(), /1 dangerous finding fixed, 0 remain/);
  assert.equal((await page.$$('[aria-live], [role=status], [role=alert]')).length, 1, 'there is one live region');
  await page.close();
});

test('an unreadable text is said to be unknown, with a place to go to', async () => {
  const page = await open(browser);
  await paste(page, 'this is not a configuration');
  assert.equal(await verdict(page), 'unknown');
  assert.match(await textOf(page, '.headline h2'), /^Can't tell/);
  assert.ok(await page.$('.problems .place'), 'the problem names its line');
  await page.close();
});

test('while an edit leaves the text unreadable, the last result stays, greyed and said to be old', async () => {
  const page = await open(browser);
  await paste(page, groups(['orders-db', [3306, '0.0.0.0/0']], ['web', [443, '0.0.0.0/0']]));
  const findings = await texts(page, '.finding');
  await page.keyboard.down('Control');
  await page.keyboard.press('Home');
  await page.keyboard.up('Control');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('End');
  await page.keyboard.type('"');
  await page.waitForSelector('.stale-note');
  assert.equal(await verdict(page), 'unknown', 'the headline is about what stands there now');
  await page.waitForSelector('.problems .place');
  assert.deepEqual(await texts(page, '.finding'), findings);
  assert.ok(await page.$('.view-stale'));
  await page.keyboard.press('Backspace');
  await page.waitForFunction(() => !document.querySelector('.stale-note'));
  assert.equal(await verdict(page), 'dangerous');

  await page.keyboard.type('"');
  await page.waitForSelector('.stale-note');
  await page.click('.stale-note .link');
  await page.waitForFunction(() => !document.querySelector('.stale-note'));
  assert.notDeepEqual(await texts(page, '.finding'), findings, 'on request it shows what can still be read');
  await page.close();
});

test('clear empties everything', async () => {
  const page = await open(browser);
  await paste(page, exposed);
  await clickText(page, '.tools .button', 'Clear');
  await settled(page);
  await page.waitForSelector('.welcome');
  assert.equal(await page.$('.headline'), null);
  assert.equal(await textOf(page, '.chip'), 'Nothing pasted yet');
  await page.close();
});

test('many edits in a row end with the verdict of the last one', async () => {
  const page = await open(browser);
  await paste(page, closed);
  await page.focus('[aria-pressed="false"].button-quiet');
  await clickText(page, '.button', 'Plain text box');
  await page.waitForSelector('#plain-text');
  await page.evaluate(
    (a, b) => {
      const box = document.getElementById('plain-text');
      for (let n = 0; n < 40; n++) {
        box.value = n % 2 ? a : b;
        box.dispatchEvent(new InputEvent('input', { bubbles: true }));
      }
    },
    exposed,
    closed,
  );
  await settled(page);
  assert.equal(await verdict(page), 'dangerous');
  await page.close();
});

test('the table of open ports has whole words at every width', async () => {
  for (const [width, display] of [[1440, 'table-row'], [1024, 'grid'], [360, 'grid']]) {
    const page = await open(browser, { width, height: 800 });
    await paste(page, groups(['a-group-with-quite-a-long-name', [3306, '0.0.0.0/0']]));
    await page.click('#tab-ports');
    await page.waitForSelector('.ports tbody tr');
    assert.equal(await page.$eval('.ports tbody tr', row => getComputedStyle(row).display), display, `${width}`);
    const lines = await page.$eval('.cell-who', cell => {
      const range = document.createRange();
      range.selectNodeContents(cell);
      return new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size;
    });
    assert.ok(lines <= 3, `${lines} lines at ${width}`);
    await page.close();
  }
});
