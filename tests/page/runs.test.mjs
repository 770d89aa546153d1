// A run that does not end: it shows, it can be cancelled, and a newer edit does not wait for it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groups, open, paste, settled, suite, verdict } from './harness.mjs';

const { browser } = await suite();

const exposed = groups(['orders-db', [3306, '0.0.0.0/0']]);
const closed = groups(['orders-db', [3306, '10.0.10.0/24']]);

/** Keeps the worker busy for ever, as an endless review would. */
function hang(page) {
  const [worker] = page.workers();
  worker.evaluate(() => {
    for (;;);
  }).catch(() => {});
}

const pasteOver = (page, text) =>
  page.evaluate(pasted => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', pasted);
    const content = document.querySelector('[data-editor]').shadowRoot.querySelector('.cm-content');
    content.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, text);

const selectAll = async page => {
  await page.keyboard.down('Control');
  await page.keyboard.press('a');
  await page.keyboard.up('Control');
};

test('a newer edit does not wait for a run that hangs', async () => {
  const page = await open(browser);
  await paste(page, closed);
  hang(page);
  await selectAll(page);
  await pasteOver(page, closed);
  await page.waitForSelector('.progress');
  await selectAll(page);
  await pasteOver(page, exposed);
  await settled(page);
  assert.equal(await verdict(page), 'dangerous');
  await page.close();
});

test('a run that hangs shows its progress, can be cancelled, and the next one works', async () => {
  const page = await open(browser);
  await paste(page, exposed);
  hang(page);
  await page.keyboard.press('End');
  await page.keyboard.type(' ');
  await page.waitForSelector('.progress progress');
  assert.equal(await verdict(page), 'dangerous', 'the last good result stays');
  assert.ok(await page.$('.view-stale'), 'and is greyed');
  await page.click('.progress .button');
  await page.waitForFunction(() => !document.querySelector('.progress'));
  assert.match(await page.$eval('.error', element => element.textContent), /cancelled/);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'truth', 'the focus is not lost with the button');
  await paste(page, closed);
  assert.equal(await verdict(page), 'secure');
  assert.equal(await page.$('.error'), null);
  await page.close();
});
