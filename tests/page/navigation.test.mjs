// Between the text and what is said about it: both ways, by pointer and by keyboard.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clickText, groups, inEditor, lineOf, open, paste, suite, textOf, texts } from './harness.mjs';

const { browser } = await suite();

const estate = groups(['bastion', [22, '0.0.0.0/0']], ['web', [443, '0.0.0.0/0'], [22, '10.0.1.50/32']], ['orders-db', [3306, '0.0.0.0/0']]);

/** The number of the line that holds the caret. */
const caretLine = page => inEditor(page, root => Number(root.querySelector('.cm-activeLineGutter.cm-gutterElement')?.textContent));

const clickLine = async (page, number) => {
  await page.keyboard.down('Control');
  await page.keyboard.press('Home');
  await page.keyboard.up('Control');
  // The lines stand where they will be once the first one has been drawn at the top.
  await page.waitForFunction(() => {
    const root = document.querySelector('[data-editor]').shadowRoot;
    const first = [...root.querySelectorAll('.cm-lineNumbers .cm-activeLineGutter')].find(element => element.textContent === '1');
    return first && first.getBoundingClientRect().top >= root.querySelector('.cm-scroller').getBoundingClientRect().top;
  });
  const { x, y } = await inEditor(
    page,
    (root, number) => {
      const gutter = [...root.querySelectorAll('.cm-lineNumbers .cm-gutterElement')].find(element => element.textContent === String(number));
      const box = gutter.getBoundingClientRect();
      return { x: root.querySelector('.cm-content').getBoundingClientRect().left + 60, y: box.top + box.height / 2 };
    },
    number,
  );
  await page.mouse.click(x, y);
};

test('a finding leads to its line, and lights it', async () => {
  const page = await open(browser);
  await paste(page, estate);
  const place = await page.$('.finding .place');
  const line = Number((await place.evaluate(element => element.textContent)).replace(/\D/g, ''));
  await place.click();
  await page.waitForFunction(() => document.querySelector('[data-editor]').shadowRoot.querySelector('.pc-flash'));
  assert.equal(await caretLine(page), line);
  const lit = await inEditor(page, root => [...root.querySelectorAll('.pc-flash')].map(element => element.textContent).join(''));
  assert.match(lit, /0\.0\.0\.0\/0|22|3306/);
  await page.close();
});

test('the caret on a line with a mark chooses its finding', async () => {
  const page = await open(browser, { height: 1400 });
  await paste(page, estate);
  const shapes = await inEditor(page, root => root.querySelectorAll('.pc-gutter .pc-shape svg').length);
  assert.ok(shapes >= 4, 'each rule has its shape in the gutter');
  const line = lineOf(estate, '"0.0.0.0/0"');
  await clickLine(page, line);
  await page.waitForSelector('.finding[aria-current]');
  assert.match(await textOf(page, '.finding[aria-current]'), /bastion/);
  assert.match(await textOf(page, '.line-bar'), new RegExp(`Line ${line}: .*Dangerous`, 's'));
  await page.close();
});

test('the finding of the caret is brought into view, inside its own pane', async () => {
  const page = await open(browser, { height: 700 });
  const many = groups(...Array.from({ length: 8 }, (_, n) => [`bastion-${n}`, [22, '0.0.0.0/0']]));
  await paste(page, many);
  const target = 'bastion-7';
  const up = many.split('\n').length - lineOf(many.slice(many.indexOf(target)), '"0.0.0.0/0"') - lineOf(many, target) + 1;
  assert.equal(await inEditor(page, root => root.querySelector('.cm-activeLineGutter').textContent), '1', 'a paste is read from its beginning');
  await page.keyboard.down('Control');
  await page.keyboard.press('End');
  await page.keyboard.up('Control');
  for (let n = 0; n < up; n++) await page.keyboard.press('ArrowUp');
  await page.waitForFunction(name => document.querySelector('.finding[aria-current]')?.textContent.includes(name), {}, target);
  await page.waitForFunction(() => {
    const card = document.querySelector('.finding[aria-current] h3').getBoundingClientRect();
    const pane = document.querySelector('.truth').getBoundingClientRect();
    return card.top >= document.querySelector('.tabs').getBoundingClientRect().bottom && card.bottom <= pane.bottom;
  });
  assert.equal(await page.evaluate(() => document.scrollingElement.scrollTop), 0, 'the page itself does not move');
  await page.close();
});

