// The primer: chapters to read, figures to look at, to read and to try, and an exercise at the end of each.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { violations } from './axe.mjs';
import { built, clickText, fileUrl, launch, open, screenshot, textOf, texts } from './harness.mjs';
import { SCREENS } from './learning.mjs';

const exercises = fs.readdirSync(path.join(path.dirname(built), '../exercises'));

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

const toPrimer = async page => {
  await clickText(page, '.section-link', 'Learn');
  await clickText(page, '.learn-tabs .section-link', 'Primer');
  await page.waitForSelector('.chapter');
  return page.$$eval('.contents a', links => links.map(link => ({ href: link.getAttribute('href'), title: link.textContent })));
};

const turnTo = async (page, { href, title }) => {
  await page.$eval(`.contents a[href="${href}"]`, link => link.click());
  await page.waitForFunction(title => document.getElementById('chapter-title')?.textContent === title, {}, title);
  await page.waitForSelector('.fig-picture');
};

const overflow = page => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
const told = page => textOf(page, '.fig-told');
const slide = (page, label, to) =>
  page.$eval(
    `input[type=range][aria-label="${label}"]`,
    (input, to) => {
      input.value = to;
      input.dispatchEvent(new Event('input', { bubbles: true }));
    },
    String(to),
  );

for (const [screen, size] of Object.entries(SCREENS)) {
  for (const dark of [false, true]) {
    const theme = dark ? 'dark' : 'light';
    test(`every chapter has pictures with the same in words, and leads to an exercise: ${screen}, ${theme}`, async () => {
      const page = await open(browser, { ...size, dark });
      const chapters = await toPrimer(page);
      assert.equal(chapters.length, 11);
      for (const [n, chapter] of chapters.entries()) {
        await turnTo(page, chapter);
        // What is drawn from the catalog comes a moment later.
        await page.waitForFunction(() => [...document.querySelectorAll('.fig-twin tbody')].every(rows => rows.children.length > 0));
        const figures = await page.$$eval('.fig', figures =>
          figures.map(figure => ({
            caption: figure.querySelector('figcaption')?.textContent ?? '',
            drawn: figure.querySelectorAll('svg[role=img][aria-label] *').length,
            cells: [...figure.querySelectorAll('.fig-twin td')].filter(cell => cell.textContent).length,
          })),
        );
        assert.ok(figures.length > 0, chapter.title);
        for (const { caption, drawn, cells } of figures) assert.ok(caption.length > 20 && drawn > 3 && cells >= 3, `${chapter.title}: ${caption}`);
        const exercise = await page.$eval('[data-exercise]', button => button.dataset.exercise);
        assert.ok(exercises.includes(exercise), `${chapter.title} leads to ${exercise}`);
        assert.ok((await texts(page, '.chapter-end li')).length > 0, `${chapter.title} names its sources`);
        await page.$$eval('.chapter details', all => all.forEach(details => details.setAttribute('open', '')));
        assert.equal(await overflow(page), 0, chapter.title);
        assert.deepEqual(await violations(page), [], chapter.title);
        await screenshot(page, `primer-${screen}-${theme}-${n + 1}`);
      }
      assert.deepEqual(page.complaints, []);
      await page.close();
    });
  }
}

test('a picture fits its frame, and nothing in it is cut off', async () => {
  for (const size of Object.values(SCREENS)) {
    const page = await open(browser, size);
    for (const chapter of await toPrimer(page)) {
      await turnTo(page, chapter);
      for (const button of await page.$$('.fig-choices .button')) {
        await button.click();
        const cut = await page.$$eval('.fig-picture', pictures =>
          pictures.flatMap(picture => {
            const { width, height } = picture.viewBox.baseVal;
            return [...picture.querySelectorAll('text')].flatMap(text => {
              const box = text.getBBox();
              return box.x < -1 || box.y < -3 || box.x + box.width > width + 1 || box.y + box.height > height + 3 ? [text.textContent] : [];
            });
          }),
        );
        assert.deepEqual(cut, [], `${chapter.title} at ${size.width}`);
      }
    }
    await page.close();
  }
});

