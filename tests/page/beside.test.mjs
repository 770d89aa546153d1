// What stands beside and above the review is usable by everyone, as the review itself is.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { violations } from './axe.mjs';
import { clickText, groups, open, paste, screenshot, suite } from './harness.mjs';

const { browser } = await suite();

const estate = groups(['bastion', [22, '0.0.0.0/0'], [3306, '0.0.0.0/0']], ['odd', [8888, '0.0.0.0/0'], [7777, '0.0.0.0/0'], [22, '10.0.0.0/8']]);

/** Goes through everything, and stops at each place. */
async function tour(page, stop) {
  const go = name => clickText(page, '.section-link', name);
  const close = () => page.$eval('dialog', dialog => dialog.close());
  await paste(page, estate);
  await page.select('.arrange [aria-label=Group]', 'policy');
  await page.waitForSelector('.group-title');
  await page.$eval('.tabs', tabs => tabs.scrollIntoView());
  await stop('grouped');
  await page.click('.why');
  await page.waitForSelector('.decision td[aria-current]');
  await stop('why');
  await close();
  await clickText(page, '.foot .link', 'Legend');
  await page.waitForSelector('.meanings .severity');
  await stop('legend');
  await close();
  await go('Ports');
  await page.waitForSelector('.entry');
  await page.$eval('.categories', details => (details.open = true));
  await stop('catalog');
  await page.type('.search input', '3306');
  await page.waitForSelector('.open-here');
  await stop('catalog-port');
  await page.$eval('.search input', input => input.select());
  await page.type('.search input', '8889');
  await page.waitForFunction(() => /8889/.test(document.getElementById('found-title').textContent) && !document.querySelector('.entry'));
  await stop('catalog-unlisted');
  await go('Checks');
  await page.waitForSelector('.entry');
  await clickText(page, '.entry-toggle', 'Database');
  await page.waitForSelector('.pair pre');
  await clickText(page, '.entry-body .link', 'Show');
  await page.$eval('.entry-toggle[aria-expanded=true]', row => row.scrollIntoView());
  await stop('checks');
}

const SCREENS = { wide: { width: 1440, height: 900 }, phone: { width: 390, height: 844, touch: true } };
for (const [screen, size] of Object.entries(SCREENS)) {
  for (const dark of [false, true]) {
    const theme = dark ? 'dark' : 'light';
    test(`axe finds nothing beside the review: ${screen}, ${theme}`, async () => {
      const page = await open(browser, { ...size, dark });
      await tour(page, async place => {
        await screenshot(page, `${screen}-${theme}-${place}`);
        assert.deepEqual(await violations(page), [], place);
      });
      assert.deepEqual(page.complaints, []);
      await page.close();
    });
  }
}

for (const [what, width] of [
  ['on the smallest phone', 360],
  ['at 400 % of 1280 pixels', 320],
]) {
  test(`nothing has to be scrolled sideways ${what}`, async () => {
    const page = await open(browser, { width, height: 740, touch: true });
    await tour(page, async place => {
      const wide = await page.evaluate(() => {
        const over = element => element.scrollWidth - element.clientWidth;
        const boxes = ['.sheet', 'dialog[open]', '.decision'].map(selector => document.querySelector(selector)).filter(Boolean);
        return [over(document.documentElement), ...boxes.map(over)];
      });
      assert.ok(wide.every(pixels => pixels <= 0), `${place}: ${wide}`);
      // A cell as narrow as its word is still a cell with its word in it.
      const cut = await page.$$eval('.decision td .verdict', list => list.filter(label => label.scrollWidth > label.parentElement.clientWidth + 1).length);
      assert.equal(cut, 0, `${place}: words reach out of their cells`);
    });
    await page.close();
  });
}

test('everything that can be pressed beside the review is large enough for a finger', async () => {
  const page = await open(browser, SCREENS.phone);
  await tour(page, async place => {
    const small = await page.$$eval('button, select, input, summary, a.button, [role=slider]', list =>
      list
        .filter(element => element.checkVisibility() && element.type !== 'file')
        .map(element => ({ text: element.textContent.trim() || element.getAttribute('aria-label'), height: (element.closest('label') ?? element).getBoundingClientRect().height }))
        .filter(({ height }) => height < 44),
    );
    assert.deepEqual(small, [], place);
  });
  await page.close();
});
