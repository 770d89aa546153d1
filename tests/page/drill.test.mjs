// The drill: questions from a seed, answered by keyboard or mouse, with a reason, a score and a streak.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { violations } from './axe.mjs';
import { clickText, launch, open, screenshot, textOf, texts } from './harness.mjs';
import { SCREENS } from './learning.mjs';

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

const toDrill = async (page, seed) => {
  await clickText(page, '.section-link', 'Learn');
  await clickText(page, '.learn-tabs .section-link', 'Drill');
  await page.waitForSelector('.drill-card');
  if (seed !== undefined) await begin(page, seed);
};

const begin = async (page, seed) => {
  await page.$eval('.drill-seed input', input => input.select());
  await page.type('.drill-seed input', String(seed));
  await page.keyboard.press('Enter');
  await page.waitForFunction(seed => document.querySelector('.drill-terminal code').textContent === `portcullis drill --seed ${seed} --count 1`, {}, String(seed));
  await page.waitForSelector('.drill-card:not(:has([data-right=true])) h4:focus');
};

const question = page => page.$eval('.drill-card', card => card.querySelector('h4').textContent + card.querySelector('pre').textContent + [...card.querySelectorAll('.drill-choices li')].map(item => item.textContent).join());

/** Answers with a number key, and says whether that was right. */
const answer = async (page, key) => {
  await page.keyboard.press(String(key));
  await page.waitForSelector('.drill-choices [data-right=true]');
  return page.$eval('.drill-choices [aria-pressed=true]', button => button.dataset.right === 'true');
};

const next = async page => {
  const before = await question(page);
  await page.keyboard.press('Enter');
  await page.waitForFunction(before => !document.querySelector('.drill-choices [data-right=true]') && document.querySelector('.drill-card h4').textContent !== before, {}, before.slice(0, 5));
  await page.waitForSelector('.drill-card h4:focus');
};

const numbers = page => page.$eval('.drill-score', list => ({ score: list.querySelector('[data-score]').textContent, streak: Number(list.querySelector('[data-streak]').textContent), longest: Number(list.querySelector('[data-longest]').textContent) }));

test('by keyboard alone: choices, reasons, score and streak', async () => {
  const page = await open(browser);
  await toDrill(page, 7);
  let [right, streak, longest] = [0, 0, 0];
  for (let n = 1; n <= 12; n++) {
    const good = await answer(page, 1 + (n % 3));
    streak = good ? streak + 1 : 0;
    right += good ? 1 : 0;
    longest = Math.max(longest, streak);
    assert.deepEqual(await numbers(page), { score: `${right} of ${n}`, streak, longest });
    const told = await textOf(page, '.drill-answer p');
    assert.match(told, good ? /^Right\. .{20,}\.$/ : /^No: .{20,}\.$/);
    assert.match(await textOf(page, '[role=status]'), good ? /^Right\./ : /^No: /, 'it is said as well');
    // A second choice changes nothing.
    await page.$$eval('.drill-choices .button', buttons => buttons.forEach(button => button.click()));
    assert.equal((await numbers(page)).score, `${right} of ${n}`);
    await next(page);
  }
  assert.ok(right > 0 && right < 12, 'some of either kind');
  assert.deepEqual(page.complaints, []);
  await page.close();
});

test('with the mouse, and the line that decides is marked', async () => {
  const page = await open(browser);
  await toDrill(page, 3);
  let marked = 0;
  for (let n = 0; n < 8; n++) {
    await page.click('.drill-choices .button');
    await page.waitForSelector('.drill-choices [data-right=true]');
    const right = await page.$eval('.drill-choices [data-right=true]', button => button.textContent);
    const line = await page.$$eval('.drill-line[data-deciding]', lines => lines.map(line => line.textContent));
    const [, rule] = /rule (\d+)/i.exec(right) ?? [];
    // No line decides where none matches, and where the smallest change is asked for.
    if (/no line|reach|delete/i.test(right)) assert.deepEqual(line, [], right);
    else assert.equal(line.length, 1, right);
    if (rule) assert.match(line[0], new RegExp(`"RuleNumber": ${rule},.+decides`));
    marked += line.length;
    await clickText(page, '.drill-answer .button', 'Next');
    await page.waitForSelector('.drill-card:not(:has([data-right=true]))');
  }
  assert.ok(marked > 0);
  await page.close();
});

