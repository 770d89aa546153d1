// What goes into the training ground as files and comes out of it: progress, packs, and the answers of a class.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { clickText, groups, inOwnProfile, launch, open, paste, serve, settled, textOf, texts } from './harness.mjs';
import { answer, choose, graded, learn, openExercise, passed, textOfExercise, written } from './learning.mjs';

let browser;
let server;
let folder;
before(async () => {
  browser = await launch();
  server = await serve();
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'learn-'));
});
after(async () => {
  await browser?.close();
  server?.close();
  fs.rmSync(folder, { recursive: true, force: true });
});

const file = (name, text) => {
  const full = path.join(folder, name);
  fs.writeFileSync(full, text);
  return full;
};
const own = work => inOwnProfile(browser, work);
const stored = page => page.evaluate(() => Object.values(localStorage).join());
const keep = '.learn-panel .keep';
const tracked = async page => {
  if (await page.$('.exercise')) await clickText(page, '.exercise-title .link', 'All exercises');
  await page.waitForSelector('.learn-panel');
};
const isSolved = (page, id) => page.$eval(`[data-ground=own] [data-id="${id}"]`, row => row.dataset.solved === 'true');
const solve = async (page, id) => {
  await openExercise(page, id);
  await answer(page, textOfExercise(id, 'solution'));
  await page.waitForSelector('.tally[data-passed=true]');
  await tracked(page);
};
/** What the page saves next. */
const savedBy = async (page, press) => {
  await page.evaluate(() => {
    const made = URL.createObjectURL;
    window.saved = undefined;
    URL.createObjectURL = blob => {
      void blob.text().then(text => (window.saved = text));
      return made(blob);
    };
  });
  await press();
  await page.waitForFunction(() => window.saved !== undefined);
  return page.evaluate(() => window.saved);
};
const notice = async (page, pattern) => page.waitForFunction(source => new RegExp(source).test(document.querySelector('.learn')?.textContent ?? ''), {}, pattern.source);

const PACK = `
[[exercise]]
id = "01-own"
title = "Our own group"
story = "Somebody opened Redis. Close it."
file = "start.json"
start = '''${groups(['cache', [6379, '0.0.0.0/0'], [443, '10.0.0.0/8']])}'''
solution = '''${groups(['cache', [443, '10.0.0.0/8']])}'''

[exercise.zones]
inside = "10.0.0.0/8"
cache = { group = "cache" }

[[exercise.must_allow]]
flow = "inside -> cache tcp/443"
because = "its status page is read"

[[exercise.hint]]
text = "Which port is Redis?"
`;

test('progress is kept only when that is switched on, given back, and deleted when switched off', () =>
  own(async context => {
    const first = await open(context, { url: server.url });
    await learn(first);
    await solve(first, '00-read-a-verdict');
    assert.equal(await first.evaluate(() => localStorage.length), 0);
    await first.click(`${keep} input`);
    await first.waitForSelector(`${keep}[data-keeping=on]`);
    await first.waitForFunction(() => Object.values(localStorage).join().includes('00-read-a-verdict'));
    await openExercise(first, '03-bastion');
    await answer(first, textOfExercise('03-bastion').replace('443', '444'));
    await first.waitForFunction(() => Object.values(localStorage).join().includes('03-bastion'));
    await first.close();

    const second = await open(context, { url: server.url, height: 1600 });
    await learn(second);
    await second.waitForSelector('[data-id="00-read-a-verdict"][data-solved=true]');
    assert.equal(await textOf(second, '[data-id="03-bastion"] .track-state'), 'Begun');
    await openExercise(second, '03-bastion');
    assert.match(await written(second), /444/);
    await tracked(second);
    await second.click(`${keep} input`);
    await second.waitForSelector(`${keep}[data-keeping=off]`);
    assert.equal(await second.evaluate(() => localStorage.length), 0);
    assert.ok(await isSolved(second, '00-read-a-verdict'), 'the page itself still knows');
    assert.deepEqual(second.complaints, []);
  }));

test('#clean restores and keeps nothing', () =>
  own(async context => {
    const page = await open(context, { url: server.url });
    await learn(page);
    await page.click(`${keep} input`);
    await solve(page, '00-read-a-verdict');
    await page.waitForFunction(() => Object.values(localStorage).join().includes('00-read'));
    const before = await stored(page);
    await page.close();
    const clean = await open(context, { url: `${server.url}#clean` });
    await learn(clean);
    assert.equal(await isSolved(clean, '00-read-a-verdict'), false);
    await clean.waitForSelector(`${keep}[data-keeping=clean]`);
    await solve(clean, '01-office-only');
    assert.equal(await stored(clean), before);
  }));

