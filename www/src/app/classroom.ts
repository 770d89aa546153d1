// The instructor's side: the answers of a class, each graded again, since a file can claim anything.
import type { Answers, Exercise } from '../session/types';
import { textOf } from '../source/files';
import { fileWords, LARGEST_ANSWERS, lineOfClass, refusedWords } from '../learn/class-words';
import type { Learning, Pack } from './learning';
import { Store } from './store';

/** An answer to an exercise: what it is worth, and what help was taken. Null where there is none. */
export type Cell = { passed: boolean; score: string | null; hints: number; shown: boolean } | null;
export type Row = { learner: string; cells: Cell[] };

export type ClassState = {
  /** The columns. */
  exercises: Exercise[];
  rows: Row[];
  /** What could not be read, each in a sentence. */
  refused: string[];
  working: boolean;
};

/** So many learners are read. */
const MOST = 200;
const NOTHING: ClassState = { exercises: [], rows: [], refused: [], working: false };

export class Classroom {
  readonly store = new Store<ClassState>(NOTHING);

  constructor(private readonly learning: Learning) {}

  /** Reads and grades files of answers. They replace those that were there. */
  async load(files: readonly File[]): Promise<void> {
    const { track, pack } = this.learning.store.state;
    const exercises = pack ? pack.exercises : (track?.exercises ?? []);
    this.store.set({ ...NOTHING, exercises, working: true });
    const refused = files.length > MOST ? [`only the first ${MOST} files were read: open the others by themselves`] : [];
    for (const file of files.slice(0, MOST)) {
      const { rows } = this.store.state;
      const read = file.size > LARGEST_ANSWERS ? null : await this.learning.ask('read_answers', file.name, await textOf(file));
      if (!read) refused.push(refusedWords(file.name));
      // What is wrong with a part of a file is told, and the rest counts.
      else if (read.problems.length > 0) refused.push(fileWords(file.name, read.problems));
      if (read && read.answers.pack !== (pack?.name ?? null)) refused.push(`${file.name} answers ${read.answers.pack ?? "the project's exercises"}, not ${pack?.name ?? 'these'}: ${read.answers.pack ? 'load that pack first' : 'put the pack away first'}`);
      else if (read && read.answers.exercises.length > 0) this.store.set({ rows: [...rows, await this.row(read.answers.learner || file.name, read.answers, exercises, pack)] });
    }
    this.store.set({ refused, working: false });
    this.learning.say(lineOfClass(this.store.state));
  }

  clear(): void {
    this.store.set(NOTHING);
  }

  private async row(learner: string, answers: Answers, exercises: readonly Exercise[], pack: Pack | null): Promise<Row> {
    const cells: Cell[] = [];
    for (const { id } of exercises) {
      const entry = answers.exercises.find(each => each.id === id);
      const grade = entry?.answer ? await this.learning.ask('grade', pack?.text ?? null, id, entry.answer, entry.answer) : undefined;
      cells.push(entry && grade ? { passed: grade.passed, score: grade.score, hints: entry.hints, shown: entry.shown_solution } : null);
    }
    return { learner, cells };
  }
}
