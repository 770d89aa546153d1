// Every check has an example that it finds and one that it leaves alone, to be tried by a click or by an address.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clickText, fileUrl, groups, open, paste, settled, suite, textOf, texts, verdict } from './harness.mjs';

const { browser } = await suite();

const toChecks = async page => {
  await clickText(page, '.section-link', 'Checks');
  await page.waitForSelector('.entry');
};

/** The checks with a finding, whatever part of the list it stands in. */
const fired = async page => {
  for (let more; (more = await page.$('.more .button:not(:disabled)')); ) {
    const before = (await page.$$('.finding')).length;
    await more.click();
    await page.waitForFunction(before => document.querySelectorAll('.finding').length > before, {}, before);
  }
  return new Set(await page.$$eval('.finding', list => list.map(finding => finding.dataset.audit)));
};

test('every check fires on its dangerous example and not on its secure one', async () => {
  const page = await open(browser);
  // One example is there to take long.
  page.setDefaultTimeout(60_000);
  await toChecks(page);
  const ids = await page.$$eval('[data-check]', list => list.map(item => item.dataset.check));
  assert.ok(ids.length > 40, `${ids.length} checks`);
  for (const id of ids) {
    for (const side of ['dangerous', 'secure']) {
      await toChecks(page);
      const row = `[data-check="${id}"]`;
      await page.click(`${row} .entry-toggle`);
      const button = await page.waitForSelector(`${row} a[href="#try=${id}${side === 'secure' ? ':secure' : ''}"]`);
      const before = Number(await page.$eval('.desk', desk => desk.dataset.wanted));
      await button.click();
      await page.waitForFunction(before => Number(document.querySelector('.desk').dataset.wanted) > before, {}, before);
      await settled(page);
      const found = await fired(page);
      if (side === 'dangerous') assert.ok(found.has(id), `${id} is not found in its dangerous example: ${[...found]}`);
      else {
        assert.ok(!found.has(id), `${id} is found in its secure example`);
        assert.equal(await verdict(page), 'secure', `${id}: ${[...found]}`);
      }
    }
  }
  assert.deepEqual(page.complaints, []);
  await page.close();
});

test('a check shows why, what to do and both examples', async () => {
  const page = await open(browser);
  await toChecks(page);
  await page.type('.search input', 'open-database');
  await page.waitForFunction(() => document.querySelectorAll('.entry').length === 1);
  await page.click('.entry-toggle');
  await page.waitForSelector('.pair pre');
  const [dangerous, secure] = await page.$$eval('.pair pre', list => list.map(pre => pre.textContent));
  assert.match(dangerous, /0\.0\.0\.0\/0/);
  assert.doesNotMatch(secure, /"0\.0\.0\.0\/0"[^}]*}\s*]\s*,\s*"IpPermissionsEgress"/);
  assert.match(await textOf(page, '.entry-body'), /Why.+What to do.+References/s);
  await page.close();
});

for (const [fragment, expected] of [
  ['#try=open-database', 'dangerous'],
  ['#try=open-database:secure', 'secure'],
]) {
  test(`the page opened with ${fragment} tries it`, async () => {
    const page = await open(browser, { url: fileUrl + fragment });
    await page.waitForSelector('.lesson');
    await settled(page);
    assert.equal(await verdict(page), expected);
    assert.match(await textOf(page, '.lesson'), /Database open too widely/);
    assert.match(page.url(), /#try=open-database/);
    await page.close();
  });
}

test('a fragment given to the open page is followed, and one that names no check is answered', async () => {
  const page = await open(browser);
  await toChecks(page);
  await page.evaluate(() => (location.hash = '#try=open-remote-admin'));
  await page.waitForSelector('.lesson');
  await settled(page);
  assert.ok((await texts(page, '.finding')).some(text => /SSH/.test(text)));
  await page.evaluate(() => (location.hash = '#try=<b>no-such-check'));
  await page.waitForSelector('.error');
  assert.match(await textOf(page, '.error'), /no check with the name/);
  assert.deepEqual(page.complaints, []);
  await page.close();
});

test('a check that needs a baseline is tried with it, and the day is told by which it was judged', async () => {
  const page = await open(browser, { url: `${fileUrl}#try=approval-expired` });
  await page.waitForSelector('.doc-name');
  await settled(page);
  assert.deepEqual(await texts(page, '.doc-name'), ['approval-expired-dangerous.json', 'portcullis.toml']);
  assert.ok((await texts(page, '.finding')).some(text => /expired on 2020-06-30/.test(text)));
  const day = new Date().toISOString().slice(0, 10);
  assert.ok((await textOf(page, '.reproduce')).includes(`approvals as of ${day}`));
  assert.deepEqual(page.complaints, []);
  await page.close();
});

test('a baseline that is pasted beside a configuration approves what it names', async () => {
  const page = await open(browser);
  await paste(page, groups(['shop', [443, '0.0.0.0/0'], [8888, '0.0.0.0/0']]));
  assert.equal(await verdict(page), 'dangerous');
  await clickText(page, '.docs-add', 'Add a document');
  await paste(page, '[[approve]]\npolicy = "sg-00000000"\nprotocol = "tcp"\nports = "8888"\nsources = "internet"\njustification = "a workshop"\nowner = "web team"\nreview = 2999-12-31\n');
  await page.waitForFunction(() => document.querySelector('.headline').dataset.verdict === 'secure');
  await page.close();
});