test('a broken or full store is survived, and told', () =>
  own(async context => {
    const page = await open(context, { url: server.url });
    for (const kept of ['{', '5', '[5]', 'null', '{"schema":"portcullis.answers/1","exercises":[{"id":7},{"id":"00-read-a-verdict","solved":"yes","answer":[{"name":5}]}]}']) {
      await page.evaluate(kept => localStorage.setItem('portcullis-learning', kept), kept);
      await page.reload();
      await page.waitForSelector('.desk[data-phase=ready]');
      await learn(page);
      await page.waitForSelector(`${keep}[data-keeping=on]`);
      assert.equal(await isSolved(page, '00-read-a-verdict'), false, kept);
    }
    await page.evaluate(() => (Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }));
    await solve(page, '00-read-a-verdict');
    await page.waitForSelector(`${keep}[data-keeping=too-large]`);
    assert.match(await textOf(page, keep), /not kept/);
    assert.deepEqual(page.complaints, []);
  }));

test('answers are saved with the name, and read again by another page', () =>
  own(async context => {
    const page = await open(context, { url: server.url });
    await learn(page);
    await solve(page, '00-read-a-verdict');
    await openExercise(page, '03-bastion');
    await clickText(page, '.exercise-side .button', 'Give me a hint');
    await tracked(page);
    await page.type('.learn-row input[type=text]', 'Ada');
    const text = await savedBy(page, () => clickText(page, '.learn-panel .button', 'Save my answers'));
    const saved = JSON.parse(text);
    assert.deepEqual([saved.schema, saved.learner, saved.pack], ['portcullis.answers/1', 'Ada', null]);
    assert.deepEqual(saved.exercises.map(({ id, solved, hints, score }) => [id, solved, hints, score]), [['00-read-a-verdict', true, 0, 0], ['03-bastion', false, 1, null]]);
    assert.equal(saved.exercises[0].answer[0].text.trim(), textOfExercise('00-read-a-verdict', 'solution').trim());
    await page.close();

    const other = await open(browser);
    await learn(other);
    await solve(other, '01-office-only');
    await choose(other, 'Load my answers', file('ada.json', text));
    await notice(other, /2 exercises read from ada\.json/);
    assert.deepEqual([await isSolved(other, '00-read-a-verdict'), await isSolved(other, '01-office-only'), await isSolved(other, '03-bastion')], [true, true, false]);
    await choose(other, 'Load my answers', file('bad.json', '<!doctype html><p>no'));
    await notice(other, /bad\.json, line 1: /);
    assert.ok(await isSolved(other, '01-office-only'), 'what was there stays');
    await clickText(other, '.learn-panel .button', 'Start over');
    await clickText(other, '.learn-panel .button', 'Yes');
    await other.waitForFunction(() => !document.querySelector('[data-solved=true]'));
    assert.deepEqual(other.complaints, []);
    await other.close();
  }));

test('an exercise of a pack is solved, and put away with it', async () => {
  const page = await open(browser);
  await learn(page);
  await choose(page, 'Load a pack', file('ours.toml', PACK));
  await notice(page, /1 exercise loaded from ours\.toml/);
  await openExercise(page, '01-own', 'pack');
  assert.match(await textOf(page, '.story'), /Somebody opened Redis/);
  assert.equal(await passed(page), false);
  await answer(page, groups(['cache', [443, '10.0.0.0/8']]));
  await page.waitForSelector('.tally[data-passed=true]');
  await tracked(page);
  assert.equal(await page.$eval('[data-ground=pack] [data-id="01-own"]', row => row.dataset.solved), 'true');
  const saved = JSON.parse(await savedBy(page, () => clickText(page, '.learn-panel .button', 'Save my answers')));
  assert.deepEqual([saved.pack, saved.exercises.map(({ id }) => id)], ['ours.toml', ['01-own']]);
  await clickText(page, '.learn-panel .button', 'Put ours.toml away');
  await page.waitForFunction(() => !document.querySelector('[data-ground=pack]'));
  assert.deepEqual(page.complaints, []);
  await page.close();
});

