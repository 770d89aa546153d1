// Before and after: two editors, and what opens and closes between them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { clickText, groups, launch, open, paste, requireFromPage, screenshot, textOf, texts } from './harness.mjs';

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

const section = (page, title) => clickText(page, '.section-link', title);
const compared = page =>
  page.waitForFunction(() => {
    const { wanted, shown } = document.querySelector('.compare').dataset;
    return wanted !== '0' && wanted === shown;
  });
const pasteInto = async (page, side, text) => {
  await page.evaluate(
    (side, pasted) => {
      const content = document.querySelector(`[data-side-editor=${side}]`).shadowRoot.querySelector('.cm-content');
      content.focus();
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', pasted);
      content.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    },
    side,
    text,
  );
  await compared(page);
};

const narrow = groups(['db', [3306, '10.0.0.0/24']]);
const wide = groups(['db', [3306, '10.0.0.0/24'], [3306, '0.0.0.0/0']]);
const respelled = groups(['db', [3306, '10.0.0.0/25'], [3306, '10.0.0.128/25']]);

test('what opens is told with its verdict, its sources and its line', async () => {
  const page = await open(browser);
  await section(page, 'Compare');
  await pasteInto(page, 'before', narrow);
  await pasteInto(page, 'after', wide);
  assert.match(await textOf(page, '.compare .headline h2'), /opens/i);
  const [change] = await texts(page, '.change');
  assert.match(change, /Dangerous/);
  assert.match(change, /3306/);
  await clickText(page, '.change .place', 'After');
  const line = await page.evaluate(() => document.querySelector('[data-side-editor=after]').shadowRoot.querySelector('.cm-activeLine').textContent);
  assert.match(line, /IpProtocol|0\.0\.0\.0|\{/);
  assert.ok(await page.evaluate(() => document.querySelector('[data-side-editor=after]').shadowRoot.querySelector('.pc-gutter .pc-dangerous') !== null));
  await screenshot(page, 'compare-wide-light');
  // The other way round it closes.
  await clickText(page, '.compare-tools .button', 'Swap');
  await compared(page);
  assert.match((await texts(page, '.change-policy h4')).join(), /Closes/);
  assert.deepEqual(page.complaints, []);
  await page.close();
});

test('a rule in other words is no change', async () => {
  const page = await open(browser);
  await section(page, 'Compare');
  await pasteInto(page, 'before', narrow);
  await pasteInto(page, 'after', respelled);
  assert.equal(await page.$eval('.compare .headline', element => element.dataset.equal), 'true');
  assert.equal((await page.$$('.change')).length, 0);
  await page.close();
});

test('what cannot be read is told, and nothing is called equal for it', async () => {
  const page = await open(browser);
  await section(page, 'Compare');
  await pasteInto(page, 'before', narrow);
  await pasteInto(page, 'after', narrow.slice(0, narrow.length / 2));
  assert.equal(await page.$eval('.compare .headline', element => element.dataset.verdict), 'unknown');
  assert.ok((await texts(page, '.compare .problems li')).length > 0);
  await page.close();
});

test('the review is taken over, and stays as it was', async () => {
  const page = await open(browser);
  await paste(page, wide);
  const headline = await textOf(page, '.desk .headline h2');
  await section(page, 'Compare');
  await clickText(page, '[data-side=before] .button', 'From the review');
  await pasteInto(page, 'after', narrow);
  assert.match((await texts(page, '.change-policy h4')).join(), /Closes/);
  await section(page, 'Review');
  assert.equal(await textOf(page, '.desk .headline h2'), headline);
  await page.close();
});

for (const dark of [false, true]) {
  test(`it is accessible and fits a phone, ${dark ? 'dark' : 'light'}`, async () => {
    const page = await open(browser, { dark, width: 360, height: 740, touch: true });
    await section(page, 'Compare');
    await clickText(page, '.compare .button', 'Try it with an example');
    await page.waitForSelector('.change');
    await page.evaluate(requireFromPage('axe-core').source);
    const { violations } = await page.evaluate(() => window.axe.run());
    assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map(node => node.target.join(' ')).join(', ')}`), []);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    await screenshot(page, `compare-phone-${dark ? 'dark' : 'light'}`);
    await page.close();
  });
}
