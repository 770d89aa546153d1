// Several documents as one review: tabs, files, folders, packed files, and places that lead from one to the other.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import zlib from 'node:zlib';
import { clickText, groups, inEditor, open, paste, screenshot, settled, suite, textOf, texts, verdict } from './harness.mjs';

const { browser, folder } = await suite();

const SAMPLES = path.resolve(import.meta.dirname, '../samples/three-tiers');
const write = (name, content) => {
  const to = path.join(folder, name);
  fs.writeFileSync(to, content);
  return to;
};
const openFiles = async (page, ...names) => {
  const wanted = await page.$eval('.desk', desk => desk.dataset.wanted);
  await clickText(page, '.tools .button', 'Open');
  await (await page.waitForSelector('input[data-opens=files]')).uploadFile(...names);
  await page.waitForFunction(before => document.querySelector('.desk').dataset.wanted !== before, {}, wanted);
  await settled(page);
};
const tabs = page => texts(page, '.doc-name');
const shown = page => inEditor(page, root => root.querySelector('.cm-content').cmTile?.view?.state.doc.toString() ?? [...root.querySelectorAll('.cm-line')].map(line => line.textContent).join('\n'));

const open22 = groups(['web', [22, '0.0.0.0/0']]);
const open3306 = groups(['orders-db', [3306, '0.0.0.0/0']]);

test('files opened together are documents of one review', async () => {
  const page = await open(browser);
  const names = fs.readdirSync(SAMPLES).filter(name => name.endsWith('.json')).map(name => path.join(SAMPLES, name));
  assert.ok(names.length >= 4);
  await openFiles(page, ...names);
  assert.deepEqual((await tabs(page)).sort(), names.map(name => path.basename(name)).sort());
  assert.equal(await verdict(page), 'secure');
  for (const tab of await page.$$('.doc-name')) {
    await tab.click();
    await settled(page);
    assert.doesNotMatch(await textOf(page, '.chip'), /not (understood|recognised)/);
  }
  await screenshot(page, 'documents-wide-light');
  assert.deepEqual(page.complaints, []);
  await page.close();
});

test('a place leads into its own document, and marks follow the shown one', async () => {
  const page = await open(browser);
  await openFiles(page, write('web.json', open22), write('db.json', open3306));
  assert.equal((await page.$$('.doc')).length, 2);
  const places = await texts(page, '.finding .place');
  assert.ok(places.some(text => text.startsWith('web.json, line')) && places.some(text => text.startsWith('db.json, line')), places.join(' | '));
  for (const [name, port] of [['db.json', '3306'], ['web.json', '22']]) {
    await clickText(page, '.finding .place', name);
    await page.waitForFunction(wanted => document.querySelector('.doc-active .doc-name').textContent === wanted, {}, name);
    await page.waitForFunction(text => document.querySelector('[data-editor]').shadowRoot.querySelector('.cm-content').textContent.includes(text), {}, `"FromPort": ${port}`);
    await page.waitForFunction(() => document.querySelector('[data-editor]').shadowRoot.querySelectorAll('.pc-gutter .pc-dangerous').length === 1);
  }
  await page.close();
});

test('a second document is pasted beside the first, edited apart, undone apart and closed', async () => {
  const page = await open(browser);
  await paste(page, open22);
  await clickText(page, '.docs-add', 'Add a document');
  await paste(page, open3306);
  assert.deepEqual(await tabs(page), ['pasted text', 'pasted text 2']);
  assert.match(await textOf(page, '.headline h2'), /2 dangerous/);
  await (await page.$$('.doc-name'))[0].click();
  assert.match(await shown(page), /"FromPort": 22/);
  // Undoing in the first document doesn't bring the second one's text into it.
  await inEditor(page, root => root.querySelector('.cm-content').focus());
  await page.keyboard.down('Control');
  await page.keyboard.press('z');
  await page.keyboard.up('Control');
  await settled(page);
  assert.doesNotMatch(await shown(page), /3306/);
  await page.keyboard.down('Control');
  await page.keyboard.press('y');
  await page.keyboard.up('Control');
  await settled(page);
  assert.match(await textOf(page, '.headline h2'), /2 dangerous/);
  await (await page.$('.doc:nth-child(2) .doc-close')).click();
  await settled(page);
  assert.match(await textOf(page, '.headline h2'), /1 dangerous/);
  assert.match(await shown(page), /"FromPort": 22/);
  await page.close();
});