test('a hostile pack is refused with one sentence, and nothing of it is shown', async () => {
  const page = await open(browser);
  await learn(page);
  const hostile = {
    'huge.toml': PACK.repeat(1 + Math.ceil((1 << 20) / PACK.length)),
    'page.toml': '<!doctype html><script>fetch("https://example.com")</script>',
    'html.toml': PACK.replace('Somebody opened Redis.', '<img src=x onerror=alert(1)>'),
    'deep.toml': `x = ${'['.repeat(100_000)}`,
    'types.toml': PACK.replace('title = "Our own group"', 'title = 7').replace('story = "Somebody', 'story = ["Somebody').replace('Close it."', 'Close it."]'),
    'empty.toml': '',
    'bytes.toml': Buffer.from([0, 255, 254, 1, 2, 3, 0]),
    'twice.toml': PACK + PACK,
    'ids.toml': PACK.replace('"01-own"', '"../../etc"'),
  };
  for (const [name, text] of Object.entries(hostile)) {
    await choose(page, 'Load a pack', file(name, text));
    await page.waitForFunction(name => document.querySelector('.learn .error')?.textContent.includes(name), {}, name);
    const told = await textOf(page, '.learn .error');
    assert.equal(told.match(/[.!?](\s|$)/g).length, 1, told);
    assert.ok(told.length < 400, told);
    assert.equal(await page.$('[data-ground=pack]'), null, name);
    assert.equal(await page.$('.learn img, .learn script, .learn iframe'), null);
  }
  assert.deepEqual(page.complaints, []);
  await page.close();
});

test('the answers of a class are graded again, and make a table', async () => {
  const page = await open(browser);
  await learn(page);
  const answers = (learner, ...exercises) => JSON.stringify({ schema: 'portcullis.answers/1', learner, pack: null, exercises: exercises.map(each => ({ solved: true, hints: 2, score: 0, shown_solution: false, answer: null, ...each })) });
  const text = (id, which) => [{ name: 'start.json', text: textOfExercise(id, which) }];
  const files = [
    file('1.json', answers('=HYPERLINK("x")', { id: '00-read-a-verdict', answer: text('00-read-a-verdict', 'solution') }, { id: '03-bastion', answer: text('03-bastion', 'solution'), hints: 0 })),
    // It claims to be solved, and is not.
    file('2.json', answers('Ben', { id: '00-read-a-verdict', answer: text('00-read-a-verdict', 'start') })),
    file('3.json', '{"schema": 5}'),
    file('4.json', JSON.stringify({ schema: 'portcullis.answers/1', learner: 'Cy', pack: 'ours.toml', exercises: [] })),
  ];
  await choose(page, 'Load the answers of a class', ...files);
  await page.waitForFunction(() => document.querySelectorAll('.refused li').length > 0);
  const rows = await page.$$eval('.class-table tbody tr', all => all.map(row => [...row.children].slice(0, 6).map(cell => cell.textContent.trim().replace(/^–/, ''))));
  assert.deepEqual(rows, [
    ['=HYPERLINK("x")', '2', 'Solved, excess 0, 2 hints', 'No answer', 'No answer', 'Solved, excess 0'],
    ['Ben', '0', 'Not yet, 2 hints', 'No answer', 'No answer', 'No answer'],
  ]);
  const refused = await texts(page, '.refused li');
  assert.match(refused.join('\n'), /3\.json[^]*4\.json answers ours\.toml/);
  const csv = await savedBy(page, () => clickText(page, '.learn-panel .button', 'Save as CSV'));
  const lines = csv.split('\r\n');
  assert.match(lines[0], /^file,learner,exercise,title,passed,verdicts,connectivity,least privilege,flows,flows passed,score,excess,hints,/);
  assert.match(lines[1], /^1\.json,"'=HYPERLINK\(""x""\)",00-read-a-verdict,[^,]+,yes,yes,yes,yes,2,2,0,0,2,no,yes,/);
  assert.match(lines[2], /^1\.json,"'=HYPERLINK\(""x""\)",03-bastion,/);
  assert.match(lines[3], /^2\.json,Ben,00-read-a-verdict,[^,]+,no,no,no,/);
  assert.deepEqual([lines.length, lines[4]], [5, ''], 'the columns are named once');
  assert.deepEqual(page.complaints, []);
  await page.close();
});

test('a finding becomes a pack in which nobody is named, and opens in Learn', async () => {
  const page = await open(browser);
  await paste(page, groups(['secret-project-db', [3306, '0.0.0.0/0', 'ask Jo'], [443, '10.0.0.0/8']]));
  await settled(page);
  if (!(await page.$('.finding-body .about-audit'))) await page.click('.finding-toggle');
  const text = await savedBy(page, () => clickText(page, '.finding .link', 'Turn this finding'));
  assert.match(text, /\[\[exercise\]\]/);
  assert.doesNotMatch(text, /secret-project|ask Jo/);
  await clickText(page, '.finding .button', 'Open it in Learn');
  await graded(page);
  assert.equal(await passed(page), false);
  assert.match(await textOf(page, '.tally-line'), /three meters|meters? (is|are) not full/);
  await tracked(page);
  assert.equal((await page.$$('[data-ground=pack] .track-entry')).length, 1);
  assert.deepEqual(page.complaints, []);
  await page.close();
});