test('chapters are turned by link, by keyboard, and found by their address', async () => {
  const page = await open(browser);
  const [first, second, , fourth] = await toPrimer(page);
  assert.equal(await textOf(page, '#chapter-title'), first.title);
  await page.focus('.turn-on a');
  await page.keyboard.press('Enter');
  await page.waitForFunction(title => document.activeElement?.textContent === title, {}, second.title);
  assert.equal(await page.$eval('.contents [aria-current=page]', link => link.textContent), second.title);
  await page.click('.turn:not(.turn-on) a');
  await page.waitForFunction(title => document.activeElement?.textContent === title, {}, first.title);
  assert.equal(await page.$('.turn:not(.turn-on)'), null, 'nothing is before the first');
  await page.close();

  const linked = await open(browser, { url: `${fileUrl}${fourth.href}` });
  await linked.waitForFunction(title => document.getElementById('chapter-title')?.textContent === title, {}, fourth.title);
  assert.deepEqual(await linked.$$eval('h1, h2, h3, h4', all => all.filter(heading => heading.checkVisibility()).map(heading => Number(heading.tagName[1]))).then(levels => levels.filter((level, n) => n > 0 && level > levels[n - 1] + 1)), [], 'no level is left out');
  assert.equal((await linked.$$('[aria-live], [role=status], [role=alert], output')).length, 1);
  await linked.close();
});

test('on a phone the list of chapters makes room for the chosen one', async () => {
  const page = await open(browser, SCREENS.phone);
  const [, , third] = await toPrimer(page);
  const folded = () => page.$eval('.contents details', details => !details.open);
  assert.ok(await folded());
  await page.click('.contents summary');
  await page.waitForSelector('.contents details[open]');
  await page.click(`.contents a[href="${third.href}"]`);
  await page.waitForFunction(title => document.activeElement?.textContent === title, {}, third.title);
  assert.ok(await folded());
  await page.close();
});

test('the chapter stays while something else is looked at', async () => {
  const page = await open(browser);
  const chapters = await toPrimer(page);
  await turnTo(page, chapters[6]);
  await clickText(page, '.section-link', 'Ports');
  await clickText(page, '.section-link', 'Learn');
  assert.equal(await textOf(page, '#chapter-title'), chapters[6].title);
  await page.close();
});

test('the button at the end names its exercise and opens it', async () => {
  const page = await open(browser);
  for (const chapter of await toPrimer(page)) {
    await clickText(page, '.learn-tabs .section-link', 'Primer');
    await turnTo(page, chapter);
    await page.waitForFunction(() => /^Exercise: ./.test(document.querySelector('[data-exercise]').textContent));
    const title = (await textOf(page, '[data-exercise]')).replace('Exercise: ', '');
    await page.click('[data-exercise]');
    await page.waitForFunction(title => document.querySelector('.learn h3')?.textContent.includes(title), {}, title);
    assert.equal(await textOf(page, '.learn-tabs [aria-current]'), 'Exercises');
  }
  assert.deepEqual(page.complaints, []);
  await page.close();
});

test('any port is told its range and what the catalog knows of it', async () => {
  const page = await open(browser);
  const [, ranges] = await toPrimer(page);
  await turnTo(page, ranges);
  await page.waitForFunction(() => /Port 3389: one of the user ports.+Remote Desktop/.test(document.querySelector('.fig-told').textContent));
  for (const [port, said] of [[22, /one of the system ports\. Commonly SSH \(high\)/], [1023, /system ports/], [1024, /user ports/], [49_151, /user ports/], [49_152, /dynamic ports\. The catalog knows no service there/], [51_820, /dynamic ports\. Commonly WireGuard/], [65_535, /dynamic ports/], [0, /system ports/]]) {
    await slide(page, 'Port', port);
    await page.waitForFunction((port, said) => document.querySelector('.fig-told').textContent.startsWith(`Port ${port}:`) && new RegExp(said).test(document.querySelector('.fig-told').textContent), {}, port, said.source);
    assert.equal(await page.$eval('.fig-band-chosen', () => document.querySelectorAll('.fig-band-chosen').length), 1);
  }
  await page.focus('.fig-slider input[type=number]');
  await page.$eval('.fig-slider input[type=number]', input => input.select());
  await page.keyboard.type('99999');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.querySelector('.fig-told').textContent.startsWith('Port 65535:'));
  await page.close();
});