test('a document is renamed, by mouse and by F2', async () => {
  const page = await open(browser);
  await openFiles(page, write('one.json', open22), write('two.json', open3306));
  await page.click('.doc-active .doc-name');
  await page.waitForSelector('.doc-naming');
  await page.keyboard.type('first.json');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.querySelector('.doc-active .doc-name')?.textContent === 'first.json');
  await page.focus('.doc-active .doc-name');
  await page.keyboard.press('F2');
  await page.waitForSelector('.doc-naming');
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => document.activeElement?.className === 'doc-name');
  assert.equal((await tabs(page))[0], 'first.json');
  await page.close();
});

test('a packed file is unpacked, and one that is broken is told', async () => {
  const page = await open(browser);
  await openFiles(page, write('groups.json.gz', zlib.gzipSync(open3306)));
  assert.equal(await verdict(page), 'dangerous');
  assert.match(await textOf(page, '.chip'), /groups\.json/);
  await clickText(page, '.tools .button', 'Open');
  await (await page.waitForSelector('input[data-opens=files]')).uploadFile(write('broken.json.gz', 'no archive'));
  await page.waitForSelector('.error');
  assert.match(await textOf(page, '.error'), /broken\.json\.gz could not be read/i);
  assert.equal(await verdict(page), 'dangerous');
  await page.close();
});

test('a file of the same name takes the place of the one before', async () => {
  const page = await open(browser);
  const name = write('again.json', open22);
  await openFiles(page, name);
  assert.equal(await verdict(page), 'dangerous');
  write('again.json', groups(['web', [22, '10.0.0.0/24']]));
  await openFiles(page, name);
  assert.equal(await verdict(page), 'secure');
  assert.equal((await page.$$('.doc')).length, 0);
  await page.close();
});

test('on a phone the documents stay within the page', async () => {
  const page = await open(browser, { width: 360, height: 740, touch: true });
  await openFiles(page, write('a-very-long-name-of-a-document-in-some-folder.json', open22), write('db.json', open3306), write('third.json', open3306));
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  await screenshot(page, 'documents-phone-light');
  await page.close();
});

test('of many documents the one that is jumped to is in sight, by its own name', async () => {
  const page = await open(browser);
  const files = Array.from({ length: 20 }, (_, n) => {
    const file = path.join(folder, `group-${n}.json`);
    fs.writeFileSync(file, groups([`g${n}`, [22, n === 17 ? '0.0.0.0/0' : '10.0.0.0/8']]));
    return file;
  });
  await clickText(page, '.tools .button', 'Open');
  await (await page.waitForSelector('input[data-opens=files]')).uploadFile(...files);
  await page.waitForFunction(() => document.querySelectorAll('.doc').length === 20);
  await settled(page);
  const hidden = () =>
    page.$eval('.doc-active', tab => {
      const [{ left, right }, row] = [tab.getBoundingClientRect(), tab.parentElement.getBoundingClientRect()];
      return left < row.left - 1 || right > row.right + 1;
    });
  assert.equal(await hidden(), false);
  await page.click('.finding .place');
  await page.waitForFunction(() => document.querySelector('.doc-active').textContent.includes('group-17.json'));
  await page.waitForFunction(() => document.querySelector('.docs-list').scrollLeft > 0);
  assert.equal(await hidden(), false);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  await page.close();
});
