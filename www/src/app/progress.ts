// How far a learner is, as plain data: an entry for each exercise that was begun.
import type { Exercise, Solved } from '../session/types';

export type Progress = ReadonlyMap<string, Solved>;

const begun = (id: string): Solved => ({ id, solved: false, hints: 0, score: null, shown_solution: false, answer: null });

export const entryOf = (progress: Progress, id: string): Solved => progress.get(id) ?? begun(id);

export const withEntry = (progress: Progress, id: string, change: Partial<Solved>): Progress => new Map(progress).set(id, { ...entryOf(progress, id), ...change });

/** What was read from a file beside what is here: solved stays solved, and the better score counts. */
export function merged(progress: Progress, read: readonly Solved[]): Progress {
  const all = new Map(progress);
  for (const entry of read) {
    const own = all.get(entry.id);
    const scores = [own?.score, entry.score].filter(score => typeof score === 'number');
    all.set(entry.id, {
      ...entry,
      solved: entry.solved || (own?.solved ?? false),
      hints: Math.max(entry.hints, own?.hints ?? 0),
      score: scores.length > 0 ? Math.min(...scores) : null,
      shown_solution: entry.shown_solution || (own?.shown_solution ?? false),
      answer: entry.answer ?? own?.answer ?? null,
    });
  }
  return all;
}

/** Exercises that a harder one needs, by the number of the one that was solved: who takes the fast way has shown these, too. */
export function covered(exercises: readonly Exercise[], progress: Progress): ReadonlyMap<string, string> {
  const byId = new Map(exercises.map(exercise => [exercise.id, exercise]));
  const found = new Map<string, string>();
  const cover = (id: string, by: string) => {
    for (const need of byId.get(id)?.needs ?? []) {
      if (found.has(need) || !byId.has(need)) continue;
      found.set(need, by);
      cover(need, by);
    }
  };
  for (const { id } of exercises) if (progress.get(id)?.solved) cover(id, id);
  return found;
}

/** What is best done now: the first exercise that is not solved and has nothing unsolved before it. */
export function suggested(exercises: readonly Exercise[], progress: Progress): Exercise | undefined {
  const shown = covered(exercises, progress);
  const done = (id: string) => (progress.get(id)?.solved ?? false) || shown.has(id);
  const open = exercises.filter(({ id }) => !done(id));
  return open.find(({ needs }) => needs.every(need => done(need) || !exercises.some(({ id }) => id === need))) ?? open[0];
}
