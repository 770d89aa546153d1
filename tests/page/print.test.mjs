// On paper: a report of its own, everything open, nothing to press, black on white.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { clickText, groups, open, paste, settled, suite, textOf } from './harness.mjs';

const { browser } = await suite();

const many = groups(...Array.from({ length: 70 }, (_, n) => [`group-${n}`, [8000 + n, '0.0.0.0/0', `rule of ${n}`]]));

/** As the browser is about to print, with what is on paper shown on the screen. */
async function onPaper(page) {
  await page.emulateMediaType('print');
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  return page.$eval('.paper', paper => paper.innerText);
}

test('everything is on paper in full, and nothing that can only be pressed', async () => {
  const page = await open(browser, { dark: true });
  await page.click('[aria-label="Dark theme"]');
  await page.click('[aria-label="Dark theme"]');
  await paste(page, groups(['bastion', [22, '0.0.0.0/0', 'admins']], ['web', [443, '0.0.0.0/0']], ['odd', [8888, '0.0.0.0/0']]));
  await page.click('#tab-ports');
  const text = await onPaper(page);
  assert.match(text, /^2 dangerous/);
  for (const part of ['Dangerous', 'bastion', 'Proof', 'Why', 'What to do', 'Open ports', 'tcp/8888', 'line ', 'AWS security groups', 'This verdict can be reproduced']) assert.ok(text.includes(part), part);
  assert.equal(await page.$$eval('.paper :is(button, input, a)', all => all.length), 0);
  assert.ok(await page.$$eval('.paper-finding', all => all.length > 0 && all.every(finding => finding.querySelector('.mark path') && finding.querySelector('.facts'))));
  assert.equal(await page.$eval('#app', app => getComputedStyle(app).display), 'none');
  assert.deepEqual(await page.evaluate(() => [getComputedStyle(document.documentElement).backgroundColor, getComputedStyle(document.querySelector('.paper')).color]), ['rgb(255, 255, 255)', 'rgb(0, 0, 0)']);
  await page.evaluate(() => dispatchEvent(new Event('afterprint')));
  assert.equal(await page.$('.paper'), null);
  await page.close();
});

test('the menu prints more than the page has shown, whatever is filtered', async () => {
  const page = await open(browser);
  await paste(page, many);
  await page.evaluate(() => document.querySelector('[data-filter=secure]').click());
  await settled(page);
  // Printing stops the page until it is done: what is on paper is read in its midst.
  await page.evaluate(() => {
    window.print = () => {
      dispatchEvent(new Event('beforeprint'));
      window.printed = { findings: document.querySelectorAll('.paper-finding').length, rows: document.querySelectorAll('.paper tbody tr').length, text: document.querySelector('.paper').textContent };
      dispatchEvent(new Event('afterprint'));
    };
  });
  await clickText(page, '.tools .button', 'Take away');
  await page.waitForSelector('.take-ways');
  await clickText(page, '.take-ways .button', 'Print');
  await page.waitForFunction(() => window.printed);
  const { findings, rows, text } = await page.evaluate(() => window.printed);
  assert.ok(findings >= 70, String(findings));
  assert.ok(rows >= 140, String(rows));
  assert.doesNotMatch(text, /not printed here|of one verdict/);
  await page.close();
});

test("the browser's own command prints what is shown and counts the rest", async () => {
  const page = await open(browser);
  await paste(page, many);
  assert.match(await onPaper(page), /more are not printed here/);
  await page.close();
});

test('what many findings have in common is printed once', async () => {
  const page = await open(browser);
  await paste(page, many);
  await onPaper(page);
  const cards = await page.$$eval('.paper-finding', all => all.map(card => ({ audit: card.querySelector('.quiet code').textContent, whole: card.querySelector('.facts') !== null, text: card.textContent })));
  const told = new Set();
  for (const { audit, whole, text } of cards) {
    if (!whole) assert.ok(told.has(audit), `${audit} was told before`);
    if (!whole) assert.match(text, /Why, and what to do: as told above/);
    told.add(audit);
  }
  assert.ok(cards.filter(({ whole }) => whole).length < cards.length / 2);
  await page.close();
});

test('every page says by what the verdict is reproduced, headings stay with what follows, and heads of tables are repeated', async () => {
  const page = await open(browser, { dark: true });
  await paste(page, many);
  await page.waitForFunction(() => /[0-9a-f]{16}/.test(document.querySelector('.reproduce code').textContent));
  const digest = await textOf(page, '.reproduce code');
  await onPaper(page);
  const rules = await page.evaluate(() => [...document.adoptedStyleSheets].flatMap(sheet => [...sheet.cssRules].map(rule => rule.cssText)).join());
  assert.match(rules, /@page/);
  assert.ok(rules.includes(digest), rules);
  assert.deepEqual(await page.$$eval('.paper :is(h2, h3)', all => [...new Set(all.map(heading => getComputedStyle(heading).breakAfter))]), ['avoid']);
  assert.deepEqual(await page.$$eval('.paper thead', all => [...new Set(all.map(head => getComputedStyle(head).display))]), ['table-header-group']);
  assert.deepEqual(await page.$$eval('.paper tr', all => [...new Set(all.map(row => getComputedStyle(row).breakInside))]), ['avoid']);
  const dark = await page.$$eval('.paper, .paper *', all => all.map(each => getComputedStyle(each).backgroundColor).filter(colour => !/^rgba\(0, 0, 0, 0\)$|^rgb\(255, 255, 255\)$/.test(colour)));
  assert.deepEqual(dark, [], 'white paper');
  // Nothing of the page's own height or scrolling cuts the report: all of its pages are there.
  const pdf = Buffer.from(await page.pdf({ format: 'A4', preferCSSPageSize: true })).toString('latin1');
  assert.ok((pdf.match(/\/Type \/Page\b/g) ?? []).length > 5);
  await page.close();
});

test('a finding is not torn apart by the end of a page', async () => {
  const page = await open(browser);
  await paste(page, many);
  await onPaper(page);
  assert.ok(await page.$$eval('.paper-finding', all => all.every(finding => getComputedStyle(finding).breakInside === 'avoid')));
  const pdf = await page.pdf({ format: 'A4', preferCSSPageSize: true });
  assert.ok(pdf.length > 10_000);
  const shots = path.resolve(import.meta.dirname, '../../shots');
  fs.mkdirSync(shots, { recursive: true });
  fs.writeFileSync(path.join(shots, 'print.pdf'), pdf);
  await page.close();
});
