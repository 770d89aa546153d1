// One review from the paste to the paper with the keyboard alone: no pointer, and no focus that is set from outside.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groups, open, settled, suite, textOf, texts, verdict } from './harness.mjs';

const { browser, server } = await suite({ servers: { server: [] } });

const estate = groups(['web', [443, '0.0.0.0/0'], [22, '203.0.113.0/24']], ['db', [5432, '0.0.0.0/0']], ['jobs', [8888, '0.0.0.0/0']]);

/** What has the focus, down into the editor; how it is called; and whether it can be seen. */
const focused = page =>
  page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    if (!element || element === document.body) return { name: 'nothing', shown: true, classes: '' };
    const host = element.getRootNode().host;
    // A long text is longer than the editor that shows a part of it.
    const { left, top, right, bottom } = (host ?? element).getBoundingClientRect();
    const inside = { x: (Math.max(0, left) + Math.min(innerWidth, right)) / 2, y: (Math.max(0, top) + Math.min(innerHeight, bottom)) / 2 };
    const hit = element.getRootNode().elementFromPoint(inside.x, inside.y);
    const ringed = [element, element.parentElement, host, element.querySelector('.bar-press, .node-box')].filter(Boolean).some(each => {
      const { outlineStyle, outlineWidth, boxShadow, stroke } = getComputedStyle(each);
      return (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0) || boxShadow !== 'none' || (each instanceof SVGElement && stroke !== 'none');
    });
    const name = element.getAttribute('aria-label') ?? (element.textContent.trim() || element.id || element.tagName);
    return { name, shown: ringed && right > 0 && bottom > 0 && left < innerWidth && top < innerHeight && (element.contains(hit) || hit?.contains(element)), classes: element.className?.baseVal ?? element.className, id: element.id };
  });

async function press(page, key, ...held) {
  for (const each of held) await page.keyboard.down(each);
  await page.keyboard.press(key);
  for (const each of held.reverse()) await page.keyboard.up(each);
}

/** Goes on with Tab until something is reached; everything on the way has to show that it has the focus. */
async function tabTo(page, what, back = false) {
  const passed = [];
  for (let n = 0; n < 150; n++) {
    await press(page, 'Tab', ...(back ? ['Shift'] : []));
    const now = await focused(page);
    assert.ok(now.shown, `${now.name} (${now.classes}) has the focus and does not show it`);
    passed.push(now.name);
    if (what.test(now.name) || what.test(now.id)) return now;
  }
  throw new Error(`${what} is not reached: ${passed.join(' | ')}`);
}

/** Pastes what is in the clipboard, as Control and V do. */
async function pasteClipboard(page, text) {
  await page.evaluate(text => navigator.clipboard.writeText(text), text);
  await page.keyboard.down('Control');
  await page.keyboard.press('v', { commands: ['Paste'] });
  await page.keyboard.up('Control');
}

const copied = page => page.evaluate(() => navigator.clipboard.readText());