test('the same ports are judged anew for other sources, by the table that decides', async () => {
  const page = await open(browser);
  const [, , critical] = await toPrimer(page);
  await turnTo(page, critical);
  await page.waitForFunction(() => document.querySelectorAll('.fig-picture .node-verdict').length === 14);
  const verdicts = () => page.$$eval('.fig-twin tbody tr', rows => Object.fromEntries(rows.map(row => [row.cells[0].textContent, row.cells[3].textContent])));
  const open_ = await verdicts();
  assert.deepEqual([open_['tcp/3306'], open_['tcp/25'], open_['tcp/443']], ['Dangerous', 'Caution', 'Secure']);
  await page.select('.fig-slider select', '5');
  await page.waitForFunction(() => document.querySelector('.fig-twin tbody tr').cells[3].textContent === 'Secure');
  assert.deepEqual(new Set(Object.values(await verdicts())), new Set(['Secure']), 'inside a private network');
  assert.deepEqual(await texts(page, '.fig-picture .node-verdict'), Array.from({ length: 14 }, () => 'Secure'), 'the picture says the same');
  await page.close();
});

test('a prefix length says how many addresses it admits, and which', async () => {
  const page = await open(browser);
  const chapters = await toPrimer(page);
  await turnTo(page, chapters[3]);
  for (const [length, said] of [[24, '203.0.113.0/24 admits 256 addresses: 203.0.113.0 to 203.0.113.255.'], [32, '203.0.113.7/32 admits 1 address: only that one.'], [0, '0.0.0.0/0 admits 4,294,967,296 addresses: 0.0.0.0 to 255.255.255.255.'], [9, '203.0.0.0/9 admits 8,388,608 addresses: 203.0.0.0 to 203.127.255.255.']]) {
    await slide(page, 'Prefix length', length);
    await page.waitForFunction(said => document.querySelector('.fig-told').textContent === said, {}, said);
    assert.equal((await page.$$('.fig-bit-fixed')).length, length);
  }
  await page.close();
});

test('a narrow way out leaves some clients without answers', async () => {
  const page = await open(browser);
  const chapters = await toPrimer(page);
  await turnTo(page, chapters[4]);
  const parts = () => texts(page, '.fig-picture .picture-title').then(all => all.filter(text => /answer/.test(text)));
  assert.deepEqual(await parts(), ['42 % of answers', 'all answers', 'no answer', '25 % of answers']);
  await slide(page, 'First port', 1024);
  await page.waitForFunction(() => /every client/.test(document.querySelector('.fig-told').textContent));
  assert.deepEqual(await parts(), Array.from({ length: 4 }, () => 'all answers'));
  await slide(page, 'First port', 61_000);
  await page.waitForFunction(() => /61000/.test(document.querySelector('.fig-told').textContent));
  assert.deepEqual((await parts())[0], 'no answer', 'Linux ends at 60999');
  await page.close();
});

test('a stateless wall stops the answer, and an approval ends', async () => {
  const page = await open(browser);
  const chapters = await toPrimer(page);
  await turnTo(page, chapters[4]);
  assert.equal(await page.$('.fig-cross'), null);
  await clickText(page, '.fig-choices .button', 'Stateless');
  await page.waitForSelector('.fig-cross');
  await turnTo(page, chapters[10]);
  for (const [month, word] of [[0, 'Caution'], [2, 'Secure'], [8, 'Secure'], [9, 'Caution']]) {
    await slide(page, 'Month', month);
    await page.waitForFunction((month, word) => document.querySelector('.fig-told').textContent.startsWith(`${word} Month ${month}:`), {}, month, word);
  }
  assert.match(await told(page), /expired/);
  await page.close();
});

test('everything in a chapter can be pressed with a finger', async () => {
  const page = await open(browser, SCREENS.phone);
  for (const chapter of await toPrimer(page)) {
    await turnTo(page, chapter);
    const small = await page.$$eval('.primer :is(button, summary, a, select, input)', all => all.filter(each => each.checkVisibility()).map(each => [each.textContent.slice(0, 20), each.getBoundingClientRect().height]).filter(([, height]) => height < 43.5));
    assert.deepEqual(small, [], chapter.title);
  }
  await page.close();
});
