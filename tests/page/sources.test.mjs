// The other ways in: the plain text box, an opened file, a dropped one, a very large one.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { clickText, groups, inEditor, open, paste, settled, suite, textOf, texts, verdict } from './harness.mjs';

const { browser, folder } = await suite();

const exposed = groups(['orders-db', [3306, '0.0.0.0/0']]);

const file = (name, content) => {
  const to = path.join(folder, name);
  fs.writeFileSync(to, content);
  return to;
};
const openFile = async (page, name) => {
  await clickText(page, '.tools .button', 'Open');
  await (await page.waitForSelector('input[data-opens=files]')).uploadFile(name);
  await page.waitForFunction(() => document.querySelector('.desk').dataset.wanted !== '0');
  await settled(page);
};

test('the plain text box holds the same text and gives the same result', async () => {
  const page = await open(browser);
  await paste(page, exposed);
  await clickText(page, '.button', 'Plain text box');
  await page.waitForSelector('#plain-text');
  assert.equal(await page.$eval('#plain-text', box => box.value), exposed);
  assert.equal(await page.$eval('#plain-text', box => box.labels[0].textContent), 'Configuration to review');
  await page.evaluate(() => {
    const box = document.getElementById('plain-text');
    box.value = box.value.replace('0.0.0.0/0', '10.0.10.0/24');
    box.dispatchEvent(new InputEvent('input', { bubbles: true }));
  });
  await settled(page);
  assert.equal(await verdict(page), 'secure');
  await clickText(page, '.button', 'Plain text box');
  await page.waitForSelector('[data-editor]');
  assert.match(await inEditor(page, root => root.querySelector('.cm-content').textContent), /10\.0\.10\.0\/24/);
  await page.close();
});

test('a place leads into the plain text box as well', async () => {
  const page = await open(browser);
  await clickText(page, '.button', 'Plain text box');
  await page.focus('#plain-text');
  await page.keyboard.sendCharacter(exposed);
  await page.waitForSelector('.finding .place');
  await page.click('.finding .place');
  const chosen = await page.$eval('#plain-text', box => box.value.slice(box.selectionStart, box.selectionEnd));
  assert.match(chosen, /0\.0\.0\.0\/0|3306/);
  await page.close();
});

test('a file that is opened is reviewed', async () => {
  const page = await open(browser);
  await openFile(page, file('orders.json', exposed));
  assert.equal(await verdict(page), 'dangerous');
  assert.match(await textOf(page, '.chip'), /orders\.json/);
  await page.close();
});

test("a file written by PowerShell's redirection is read", async () => {
  const page = await open(browser);
  await openFile(page, file('utf16.json', Buffer.from(`\uFEFF${exposed}`, 'utf16le')));
  assert.equal(await verdict(page), 'dangerous');
  assert.match(await textOf(page, '.chip'), /AWS security groups/);
  await page.close();
});

test('a file dropped on the editor replaces the text', async () => {
  const page = await open(browser);
  await paste(page, groups(['orders-db', [3306, '10.0.10.0/24']]));
  await inEditor(
    page,
    (root, text) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([text], 'dropped.json'));
      const target = root.querySelector('.cm-content');
      for (const type of ['dragover', 'drop']) target.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true, composed: true }));
    },
    exposed,
  );
  await page.waitForFunction(() => document.querySelector('.headline').dataset.verdict === 'dangerous');
  assert.match(await textOf(page, '.chip'), /1 group/);
  await page.close();
});

test('a file too large for the editor is judged as a whole and shown around the chosen place', async () => {
  const page = await open(browser);
  const many = Array.from({ length: 12_000 }, (_, n) => [`group-${n}`, [443, `10.${n >> 8}.${n & 255}.0/24`]]);
  many[9_000] = ['exposed-cache', [6379, '0.0.0.0/0']];
  const text = groups(...many);
  assert.ok(text.length > 4e6);
  await openFile(page, file('organisation.json', text));
  assert.equal(await verdict(page), 'dangerous');
  assert.match(await textOf(page, '.chip'), /12,000 groups/);
  assert.equal(await page.$('[data-editor]'), null);
  await page.click('.finding .place');
  await page.waitForSelector('.excerpt-hit');
  const number = Number(await textOf(page, '.excerpt-hit .excerpt-number'));
  assert.equal(await textOf(page, '.excerpt-hit code'), text.split('\n')[number - 1].trim());
  assert.match((await texts(page, '.excerpt code')).join('\n'), /0\.0\.0\.0\/0/);
  await page.click('#tab-policies');
  await page.waitForSelector('.policy');
  const before = (await page.$$('.policy')).length;
  await clickText(page, '.more .button', 'Show more');
  await page.waitForFunction(had => document.querySelectorAll('.policy').length > had, {}, before);
  await page.close();
});

test('a large document on a single line is shown around the place, not from its beginning', async () => {
  const page = await open(browser);
  const many = Array.from({ length: 12_000 }, (_, n) => [`gruppe-ü-${n}`, [443, `10.${n >> 8}.${n & 255}.0/24`]]);
  many[9_000] = ['exposed-cache', [6379, '0.0.0.0/0']];
  await openFile(page, file('minified.json', JSON.stringify(JSON.parse(groups(...many)))));
  assert.equal(await verdict(page), 'dangerous');
  await page.click('.finding .place');
  await page.waitForSelector('.excerpt-hit');
  const shown = await textOf(page, '.excerpt-hit code');
  assert.match(shown, /0\.0\.0\.0\/0/);
  assert.ok(shown.length < 1000);
  await page.close();
});

test('a file that holds no text is told to be none, and an empty one to be empty', async () => {
  const page = await open(browser);
  await openFile(page, file('photo.png', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 1, 2, 3, 0xff])));
  assert.match(await textOf(page, '.large'), /photo\.png.*holds no text/s);
  assert.match(await textOf(page, '.problems'), /binary file, not text/);
  assert.equal(await page.$('[data-editor]'), null);
  await clickText(page, '.tools .button', 'Clear');
  await clickText(page, '.tools .button', 'Open');
  await (await page.waitForSelector('input[data-opens=files]')).uploadFile(file('nothing.json', '\n'));
  await page.waitForSelector('.error');
  assert.match(await textOf(page, '.error'), /nothing\.json is empty/i);
  assert.equal(await textOf(page, '.chip'), 'Nothing pasted yet');
  assert.deepEqual(page.complaints, []);
  await page.close();
});
