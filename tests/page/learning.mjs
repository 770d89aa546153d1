// What the tests of the training ground share.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { clickText, pasteInto } from './harness.mjs';

const exercises = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../exercises');
/** The name of a file of an exercise, whatever its ending. */
export const fileOfExercise = (id, stem) => fs.readdirSync(path.join(exercises, id)).find(name => name.startsWith(`${stem}.`));
export const textOfExercise = (id, stem = 'start') => fs.readFileSync(path.join(exercises, id, fileOfExercise(id, stem)), 'utf8');

/** What the training ground is looked at on. */
export const SCREENS = {
  wide: { width: 1280, height: 900 },
  phone: { width: 360, height: 740, touch: true },
};

export async function learn(page) {
  await clickText(page, '.section-link', 'Learn');
  await page.waitForSelector('.track-entry[data-id]');
}

export async function openExercise(page, id, ground = 'own') {
  if (!(await page.$('.track-entry'))) await clickText(page, '.exercise-title .link', 'All exercises');
  const row = await page.waitForSelector(`[data-ground=${ground}] [data-id="${id}"] .track-open`);
  await row.click();
  await graded(page, id);
}

/** Waits until the newest answer has been graded. */
export const graded = (page, id) =>
  page.waitForFunction(
    id => {
      const exercise = document.querySelector('.exercise');
      return exercise && (!id || exercise.dataset.exercise === id) && exercise.dataset.wanted === exercise.dataset.shown && document.querySelector('.meter') !== null;
    },
    {},
    id ?? null,
  );

/** Replaces the whole answer by pasting. */
export async function answer(page, text) {
  await pasteInto(page, '[data-side-editor]', text);
  await graded(page);
}

export const written = page => page.evaluate(() => [...document.querySelector('[data-side-editor]').shadowRoot.querySelectorAll('.cm-line')].map(line => line.textContent).join('\n'));

/** The meters, in their order: whether each is full. */
export const meters = page => page.$$eval('.meter', all => all.map(({ dataset }) => dataset.full === 'true'));
export const passed = page => page.$eval('.tally', tally => tally.dataset.passed === 'true');

/** Gives a file to one of the page's buttons that open files. */
export async function choose(page, label, ...files) {
  const input = await page.$(`input[data-opens="${label}"]`);
  await input.uploadFile(...files);
}
