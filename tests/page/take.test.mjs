// What can be taken away: copied and saved forms, and by what the verdict is reproduced.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { clickText, groups, open, paste, screenshot, suite, textOf, texts } from './harness.mjs';

const { browser, folder } = await suite();

const estate = groups(['bastion', [22, '0.0.0.0/0', 'admins']], ['web', [443, '0.0.0.0/0']], ['odd', [8888, '0.0.0.0/0']], ['orders-db', [3306, '10.0.10.0/24']]);

const openMenu = async page => {
  await clickText(page, '.tools .button', 'Take away');
  await page.waitForSelector('.menu-panel');
};

/** Copied texts end up in `window.copied`. */
const watchCopies = page =>
  page.evaluate(() => {
    window.copied = [];
    navigator.clipboard.writeText = async text => void window.copied.push(text);
  });

test('with nothing pasted the menu says so', async () => {
  const page = await open(browser);
  await openMenu(page);
  assert.match(await textOf(page, '.menu-panel'), /Nothing to take away yet/);
  await page.close();
});

const FORMS = {
  markdown: text => assert.match(text, /^# Firewall review: .*\n[^]*## Findings[^]*bastion/),
  csv: text => assert.match(text, /^verdict,severity,audit.*\r\n"?dangerous/),
  register: text => assert.match(text, /^policy,name,protocol[^]*bastion/),
  json: text => assert.equal(JSON.parse(text).findings[0].verdict, 'dangerous'),
  baseline: text => assert.match(text, /sg-00000000/),
};

test('every form is copied, and saved under its name with the same text', async () => {
  const page = await open(browser, { width: 1440, height: 900 });
  const session = await browser.target().createCDPSession();
  await session.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: folder, eventsEnabled: true });
  const saved = () => new Promise(done => session.on('Browser.downloadProgress', function ended({ state }) {
    if (state !== 'completed') return;
    session.off('Browser.downloadProgress', ended);
    done();
  }));
  await paste(page, estate);
  await watchCopies(page);
  await openMenu(page);
  await screenshot(page, 'take-menu-wide-light');
  assert.deepEqual(await page.$$eval('.take-form', forms => forms.map(form => form.dataset.form)), Object.keys(FORMS));
  for (const [id, holds] of Object.entries(FORMS)) {
    const [copy, save] = await page.$$(`[data-form=${id}] button`);
    await copy.click();
    await page.waitForFunction(id => document.querySelector(`[data-form=${id}] .copy`).textContent === 'Copied', {}, id);
    const text = await page.evaluate(() => window.copied.pop());
    holds(text);
    const file = (await save.evaluate(button => button.getAttribute('aria-label'))).match(/ as (\S+)$/)[1];
    const written = saved();
    await save.click();
    await written;
    assert.equal(fs.readFileSync(path.join(folder, file), 'utf8'), text, file);
  }
  assert.deepEqual(page.complaints, []);
  await page.close();
});

test('one document is fingerprinted as sha256sum does it, and an edit changes it', async () => {
  const page = await open(browser);
  const digest = text => crypto.createHash('sha256').update(text).digest('hex');
  await watchCopies(page);
  for (const text of [estate, estate.replace('8888', '8889')]) {
    await paste(page, text);
    const begin = digest(text).slice(0, 16);
    await page.waitForFunction(begin => document.querySelector('.reproduce code').textContent === begin, {}, begin);
    await page.click('.reproduce .copy');
    await page.waitForFunction(() => window.copied.length > 0);
    const copied = await page.evaluate(() => window.copied.pop());
    assert.match(copied, /^portcullis [\d.]+, port catalog \S+\n/);
    assert.ok(copied.includes(`${digest(text)}  pasted text\n`), copied);
  }
  await page.close();
});

test('several documents are listed, and their list is hashed', async () => {
  const page = await open(browser);
  await watchCopies(page);
  await paste(page, estate);
  await clickText(page, '.docs-add', 'Add a document');
  await paste(page, groups(['other', [22, '10.0.0.0/8']]));
  const digest = text => crypto.createHash('sha256').update(text).digest('hex');
  const list = `${digest(estate)}  pasted text\n${digest(groups(['other', [22, '10.0.0.0/8']]))}  pasted text 2\n`;
  await page.waitForFunction(begin => document.querySelector('.reproduce code').textContent === begin, {}, digest(list).slice(0, 16));
  await page.click('.reproduce .copy');
  await page.waitForFunction(() => window.copied.length > 0);
  assert.ok((await page.evaluate(() => window.copied.pop())).endsWith(`sha256 of the list: ${digest(list)}\n${list}`));
  await page.close();
});

test('what the clipboard refuses is said', async () => {
  const page = await open(browser);
  await paste(page, estate);
  await page.evaluate(() => (navigator.clipboard.writeText = () => Promise.reject(new Error('no'))));
  await openMenu(page);
  await page.click('[data-form=markdown] .copy');
  await page.waitForFunction(() => document.querySelector('[data-form=markdown] .copy').textContent === 'Not allowed here');
  await page.close();
});

test('the menu is reached and left by keyboard, and fits a phone', async () => {
  const page = await open(browser, { width: 360, height: 740, touch: true, dark: true });
  await paste(page, estate);
  await openMenu(page);
  await screenshot(page, 'take-menu-phone-dark');
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  const small = await page.$$eval('.menu-panel button', buttons => buttons.filter(button => button.getBoundingClientRect().height < 44).length);
  assert.equal(small, 0);
  await page.keyboard.press('Tab');
  assert.match(await page.evaluate(() => document.activeElement.textContent), /^Share by link/);
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => !document.querySelector('.menu-panel'));
  assert.match(await page.evaluate(() => document.activeElement.textContent), /Take away/);
  await page.close();
});
