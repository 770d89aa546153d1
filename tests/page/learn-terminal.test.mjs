// The page and the terminal grade the same answers alike.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { clickText, launch, open } from './harness.mjs';
import { fileOfExercise, learn, openExercise, textOfExercise } from './learning.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
/** Answers for each exercise: all together more than two hundred. */
const EACH = 8;

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

/** Numbers below a limit, the same in every run. */
function numbers(seed) {
  let state = seed;
  return below => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** An answer as a learner could have left it: on the way from the start to the solution, with something changed or missing. */
function changed(id, nth, below) {
  const lines = textOfExercise(id, nth % 2 === 0 ? 'solution' : 'start').split('\n');
  const at = below(lines.length);
  const ways = [
    () => {},
    () => lines.splice(at, 1),
    () => lines.splice(at, 0, lines[at]),
    () => (lines[at] = lines[at].replace(/\d+\.\d+\.\d+\.\d+\/\d+/, ['0.0.0.0/0', '203.0.113.0/24', '10.0.0.0/8', '0.0.0.0/1'][below(4)])),
    () => lines.forEach((line, n) => (lines[n] = line.replace(/0\.0\.0\.0\/0/, '198.51.100.0/25'))),
    () => lines.forEach((line, n) => (lines[n] = line.replace(/\b(443|22|5432|3306)\b/, port => String(Number(port) + below(2))))),
    () => (lines[at] = lines[at].replace(/allow/i, 'deny')),
    () => lines.splice(at),
    () => lines.splice(at, 1 + below(6)),
  ];
  ways[nth < 2 ? 0 : below(ways.length)]();
  return lines.join('\n');
}

/** What the terminal says of them, by exercise and number. */
function inTerminal(answers) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'learn-terminal-'));
  try {
    const files = Array.from({ length: EACH }, (_, nth) => {
      const exercises = [...answers].map(([id, texts]) => ({ id, solved: false, hints: 0, score: null, shown_solution: false, answer: [{ name: fileOfExercise(id, 'start'), text: texts[nth] }] }));
      const file = path.join(folder, `${nth}.json`);
      fs.writeFileSync(file, JSON.stringify({ schema: 'portcullis.answers/1', learner: String(nth), pack: null, exercises }));
      return file;
    });
    const out = execFileSync('cargo', ['run', '--quiet', '--package', 'portcullis-cli', '--', 'exercise', 'grade', '--format', 'json', '--answers', ...files], { cwd: root, maxBuffer: 1 << 28, encoding: 'utf8' });
    return new Map(JSON.parse(out).rows.map(row => [`${row.exercise} ${row.learner}`, row]));
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

test('two hundred answers have the same meters in the page and in the terminal', { timeout: 600_000 }, async () => {
  const page = await open(browser);
  await learn(page);
  const ids = await page.$$eval('[data-ground=own] .track-entry[data-coming=false]', rows => rows.map(row => row.dataset.id));
  const answers = new Map(ids.map((id, seed) => [id, Array.from({ length: EACH }, (_, nth) => changed(id, nth, numbers(seed * 100 + nth)))]));
  const rows = inTerminal(answers);
  await openExercise(page, ids[0]);
  await clickText(page, '.attempt .button', 'Plain text box');
  let compared = 0;
  const full = [0, 0, 0];
  for (const [id, texts] of answers) {
    await openExercise(page, id);
    await page.waitForSelector('.attempt textarea');
    for (const [nth, text] of texts.entries()) {
      const shown = await page.evaluate(async text => {
        const box = document.querySelector('.attempt textarea');
        const { dataset } = document.querySelector('.exercise');
        const { wanted } = dataset;
        box.value = text;
        box.dispatchEvent(new InputEvent('input', { bubbles: true }));
        while (dataset.wanted === wanted || dataset.wanted !== dataset.shown) await new Promise(resolve => setTimeout(resolve, 2));
        return [...document.querySelectorAll('.meter')].map(({ dataset: { full, value } }) => ({ full: full === 'true', value }));
      }, text);
      const row = rows.get(`${id} ${nth}`);
      const label = `${id}, answer ${nth}:\n${text}`;
      assert.deepEqual(shown.map(each => each.full), [row.verdicts, row.connectivity, row.least_privilege], label);
      assert.equal(shown[1].value, String(row.flows_passed), label);
      assert.equal(shown[2].value, row.excess, label);
      shown.forEach((each, meter) => (full[meter] += Number(each.full)));
      compared += 1;
    }
  }
  assert.ok(compared >= 200, String(compared));
  // They are worth comparing: each meter is full for some and not for others.
  for (const count of full) assert.ok(count > 20 && count < compared - 20, String(full));
  assert.deepEqual(page.complaints, []);
  await page.close();
});