test('a whole review with the keyboard alone', async () => {
  await browser.defaultBrowserContext().overridePermissions(new URL(server.url).origin, ['clipboard-read', 'clipboard-write', 'clipboard-sanitized-write']);
  const page = await open(browser, { url: server.url, width: 1280, height: 800 });
  await page.evaluate(() => {
    window.clicks = 0;
    addEventListener('pointerdown', () => (window.clicks += 1), true);
    window.print = () => (window.printed = true);
  });

  await tabTo(page, /^Configuration to review$/);
  await pasteClipboard(page, estate);
  await page.waitForSelector('.headline[data-verdict=dangerous]');
  await settled(page);

  // Through the findings.
  await tabTo(page, /open to the whole IPv4 internet/);
  const [first, second] = await texts(page, '.finding-toggle');
  assert.ok((await focused(page)).name.startsWith(first));
  await press(page, 'j');
  assert.ok((await focused(page)).name.startsWith(second));
  await press(page, 'k');
  assert.ok((await focused(page)).name.startsWith(first));
  await press(page, 'Enter');
  await page.waitForSelector('.finding-toggle[aria-expanded=false]');
  await press(page, 'Enter');

  // To the line and back.
  const place = await tabTo(page, /^Line \d+/);
  await press(page, 'Enter');
  assert.equal((await focused(page)).name, 'Configuration to review');
  const line = Number(place.name.match(/\d+/)[0]);
  assert.equal(Number((await textOf(page, '.line-bar')).match(/Line (\d+)/)[1]), line);
  await press(page, 'Escape');
  assert.equal((await focused(page)).name, place.name);

  // Another prefix at that line moves the verdict, Escape restores it.
  await press(page, 'Enter');
  const headline = await textOf(page, '.headline h2');
  for (let n = 0; n < 20; n++) await press(page, 'ArrowDown', 'Alt');
  await page.waitForFunction(before => document.querySelector('.headline h2').textContent !== before, {}, headline);
  assert.match(await textOf(page, '.line-bar'), /Probing 0\.0\.0\.0\/0 → 0\.0\.0\.0\/20/);
  await press(page, 'Escape');
  await page.waitForFunction(before => document.querySelector('.headline h2').textContent === before, {}, headline);
  for (let n = 0; n < 20; n++) await press(page, 'ArrowDown', 'Alt');
  await press(page, 'Enter');
  await page.waitForFunction(before => document.querySelector('.headline h2').textContent !== before, {}, headline);
  await settled(page);

  // A question, and its answer held to.
  await tabTo(page, /^ask$/);
  await page.keyboard.type('internet -> jobs tcp/8888');
  await press(page, 'Enter');
  await page.waitForSelector('.answer[data-fate=allowed]');
  await tabTo(page, /must/i);
  await press(page, 'Space');
  await page.waitForSelector('.starred [data-standing]');

  // Compared with what was pasted at first.
  await tabTo(page, /^Compare$/, true);
  await press(page, 'Enter');
  await page.waitForSelector('.compare-truth');
  await tabTo(page, /^From the review/);
  await press(page, 'Enter');
  await tabTo(page, /^Configuration after$/);
  await pasteClipboard(page, estate);
  await page.waitForFunction(() => /opens/.test(document.querySelector('.compare-truth')?.textContent ?? ''));
  assert.match(await textOf(page, '.compare-truth'), /Opens 5432\/tcp|Opens 8888\/tcp/);

  // Taken away.
  await tabTo(page, /^Review$/, true);
  await press(page, 'Enter');
  await page.waitForSelector('.headline');
  await tabTo(page, /^Take away$/);
  await press(page, 'Enter');
  await tabTo(page, /^Copy Report as Markdown/);
  await press(page, 'Enter');
  await page.waitForFunction(() => /Copied/.test(document.activeElement.textContent));
  assert.match(await copied(page), /^# .*[\s\S]*## Findings/);
  await tabTo(page, /^Copy Everything as JSON/);
  await press(page, 'Enter');
  await page.waitForFunction(() => /Copied/.test(document.activeElement.textContent));
  assert.equal(JSON.parse(await copied(page)).schema, 'portcullis.report/1');
  await press(page, 'Escape');
  assert.match((await focused(page)).name, /^Take away/);
  await press(page, 'Enter');
  await tabTo(page, /^Print/);
  await press(page, 'Enter');
  await page.waitForFunction(() => window.printed);
  assert.match((await focused(page)).name, /^Take away/);

  assert.equal(await page.evaluate(() => window.clicks), 0);
  assert.equal(await verdict(page), 'dangerous');
  assert.deepEqual(page.complaints, []);
  await page.close();
});

for (const back of [false, true]) {
  test(`Tab goes ${back ? 'backwards' : 'through'} every view and every part of the page to its end, and shows where it is`, async () => {
    const page = await open(browser, { url: server.url, width: 1280, height: 800 });
    const end = async where => {
      // From the browser's own bars into the page, once around.
      const passed = [];
      for (let n = 0; n < 200; n++) {
        await press(page, 'Tab', ...(back ? ['Shift'] : []));
        const now = await focused(page);
        assert.ok(now.shown, `${where}: ${now.name} (${now.classes}) has the focus and does not show it`);
        if (now.name === 'nothing' || (n > 3 && now.name === passed[0] && now.name === 'Skip to the result')) return;
        passed.push(now.name);
      }
      throw new Error(`${where}: no end after ${passed.slice(-6).join(' | ')}`);
    };
    await end('empty');
    await tabTo(page, /^Configuration to review$/);
    await pasteClipboard(page, estate);
    await page.waitForSelector('.headline[data-verdict=dangerous]');
    await settled(page);
    for (const view of ['findings', 'ports', 'policies', 'map', 'tiers']) {
      if (!(await page.$(`#tab-${view}`))) continue;
      await page.click(`#tab-${view}`);
      await page.evaluate(() => document.activeElement.blur());
      await end(view);
    }
    for (const section of await texts(page, '.section-link')) {
      await page.$$eval('.section-link', (all, section) => all.find(each => each.textContent.trim() === section).click(), section);
      await page.evaluate(() => document.activeElement.blur());
      if (section !== 'Checks' && section !== 'Ports' && section !== 'Learn') await end(section);
    }
    assert.deepEqual(page.complaints, []);
    await page.close();
  });
}
