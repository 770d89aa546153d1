// The training ground is usable by everyone: axe, phones, and a page that is magnified four times.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { violations } from './axe.mjs';
import { clickText, launch, open, screenshot } from './harness.mjs';
import { answer, learn, openExercise, SCREENS, textOfExercise } from './learning.mjs';

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

// The last is 400 % on a screen of 1280 by 1024.
const ALL = { ...SCREENS, magnified: { width: 320, height: 256 } };
const fits = page => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);

for (const [screen, size] of Object.entries(ALL)) {
  for (const dark of [false, true]) {
    const theme = dark ? 'dark' : 'light';
    test(`axe finds nothing and everything fits: ${screen}, ${theme}`, async () => {
      const page = await open(browser, { ...size, dark });
      const check = async what => {
        assert.deepEqual(await violations(page), [], what);
        assert.ok(await fits(page), `${what} is wider than the screen`);
        await page.evaluate(() => scrollTo(0, 0));
        await screenshot(page, `learn-${what.replaceAll(' ', '-')}-${screen}-${theme}`);
      };
      await learn(page);
      await check('track');
      await openExercise(page, '03-bastion');
      await check('exercise');
      await answer(page, textOfExercise('03-bastion').slice(0, 700));
      await check('half written');
      await answer(page, textOfExercise('03-bastion', 'solution').replaceAll('443', '444'));
      await clickText(page, '.exercise-side .button', 'Give me a hint');
      await clickText(page, '.exercise-side .button', 'Show me');
      await page.waitForSelector('.difference');
      await check('regression');
      await clickText(page, '.exercise-side .button', 'Take it over');
      await page.waitForSelector('.learnt');
      await check('solved');
      await clickText(page, '.attempt .button', 'Plain text box');
      await page.waitForSelector('.attempt textarea');
      await check('plain');
      await clickText(page, '.exercise-title .link', 'All exercises');
      await page.waitForSelector('.learn-panel');
      await check('track with progress');
      await openExercise(page, '19-capstone');
      await page.$$eval('.flow-group .fold', ([first]) => (first.open = true));
      await check('capstone');
      await clickText(page, '.exercise-title .link', 'All exercises');
      await page.waitForSelector('.learn-panel');
      await page.evaluate(() => document.querySelector('.learn-panel').scrollIntoView());
      await screenshot(page, `learn-panels-${screen}-${theme}`);
      assert.deepEqual(page.complaints, []);
      await page.close();
    });
  }
}

test('with fingers everything that can be pressed is large enough', async () => {
  const page = await open(browser, SCREENS.phone);
  await learn(page);
  const small = () =>
    page.$$eval('.learn button, .learn summary, .learn input:not([type=file])', all =>
      all.flatMap(each => {
        const { height, width } = each.getBoundingClientRect();
        // The whole row opens an exercise, and a label its box.
        const target = each.matches('.track-open') ? each.closest('li').getBoundingClientRect().height : each.type === 'checkbox' ? each.closest('label').getBoundingClientRect().height : height;
        return width > 0 && target < 44 ? [`${each.textContent || each.type}: ${target}`] : [];
      }),
    );
  assert.deepEqual(await small(), []);
  for (const id of ['03-bastion', '19-capstone']) {
    await openExercise(page, id);
    assert.deepEqual(await small(), [], id);
  }
  await page.close();
});

test('a jump on a phone finds its way back', async () => {
  const page = await open(browser, SCREENS.phone);
  await learn(page);
  await openExercise(page, '03-bastion');
  await page.$eval('.flow[data-passed=false] .place', button => button.scrollIntoView({ block: 'center' }));
  await page.click('.flow[data-passed=false] .place');
  assert.ok(await page.evaluate(() => document.querySelector('.attempt .text').getBoundingClientRect().top < innerHeight / 2), 'the text is in view');
  await (await page.waitForSelector('.attempt .back')).click();
  await page.waitForFunction(() => document.querySelector('.flow[data-passed=false] .place').getBoundingClientRect().top >= 0);
  await page.close();
});
