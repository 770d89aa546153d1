// The last work is kept only while that is asked for, and gone at once when it no longer is.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import zlib from 'node:zlib';
import { chooseExample, clickText, fileUrl, groups, inEditor, inOwnProfile, open, paste, screenshot, settled, suite, textOf, texts } from './harness.mjs';

const { browser, server } = await suite({ servers: { server: [] } });

const web = groups(['web', [22, '0.0.0.0/0']]);
const db = groups(['orders-db', [3306, '0.0.0.0/0']]);
const shown = page => inEditor(page, root => [...root.querySelectorAll('.cm-line')].map(line => line.textContent).join('\n'));
const stored = page => page.evaluate(() => Object.values(localStorage).join());
const keeping = (page, state) => page.waitForSelector(`.keep[data-keeping=${state}]`);
const storedHas = (page, part) => page.waitForFunction(part => Object.values(localStorage).join().includes(part), {}, part);
const own = work => inOwnProfile(browser, work);

for (const [from, url] of [
  ['a server', () => server.url],
  ['a disk', () => fileUrl],
]) {
  test(`kept only when switched on, given back, and deleted when switched off, from ${from}`, () =>
    own(async context => {
      const first = await open(context, { url: url() });
      await paste(first, web);
      await clickText(first, '.docs-add', 'Add a document');
      await paste(first, db);
      assert.equal(await stored(first), '');
      await first.click('.keep input');
      await keeping(first, 'on');
      assert.match(await stored(first), /orders-db/);
      await first.close();

      const second = await open(context, { url: url() });
      await second.waitForSelector('.doc-name');
      await settled(second);
      assert.deepEqual(await texts(second, '.doc-name'), ['pasted text', 'pasted text 2']);
      assert.match(await textOf(second, '.lesson'), /Your last work/);
      assert.match(await textOf(second, '.headline h2'), /2 dangerous/);
      await paste(second, groups(['changed', [22, '0.0.0.0/0']]));
      await storedHas(second, 'changed');
      await second.click('.keep input');
      await keeping(second, 'off');
      assert.equal(await second.evaluate(() => localStorage.length), 0);
      await paste(second, db);
      await second.close();

      const third = await open(context, { url: url() });
      assert.equal(await textOf(third, '.chip'), 'Nothing pasted yet');
      assert.equal(await third.$eval('.keep input', box => box.checked), false);
      assert.equal(await stored(third), '');
    }));
}

test('#clean starts empty, stores nothing and leaves alone what is kept', () =>
  own(async context => {
    const page = await open(context, { url: server.url });
    await paste(page, web);
    await page.click('.keep input');
    await storedHas(page, 'web');
    const before = await stored(page);
    await page.close();
    const clean = await open(context, { url: `${server.url}#clean` });
    await keeping(clean, 'clean');
    assert.equal(await textOf(clean, '.chip'), 'Nothing pasted yet');
    assert.equal(await clean.$eval('.keep input', box => box.disabled), true);
    await paste(clean, db);
    await clean.close({ runBeforeUnload: true });
    const after = await open(context, { url: server.url });
    assert.equal(await stored(after), before);
    assert.match(await shown(after), /"web"/);
  }));

test('a large document is not kept, and that is said', () =>
  own(async context => {
    const page = await open(context, { url: server.url });
    await paste(page, web);
    await page.click('.keep input');
    await storedHas(page, 'web');
    await paste(page, groups(['large', [22, '0.0.0.0/0', 'x'.repeat(1_000_001)]]));
    await keeping(page, 'too-large');
    assert.equal(await stored(page), '[]', 'nor is what was there before it');
    assert.match(await textOf(page, '.keep'), /not kept: it is more than 1.0 MB/);
    await paste(page, db);
    await keeping(page, 'on');
    await storedHas(page, 'orders-db');
  }));

test('what was assumed is kept with the text, and taken back with it', () =>
  own(async context => {
    const first = await open(context, { url: server.url });
    await first.click('.keep input');
    await keeping(first, 'on');
    await chooseExample(first, 'prefix-list');
    await first.type('.assume input', '10.0.0.0/24');
    await first.keyboard.press('Enter');
    await first.waitForFunction(() => document.querySelector('.headline').dataset.verdict === 'secure');
    await storedHas(first, '10.0.0.0/24');
    await first.close();

    const second = await open(context, { url: server.url });
    await second.waitForSelector('.assume');
    await settled(second);
    assert.match(await textOf(second, '.assume'), /is assumed to be 10\.0\.0\.0\/24/);
    assert.equal(await textOf(second, '.headline h2').then(text => /secure/i.test(text)), true);
    await second.click('.assume button');
    await second.waitForFunction(() => !Object.values(localStorage).join().includes('10.0.0.0/24'));
  }));

test('switched off in one tab, another one stores nothing any more', () =>
  own(async context => {
    const one = await open(context, { url: server.url });
    await paste(one, web);
    await one.click('.keep input');
    await keeping(one, 'on');
    const two = await open(context, { url: server.url });
    await keeping(two, 'on');
    await one.bringToFront();
    await one.click('.keep input');
    await keeping(one, 'off');
    await two.bringToFront();
    await paste(two, db);
    await keeping(two, 'off');
    assert.equal(await stored(two), '');
  }));

test('what a link brings does not replace what is kept until it is changed', () =>
  own(async context => {
    const page = await open(context, { url: server.url });
    await paste(page, web);
    await page.click('.keep input');
    await storedHas(page, 'web');
    await page.close();
    const fragment = `#p=1.${zlib.deflateRawSync(JSON.stringify([{ name: 'x', text: db }])).toString('base64url')}`;
    const shared = await open(context, { url: server.url + fragment });
    await shared.waitForSelector('.lesson');
    await settled(shared);
    await shared.goto('about:blank');
    await shared.goto(`${server.url}#p=1.damaged`);
    await shared.waitForSelector('.error');
    await shared.goto('about:blank');
    await shared.goto(server.url);
    await shared.waitForSelector('.lesson');
    assert.match(await shown(shared), /"web"/);
  }));

test('a browser that lets the page store nothing is no obstacle, and is told', () =>
  own(async context => {
    const page = await context.newPage();
    await page.evaluateOnNewDocument(() =>
      Object.defineProperty(globalThis, 'localStorage', {
        get() {
          throw new DOMException('denied', 'SecurityError');
        },
      }),
    );
    const complaints = [];
    page.on('pageerror', error => complaints.push(String(error)));
    await page.goto(fileUrl);
    await page.waitForSelector('.desk[data-phase=ready]');
    await paste(page, web);
    await page.click('.keep input');
    await keeping(page, 'refused');
    assert.equal(await page.$eval('.keep input', box => box.checked), false);
    assert.deepEqual(complaints, []);
  }));

test('what is kept and was tampered with is ignored', () =>
  own(async context => {
    const page = await open(context, { url: server.url });
    for (const kept of ['{', '5', '[5]', '[{"open":"x","value":"y"}]', '[{"name":"x","text":"y"},{"open":"x","value":1}]', '[{"name":1,"text":"x"}]', 'null']) {
      await page.evaluate(kept => localStorage.setItem('portcullis-last-work', kept), kept);
      await page.reload();
      await page.waitForSelector('.desk[data-phase=ready]');
      assert.equal(await textOf(page, '.chip'), 'Nothing pasted yet', kept);
    }
    assert.deepEqual(page.complaints, []);
    await screenshot(page, 'keep-wide-light');
  }));
