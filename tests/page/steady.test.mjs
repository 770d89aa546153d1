// Nothing moves but what is about the change: while the text is edited, and when the first verdict comes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clickText, groups, inEditor, open, paste, screenshot, settled, suite, textOf } from './harness.mjs';

const { browser } = await suite();

const estate = groups(['web', [443, '0.0.0.0/0'], [22, '203.0.113.0/24']], ['db', [5432, '10.0.0.0/8']]);

/** What moved since the last call, outside of the list that shows the result. */
const moved = page =>
  page.evaluate(async () => {
    const seen = new Set();
    const note = entries => entries.flatMap(entry => entry.sources).forEach(({ node }) => {
      const element = node?.nodeType === 3 ? node.parentElement : node;
      // What stands in the editor moves with what is typed.
      if (element && document.contains(element) && !element.closest('.view, .reproduce, .foot, .headline-words, .chip, .line-bar')) seen.add(element.className || element.tagName);
    });
    if (!window.watching) {
      window.shifts = [];
      window.watching = new PerformanceObserver(list => window.shifts.push(...list.getEntries()));
      window.watching.observe({ type: 'layout-shift' });
    }
    await new Promise(requestAnimationFrame);
    note([...window.shifts.splice(0), ...window.watching.takeRecords()]);
    return [...seen];
  });

for (const [name, width, height] of [
  ['wide', 1440, 900],
  ['laptop', 1024, 768],
  ['phone', 360, 740],
]) {
  test(`an edit that changes the verdict moves nothing but the list, ${name}`, async () => {
    const page = await open(browser, { width, height });
    await paste(page, estate);
    await page.click('#tab-ports');
    await page.evaluate(() => scrollTo(0, 0));
    await inEditor(page, root => root.querySelector('.cm-content').focus());
    // To the end of 10.0.0.0/8, by the editor's own search.
    await page.keyboard.down('Control');
    await page.keyboard.press('f');
    await page.keyboard.up('Control');
    await page.keyboard.type('10.0.0.0/8');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    await page.keyboard.press('ArrowRight');
    await settled(page);
    await moved(page);
    const before = await textOf(page, '.headline h2');
    // Where there is less room the headline of a broken text takes one more line.
    const breaks = name === 'wide' ? ['"', 'Backspace'] : [];
    for (const key of ['Backspace', '0', 'Backspace', '8', ...breaks]) {
      await page.keyboard.press(key);
      await settled(page);
    }
    assert.deepEqual(await moved(page), []);
    assert.equal(await textOf(page, '.headline h2'), before);
    await page.close();
  });
}

test('the first verdict takes its place without pushing the text', async () => {
  const page = await open(browser, { width: 1440, height: 900 });
  const top = () => page.$eval('.text', text => text.getBoundingClientRect().top);
  const before = await top();
  await paste(page, estate);
  assert.equal(await top(), before);
  await page.close();
});

test('on a phone two rows stand above the text, and every section and every tool is in them', async () => {
  const page = await open(browser, { width: 360, height: 740, touch: true });
  const rows = await page.$$eval('.section-link, .tools .button', all => [...new Set(all.map(each => Math.round(each.getBoundingClientRect().top)))]);
  assert.equal(rows.length, 2);
  assert.ok((await page.$eval('.top', top => top.offsetHeight)) <= 104);
  await screenshot(page, 'header-phone-light');
  // What is longer than the row is moved within it.
  for (const link of await page.$$('.section-link')) {
    await link.click();
    await page.waitForFunction(link => link.getAttribute('aria-current') && link.getBoundingClientRect().right <= innerWidth && link.getBoundingClientRect().left >= 0, {}, link);
  }
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
  for (const label of ['Examples', 'Open', 'Take away']) {
    await clickText(page, '.tools .menu > .button', label);
    const { left, right } = await (await page.waitForSelector('.menu-panel')).evaluate(panel => panel.getBoundingClientRect().toJSON());
    assert.ok(left >= 0 && right <= 360, label);
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => !document.querySelector('.menu-panel'));
  }
  await page.close();
});

test('on a phone the first verdict is seen without scrolling, and what holds about the text is read before it is pasted', async () => {
  const page = await open(browser, { width: 360, height: 740, touch: true });
  const top = selector => page.$eval(selector, element => element.getBoundingClientRect().top);
  assert.ok((await top('.assurance')) < (await top('.truth')));
  await paste(page, estate);
  await page.evaluate(() => scrollTo(0, 0));
  assert.ok((await page.$eval('.headline h2', headline => headline.getBoundingClientRect().bottom)) <= 740);
  assert.ok((await top('.assurance')) > (await top('.truth')));
  await page.close();
});

test('what was pasted is read from its beginning', async () => {
  const page = await open(browser, { width: 1280, height: 800 });
  await paste(page, groups(...Array.from({ length: 40 }, (_, n) => [`group-${n}`, [8000 + n, '10.0.0.0/8']])));
  assert.ok(await inEditor(page, root => [...root.querySelectorAll('.cm-line')].some(line => /SecurityGroups/.test(line.textContent))));
  assert.equal(await inEditor(page, root => root.querySelector('.cm-scroller').scrollTop), 0);
  await page.close();
});

test('at 400 % zoom more than half of the page is left to the result', async () => {
  const page = await open(browser, { width: 320, height: 200 });
  await paste(page, estate);
  await page.evaluate(() => document.querySelector('.findings').scrollIntoView());
  const covered = await page.$eval('.headline', headline => Math.max(0, headline.getBoundingClientRect().bottom));
  assert.ok(covered < 100, `${covered} of 200 pixels are covered`);
  await page.close();
});