test('a mark tells its verdict and its finding to the pointer', async () => {
  const page = await open(browser, { height: 1400 });
  await paste(page, groups(['bastion', [22, '0.0.0.0/0']]));
  const { x, y } = await inEditor(page, root => {
    const box = root.querySelector('.pc-mark.pc-dangerous').getBoundingClientRect();
    return { x: box.left + box.width / 2, y: box.top + box.height / 2 };
  });
  await page.mouse.move(x, y);
  await page.mouse.move(x + 2, y);
  await page.waitForFunction(() => document.querySelector('[data-editor]').shadowRoot.querySelector('.pc-tooltip'));
  const tooltip = await inEditor(page, root => root.querySelector('.pc-tooltip').textContent);
  assert.match(tooltip, /^Dangerous.*22.*open to.*0\.0\.0\.0\/0/s);
  await page.close();
});

test('F8 walks the findings, worst first', async () => {
  const page = await open(browser);
  await paste(page, estate);
  const current = async () => Number((await page.$eval('.finding[aria-current]', element => element.id)).replace(/\D/g, ''));
  await page.keyboard.press('F8');
  await page.waitForSelector('#finding-0[aria-current]');
  await page.keyboard.press('F8');
  await page.waitForSelector('#finding-1[aria-current]');
  await page.keyboard.down('Shift');
  await page.keyboard.press('F8');
  await page.keyboard.up('Shift');
  await page.waitForSelector('#finding-0[aria-current]');
  assert.equal(await current(), 0);
  await page.close();
});

test('the filter leaves only one verdict, in every view', async () => {
  const page = await open(browser);
  await paste(page, groups(['bastion', [22, '0.0.0.0/0']], ['web', [443, '0.0.0.0/0']], ['odd', [8888, '0.0.0.0/0']]));
  await page.click('[data-filter=dangerous]');
  await page.waitForFunction(() => [...document.querySelectorAll('.finding')].every(element => element.dataset.verdict === 'dangerous'));
  assert.ok((await page.$$('.finding')).length >= 1);
  for (const [tab, row] of [
    ['#tab-policies', '.policy'],
    ['#tab-ports', '.ports tbody tr'],
  ]) {
    await page.click(tab);
    await page.waitForSelector(row);
    const verdicts = await page.$$eval(row, rows => rows.map(element => element.dataset.verdict));
    assert.ok(verdicts.length > 0 && verdicts.every(verdict => verdict === 'dangerous'), `${tab}: ${verdicts}`);
  }
  await clickText(page, '.filter-button', 'All');
  await page.waitForFunction(() => new Set([...document.querySelectorAll('.ports tbody tr')].map(row => row.dataset.verdict)).size > 1);
  await page.close();
});

test('a policy opens to what it admits and what each rule does', async () => {
  const page = await open(browser);
  await paste(page, estate);
  await page.click('#tab-policies');
  await clickText(page, '.policy .finding-toggle', 'bastion');
  await page.waitForSelector('.policy .rule');
  assert.match((await texts(page, '.policy .exposure'))[0], /tcp\/22.*whole.*internet/s);
  assert.match((await texts(page, '.policy .rule'))[0], /allow tcp\/22 from 0\.0\.0\.0\/0/);
  await page.close();
});

test('from an empty page to the line of a finding, by keyboard alone', async () => {
  const page = await open(browser);
  const focused = () =>
    page.evaluate(() => {
      let element = document.activeElement;
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      return `${element?.getAttribute('aria-label') ?? element?.textContent?.trim() ?? ''}`;
    });
  const tabTo = async (wanted, most = 40) => {
    const seen = [];
    for (let n = 0; n < most; n++) {
      await page.keyboard.press('Tab');
      const now = await focused();
      if (wanted.test(now)) return;
      seen.push(now.slice(0, 30));
    }
    assert.fail(`Tab never reached ${wanted}; it passed ${seen.join(' | ')}`);
  };
  await tabTo(/^Skip to the result/);
  await tabTo(/^Configuration to review/);
  await page.keyboard.sendCharacter(estate);
  await page.waitForSelector('.finding');
  await tabTo(/^Findings/);
  await page.keyboard.press('ArrowRight');
  await page.waitForSelector('#tab-ports[aria-selected=true]');
  await page.keyboard.press('ArrowLeft');
  await page.waitForSelector('#tab-findings[aria-selected=true]');
  await tabTo(/^Line \d+/);
  const line = Number((await focused()).replace(/\D/g, ''));
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.querySelector('[data-editor]').shadowRoot.querySelector('.pc-flash'));
  assert.match(await focused(), /^Configuration to review/);
  assert.equal(await caretLine(page), line);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  assert.doesNotMatch(await focused(), /^Configuration to review/, 'the editor is no trap');
  await page.close();
});
