// The catalog of ports: searched, browsed, reached from an open port, and left again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clickText, groups, open, paste, suite, textOf, texts } from './harness.mjs';

const { browser } = await suite();

const toPorts = async page => {
  await clickText(page, '.section-link', 'Ports');
  await page.waitForSelector('.entry');
};

const look = async (page, text) => {
  await page.$eval('.search input', input => input.select());
  await page.type('.search input', text);
};

const titled = (page, pattern) => page.waitForFunction(source => new RegExp(source).test(document.getElementById('found-title')?.textContent ?? ''), {}, pattern.source);

test('a port is told before anything was pasted', async () => {
  const page = await open(browser);
  await toPorts(page);
  await look(page, 'what is 8888?');
  await titled(page, /Port 8888/);
  assert.match(await textOf(page, '.found'), /user port/i);
  const [entry] = await texts(page, '.entry');
  for (const part of [/Jupyter/, /Critical/, /tcp/, /Risk.+Instead/s, /Documented|custom/, /FSBP-EC2\.19/]) assert.match(entry, part);
  assert.deepEqual(page.complaints, []);
  await page.close();
});

test('a port that nobody lists is told its class and what it counts as', async () => {
  const page = await open(browser);
  await toPorts(page);
  for (const [port, kind] of [['50123', /dynamic port/i], ['1029', /user port/i], ['4', /system port/i]]) {
    await look(page, port);
    await titled(page, new RegExp(`Port ${port}$`));
    assert.equal(await page.$('.entry'), null, port);
    assert.match(await textOf(page, '.found'), kind);
    assert.match(await textOf(page, '.found'), /counts as unlisted, of medium severity/);
  }
  await look(page, '65536');
  await titled(page, /^0 services/);
  await page.close();
});

test('names, categories and severities are found, and chips narrow them', async () => {
  const page = await open(browser);
  await toPorts(page);
  const all = (await page.$$('.entry')).length;
  await look(page, 'redis');
  await page.waitForFunction(all => document.querySelectorAll('.entry').length < all, {}, all);
  assert.ok((await texts(page, '.entry')).some(text => /^6379/.test(text)));
  assert.match(await textOf(page, '.entry [aria-expanded=true]'), /6379/, 'the service of that very name is open');
  await look(page, 'database');
  await page.waitForFunction(() => document.querySelectorAll('.entry').length > 15);
  await page.click('[data-severity=critical].filter-button');
  await page.waitForFunction(() => [...document.querySelectorAll('.entry')].every(entry => entry.dataset.severity === 'critical'));
  const narrowed = (await page.$$('.entry')).length;
  assert.equal(await textOf(page, '[data-severity=critical] .filter-count'), String(narrowed), 'the chip says how many');
  await page.click('[data-category=database]');
  await page.waitForFunction(narrowed => document.querySelectorAll('.entry').length <= narrowed, {}, narrowed);
  assert.equal(await page.$eval('[data-category=database]', chip => chip.getAttribute('aria-pressed')), 'true');
  await page.close();
});

test('all 65,536 ports can be walked: by button, by arrow key, by the picture', async () => {
  const page = await open(browser);
  await toPorts(page);
  await look(page, '0');
  await titled(page, /Port 0$/);
  assert.equal(await page.$eval('[aria-label="Previous port"]', button => button.disabled), true);
  await page.click('[aria-label="Next port"]');
  await titled(page, /Port 1$/);
  await page.focus('.search input');
  await page.keyboard.press('ArrowUp');
  await titled(page, /Port 2$/);
  await page.keyboard.press('ArrowDown');
  await titled(page, /Port 1$/);
  await look(page, '65535');
  await titled(page, /Port 65535$/);
  assert.equal(await page.$eval('[aria-label="Next port"]', button => button.disabled), true);

  const strips = await page.$$('[role=slider]');
  assert.equal(strips.length, 3);
  const box = await strips[1].boundingBox();
  await page.mouse.click(box.x + box.width - 2, box.y + 10);
  await titled(page, /Port 4\d{4}$/);
  await strips[0].focus();
  await page.keyboard.press('Home');
  await titled(page, /Port 7$/);
  await page.keyboard.press('ArrowRight');
  await titled(page, /Port 17$/);
  assert.match(await strips[0].evaluate(strip => strip.getAttribute('aria-valuetext')), /17 Quote of the Day/);
  await page.keyboard.press('ArrowLeft');
  await titled(page, /Port 7$/);
  assert.equal((await page.$$('[aria-live], [role=status], [role=alert]')).length, 1);
  await page.waitForFunction(() => /Port 7: Echo/.test(document.querySelector('[role=status]').textContent));
  await page.close();
});

test('the picture has every entry of the catalog', async () => {
  const page = await open(browser);
  await toPorts(page);
  const ticks = await page.$$eval('.tick', paths => paths.reduce((sum, path) => sum + (path.getAttribute('d').match(/M/g)?.length ?? 0), 0));
  assert.equal(ticks, (await page.$$('.entry')).length);
  await page.close();
});

test('from a finding to its port and back to where one was', async () => {
  const page = await open(browser);
  await paste(page, groups(['orders-db', [3306, '0.0.0.0/0']], ['odd', [7777, '0.0.0.0/0']]));
  await clickText(page, '.finding .link', 'What is port 3306?');
  await titled(page, /Port 3306$/);
  const entry = await textOf(page, '.entry');
  assert.match(entry, /MySQL/);
  assert.match(entry, /Open here.*Dangerous.*tcp\/3306.*orders-db/s, 'and what of it is open');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Back to the review');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.activeElement?.textContent === 'What is port 3306?');
  assert.equal(await page.$eval('.desk', desk => desk.hidden), false);

  await page.click('#tab-ports');
  await page.waitForSelector('.ports');
  await clickText(page, '.ports .link', 'What is this?');
  await titled(page, /Port 7777$/);
  assert.match(await textOf(page, '.found'), /knows no service there/);
  await clickText(page, '.sheet-head .button', 'Back');
  await clickText(page, '.ports .link', 'mysql');
  await titled(page, /Port 3306$/);
  await clickText(page, '.open-here .place', 'Show');
  await page.waitForFunction(() => document.querySelector('[data-editor]').shadowRoot.querySelector('.pc-flash'));
  assert.ok(await page.$('#tab-ports[aria-selected=true]'));
  await page.close();
});