test('one seed asks the same questions, another one others, and the drill stays while one looks elsewhere', async () => {
  const asked = async (page, count) => {
    const all = [];
    for (let n = 0; n < count; n++) {
      all.push(await question(page));
      await answer(page, 1);
      await next(page);
    }
    return all;
  };
  const other = await open(browser);
  await toDrill(other, 4711);
  const first = await asked(other, 5);
  await other.close();
  const one = await open(browser);
  await toDrill(one, 4711);
  assert.deepEqual(await asked(one, 5), first);
  const now = await question(one);
  await clickText(one, '.section-link', 'Ports');
  await clickText(one, '.section-link', 'Learn');
  await one.waitForSelector('.drill-card');
  assert.equal(await question(one), now);
  assert.match((await numbers(one)).score, / of 5$/);
  await begin(one, 4712);
  assert.equal((await numbers(one)).score, '0 of 0', 'a drill begun anew counts anew');
  assert.notDeepEqual(await asked(one, 5), first);
  await begin(one, 4711);
  assert.deepEqual(await asked(one, 5), first);
  await one.close();
});

test('it does not end: after a hundred questions the next seed goes on', async () => {
  const page = await open(browser);
  await toDrill(page, 9);
  await page.evaluate(async () => {
    for (let n = 0; n < 100; n++) {
      document.querySelector('.drill-choices .button').click();
      await new Promise(requestAnimationFrame);
      document.querySelector('.drill-answer .button').click();
      await new Promise(requestAnimationFrame);
    }
  });
  await page.waitForFunction(() => document.querySelector('.drill-terminal code')?.textContent === 'portcullis drill --seed 10 --count 1');
  await page.waitForSelector('.drill-card');
  assert.match((await numbers(page)).score, / of 100$/);
  const here = await question(page);
  await page.close();
  const fresh = await open(browser);
  await toDrill(fresh, 10);
  assert.equal(await question(fresh), here);
  await fresh.close();
});

test('a seed that is none is refused in words, and typing one answers nothing', async () => {
  const page = await open(browser);
  await toDrill(page);
  for (const bad of ['-1', '1.5', 'seven', '4294967296']) {
    await page.$eval('.drill-seed input', input => input.select());
    await page.type('.drill-seed input', bad);
    await page.waitForSelector('.drill-seed input[aria-invalid=true]');
    assert.equal(await page.$eval('.drill-seed button', button => button.disabled), true, bad);
    assert.match(await textOf(page, '#seed-told'), /whole number from 0 to 4,294,967,295/);
  }
  await page.$eval('.drill-seed input', input => input.select());
  await page.type('.drill-seed input', '123');
  assert.equal((await numbers(page)).score, '0 of 0');
  await begin(page, 4_294_967_295);
  await page.close();
});

for (const [screen, size] of Object.entries(SCREENS)) {
  for (const dark of [false, true]) {
    const theme = dark ? 'dark' : 'light';
    test(`the drill is accessible and fits: ${screen}, ${theme}`, async () => {
      const page = await open(browser, { ...size, dark });
      await toDrill(page, 3);
      for (let n = 0; n < 2; n++) {
        assert.deepEqual(await violations(page), [], 'asked');
        await screenshot(page, `drill-${screen}-${theme}-${n}-asked`);
        const before = await page.$eval('.drill-seed', form => form.getBoundingClientRect().top + document.querySelector('.drill').scrollTop + scrollY);
        await page.$$eval('.drill-choices .button', buttons => buttons[1].click());
        await page.waitForSelector('.drill-choices [data-right=true]');
        const after = await page.$eval('.drill-seed', form => form.getBoundingClientRect().top + document.querySelector('.drill').scrollTop + scrollY);
        assert.ok(Math.abs(after - before) < 2, `what stands below stays where it is: ${before} ${after}`);
        assert.deepEqual(await violations(page), [], 'answered');
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0);
        await screenshot(page, `drill-${screen}-${theme}-${n}-answered`);
        const small = await page.$$eval('.drill :is(button, input)', all => all.filter(each => each.checkVisibility()).map(each => [each.textContent, each.getBoundingClientRect().height]).filter(([, height]) => height < 43.5));
        if (size.touch) assert.deepEqual(small, []);
        await page.$$eval('.drill-answer .button', ([button]) => button.click());
        await page.waitForSelector('.drill-card:not(:has([data-right=true]))');
      }
      assert.equal((await page.$$('[aria-live], [role=status], [role=alert], output')).length, 1);
      assert.deepEqual(page.complaints, []);
      await page.close();
    });
  }
}
