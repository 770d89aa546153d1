// What the text leaves open can be assumed, and the verdict follows.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseExample, open, paste, settled, suite, textOf, texts, verdict } from './harness.mjs';

const { browser } = await suite();

test('an assumption settles what is open, and can be taken back', async () => {
  const page = await open(browser);
  await chooseExample(page, 'prefix-list');
  assert.equal(await verdict(page), 'unknown');
  assert.match(await textOf(page, '.assume'), /pl-.*would be settled by/);
  await page.click('#tab-ports');
  assert.match((await texts(page, '.cell-who'))[0], /in from .*sources that are not in the text/, 'never nobody');
  await page.type('.assume input', '10.0.0.0/24');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.querySelector('.headline').dataset.verdict === 'secure');
  assert.match(await textOf(page, '.assume'), /is assumed to be 10\.0\.0\.0\/24/);
  await page.click('.assume button');
  await page.waitForFunction(() => document.querySelector('.headline').dataset.verdict === 'unknown');
  await page.type('.assume input', '0.0.0.0/1, 128.0.0.0/1');
  await page.click('.assume button[type=submit]');
  await page.waitForFunction(() => document.querySelector('.headline').dataset.verdict === 'dangerous');
  // another document starts without it
  await chooseExample(page, 'ssh-from-bastion');
  await settled(page);
  assert.deepEqual(await texts(page, '.assume'), []);
  assert.deepEqual(page.complaints, []);
  await page.close();
});

test('what no value can settle is said, without a box for one', async () => {
  const page = await open(browser);
  await paste(page, '*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp --dport 22 -j ACCEPT\nCOMMIT\n');
  await page.waitForSelector('.assume');
  assert.match(await textOf(page, '.assume'), /Missing: the IPv6 rules/);
  assert.equal(await page.$('.assume input'), null);
  await page.close();
});
