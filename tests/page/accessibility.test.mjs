// Usable by everyone: rules of WCAG 2.2 AA by axe, small screens, both themes, no motion for who wants none.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { violations } from './axe.mjs';
import { chooseExample, clickText, groups, open, paste, screenshot, suite } from './harness.mjs';

const { browser } = await suite();

const estate = groups(['bastion', [22, '0.0.0.0/0']], ['web', [443, '0.0.0.0/0'], [80, '0.0.0.0/0']], ['odd', [8888, '0.0.0.0/0']], ['orders-db', [3306, '10.0.10.0/24']]);

const SCREENS = {
  wide: { width: 1440, height: 900 },
  phone: { width: 390, height: 844, touch: true },
};

for (const [screen, size] of Object.entries(SCREENS)) {
  for (const dark of [false, true]) {
    const theme = dark ? 'dark' : 'light';
    test(`axe finds nothing: ${screen}, ${theme}`, async () => {
      const page = await open(browser, { ...size, dark });
      assert.deepEqual(await violations(page), [], 'empty');
      await screenshot(page, `${screen}-${theme}-empty`);
      await paste(page, estate);
      await page.evaluate(() => scrollTo(0, 0));
      assert.deepEqual(await violations(page), [], 'findings');
      await screenshot(page, `${screen}-${theme}-findings`);
      await page.click('.finding .place');
      assert.deepEqual(await violations(page), [], 'after a jump');
      for (const view of ['ports', 'policies']) {
        await page.click(`#tab-${view}`);
        await page.waitForSelector(`#tab-${view}[aria-selected=true]`);
        if (view === 'policies') await page.click('.policy .finding-toggle').then(() => page.waitForSelector('.rule'));
        assert.deepEqual(await violations(page), [], view);
        await screenshot(page, `${screen}-${theme}-${view}`);
      }
      await clickText(page, '.button', 'Plain text box');
      await page.waitForSelector('#plain-text');
      assert.deepEqual(await violations(page), [], 'plain text box');
      await clickText(page, '.tools .button', 'Examples');
      await page.waitForSelector('.menu-panel .example');
      assert.deepEqual(await violations(page), [], 'examples menu');
      await page.keyboard.press('Escape');
      await clickText(page, '.tools .button', 'Take away');
      await page.waitForSelector('.take-form');
      assert.deepEqual(await violations(page), [], 'take away menu');
      await clickText(page, '.take-ways .button', 'Share');
      await page.waitForSelector('#share-link');
      await page.click('.share-choice:nth-of-type(2)');
      await page.waitForSelector('.share-warning ~ .share-link');
      assert.deepEqual(await violations(page), [], 'share by link');
      await screenshot(page, `${screen}-${theme}-share`);
      await page.close();
    });
  }
}

test('an unreadable text is accessible as well', async () => {
  const page = await open(browser, SCREENS.wide);
  await paste(page, '{ "SecurityGroups": [ }');
  assert.deepEqual(await violations(page), []);
  await screenshot(page, 'wide-light-unreadable');
  await page.close();
});

test('nothing has to be scrolled sideways at 360 pixels', async () => {
  const page = await open(browser, { width: 360, height: 740, touch: true });
  const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.equal(await overflow(), 0, 'empty');
  await paste(page, groups(['a-group-with-quite-a-long-name-that-does-not-end-soon-and-has-no-break', [22, '0.0.0.0/0', 'x'.repeat(200)]], ['web', [443, '0.0.0.0/0']]));
  for (const view of ['findings', 'ports', 'policies']) {
    await page.click(`#tab-${view}`);
    await page.waitForSelector(`#tab-${view}[aria-selected=true]`);
    await page.evaluate(() => document.querySelectorAll('.finding-toggle[aria-expanded=false]').forEach(button => button.click()));
    assert.equal(await overflow(), 0, view);
  }
  await page.close();
});

test('everything that can be pressed is large enough for a finger', async () => {
  const page = await open(browser, SCREENS.phone);
  await paste(page, estate);
  for (const view of ['findings', 'ports', 'policies']) {
    await page.click(`#tab-${view}`);
    await page.waitForSelector(`#tab-${view}[aria-selected=true]`);
    const small = await page.$$eval('button', buttons =>
      buttons
        .filter(button => button.checkVisibility())
        .map(button => ({ text: button.textContent.trim() || button.getAttribute('aria-label'), height: button.getBoundingClientRect().height }))
        .filter(({ height }) => height < 44),
    );
    assert.deepEqual(small, [], view);
  }
  await page.close();
});

test('the theme follows the system and can be switched', async () => {
  const ground = page => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const dark = await open(browser, { dark: true });
  const light = await open(browser, { dark: false });
  assert.notEqual(await ground(dark), await ground(light));
  await light.click('[aria-label="Dark theme"]');
  await light.waitForSelector('[aria-label="Dark theme"][aria-pressed=true]');
  assert.equal(await ground(light), await ground(dark));
  await light.click('[aria-label="Dark theme"]');
  await light.waitForSelector('[aria-label="Dark theme"][aria-pressed=false]');
  assert.notEqual(await ground(light), await ground(dark));
  await dark.close();
  await light.close();
});

test('who wants no motion gets none', async () => {
  const page = await open(browser, { reducedMotion: true });
  await paste(page, estate);
  await page.click('.finding .place');
  await page.waitForFunction(() => document.querySelector('[data-editor]').shadowRoot.querySelector('.pc-flash'));
  const moving = await page.evaluate(() => document.getAnimations({ subtree: true }).filter(animation => animation.animationName?.includes('flash')).length);
  assert.equal(moving, 0);
  await page.close();
});

test('a verdict is never colour alone', async () => {
  const page = await open(browser);
  await paste(page, estate);
  const words = { dangerous: 'Dangerous', unknown: "Can't tell", caution: 'Caution', secure: 'Note' };
  const findings = await page.$$eval('.finding', list => list.map(element => ({ verdict: element.dataset.verdict, word: element.querySelector('.finding-word').textContent, shape: element.querySelector('.mark path').getAttribute('d') })));
  for (const { verdict, word } of findings) assert.equal(word, words[verdict]);
  const shapes = new Map(findings.map(({ verdict, shape }) => [verdict, shape]));
  assert.equal(new Set(shapes.values()).size, shapes.size, 'each verdict has a shape of its own');
  await page.close();
});

test('the examples menu closes with Escape and gives the focus back', async () => {
  const page = await open(browser);
  await chooseExample(page, await page.$eval('.example', element => element.dataset.example));
  await clickText(page, '.tools .button', 'Examples');
  await page.waitForSelector('.menu-panel');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => !document.querySelector('.menu-panel'));
  assert.match(await page.evaluate(() => document.activeElement.textContent), /Examples/);
  await page.close();
});
