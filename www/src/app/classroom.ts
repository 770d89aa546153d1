// The instructor's side: the answers of a class, each graded again, since a file can claim anything.
import type { ClassRow, Exercise, HandedIn } from '../session/types';
import { textOf } from '../source/files';
import { fileWords, LARGEST_ANSWERS, lineOfClass, otherPackWords, refusedWords } from '../learn/class-words';
import type { Learning } from './learning';
import { Store } from './store';

/** A learner and their answers, by exercise. */
export type Row = { learner: string; answers: ReadonlyMap<string, ClassRow> };

export type ClassState = {
  /** The columns. */
  exercises: Exercise[];
  rows: Row[];
  /** All answers, for a spreadsheet. */
  csv: string;
  /** What could not be read, each in a sentence. */
  refused: string[];
  working: boolean;
};

/** So many learners are read. */
const MOST = 200;
const NOTHING: ClassState = { exercises: [], rows: [], csv: '', refused: [], working: false };

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
      const read = file.size > LARGEST_ANSWERS ? null : await this.learning.ask('handed_in', pack?.text ?? null, file.name, await textOf(file));
      if (!read) refused.push(refusedWords(file.name));
      // What is wrong with a part of a file is told, and the rest counts.
      else if (read.problems.length > 0) refused.push(fileWords(file.name, read.problems));
      if (read && read.pack !== (pack?.name ?? null)) refused.push(otherPackWords(file.name, read.pack, pack?.name));
      else if (read && read.rows.length > 0) this.add(file.name, read);
    }
    this.store.set({ refused, working: false });
    this.learning.say(lineOfClass(this.store.state));
  }

  clear(): void {
    this.store.set(NOTHING);
  }

  private add(file: string, { rows: answers, csv }: HandedIn): void {
    const { rows, csv: before } = this.store.state;
    const row = { learner: answers[0]?.learner || file, answers: new Map(answers.map(answer => [answer.exercise, answer])) };
    // The columns are named once.
    this.store.set({ rows: [...rows, row], csv: before + (before ? csv.slice(csv.indexOf('\n') + 1) : csv) });
  }
}
