// What is learnt: which part of the training ground is shown, which exercises there are, and how far the learner is.
import { fileWords, LARGEST_ANSWERS, LARGEST_PACK, refusedWords } from '../learn/class-words';
import type { Engine } from '../session/engine';
import type { Question, Questions } from '../session/protocol';
import type { Answers, Exercise, ExerciseList, FromFinding, Solved } from '../session/types';
import { textOf } from '../source/files';
import { fileName, saveFile } from '../ui/save';
import { capital, count } from '../words';
import type { Announcer } from './announcer';
import { Classroom } from './classroom';
import type { Keeping } from './keep';
import { ProgressKeeper } from './keep-progress';
import { entryOf, merged, type Progress, withEntry } from './progress';
import { Solving } from './solving';
import { Store } from './store';

export type LearnTab = 'exercises' | 'primer' | 'drill';

/** An instructor's exercises, from a file. */
export type Pack = { name: string; text: string; exercises: Exercise[] };

/** Whose exercises: the project's or the pack's. They may have the same ids. */
export type Ground = 'own' | 'pack';

export type LearnState = {
  tab: LearnTab;
  track: ExerciseList | null;
  pack: Pack | null;
  /** The exercise that is worked on, by its id; null shows the track. */
  exercise: string | null;
  /** The chapter of the primer, by its id; null shows the first. */
  chapter: string | null;
  ground: Ground;
  progress: Record<Ground, Progress>;
  /** What the learner wants to be called in what is exported; may be empty. */
  learner: string;
  /** Whether the progress is kept in this browser. */
  keeping: Keeping;
  /** What could not be done, and what was. */
  error: string | null;
  notice: string | null;
};

/** A question that ends the worker every time is not put for ever. */
const ATTEMPTS = 5;

export class Learning {
  readonly store = new Store<LearnState>({
    tab: 'exercises',
    track: null,
    pack: null,
    exercise: null,
    chapter: null,
    ground: 'own',
    progress: { own: new Map(), pack: new Map() },
    learner: '',
    keeping: 'off',
    error: null,
    notice: null,
  });
  readonly solving: Solving;
  readonly keeper = new ProgressKeeper(this);
  readonly classroom = new Classroom(this);

  constructor(
    private readonly engine: Engine,
    readonly say: (sentence: string) => void,
    private readonly toSection: () => void,
    announcer: Announcer,
    requests: (made: number, blocked: number) => void,
  ) {
    this.solving = new Solving(announcer, requests, change => this.note(change));
  }

  /** Fetches the list of exercises, and what was kept. Called once questions can be asked; `clean` restores and keeps nothing. */
  async start(clean: boolean): Promise<void> {
    this.store.set({ track: await this.ask('exercises', null) });
    await this.keeper.start(clean);
  }

  show(tab: LearnTab): void {
    this.store.set({ tab });
    scrollTo({ top: 0 });
  }

  /** Shows a chapter of the primer by its id. */
  read(chapter: string): void {
    this.store.set({ tab: 'primer', chapter });
  }

  /** Shows an exercise by its id. */
  open(id: string, ground: Ground = 'own'): void {
    const { exercise, ground: before, pack } = this.store.state;
    this.store.set({ tab: 'exercises', exercise: id, ground, error: null, notice: null });
    scrollTo({ top: 0 });
    if (exercise === id && before === ground && this.solving.store.state.opened) return;
    this.solving.leave();
    const text = ground === 'pack' ? (pack?.text ?? '') : null;
    void this.ask('exercise', text, id).then(opened => {
      const now = this.store.state;
      if (now.exercise !== id || now.ground !== ground) return;
      if (!opened) return this.store.set({ exercise: null, error: `there is no exercise ${id}: the list has them all` });
      this.solving.begin(opened, text, entryOf(now.progress[ground], id).answer);
    });
  }

  /** Back to the list. */
  close(): void {
    this.solving.leave();
    this.store.set({ exercise: null });
    scrollTo({ top: 0 });
  }

  /** One more hint. */
  hint(): void {
    const { exercise, hints } = this.here;
    const next = this.solving.store.state.opened?.exercise.hints[hints];
    if (!exercise || next === undefined) return;
    this.note({ hints: hints + 1 });
    this.say(`Hint ${hints + 1}: ${capital(next)}`);
  }

  showSolution(): void {
    this.note({ shown_solution: true });
  }

  /** Begins the exercise anew: the text, the hints and the marks. */
  reset(): void {
    const { opened } = this.solving.store.state;
    const { exercise, ground, progress } = this.store.state;
    if (!opened || exercise === null) return;
    const left = new Map(progress[ground]);
    this.solving.replace(opened.start);
    left.delete(exercise);
    this.store.set({ progress: { ...progress, [ground]: left } });
  }

  /** Forgets everything that was done, of both grounds. */
  resetAll(): void {
    this.store.set({ progress: { own: new Map(), pack: new Map() } });
  }

  /** The progress as a file of answers. */
  answersText(ground: Ground): string {
    const { progress, learner, pack } = this.store.state;
    const answers: Answers = { schema: 'portcullis.answers/1', learner: learner.trim() || null, pack: ground === 'pack' ? (pack?.name ?? null) : null, exercises: [...progress[ground].values()] };
    return JSON.stringify(answers);
  }

  /** Puts what was kept beside what is here. */
  async restore(text: string): Promise<void> {
    this.take((await this.ask('read_answers', 'kept', text)).answers);
  }

  /** Saves the progress as a file, for later or for the instructor. */
  async exportAnswers(): Promise<void> {
    const ground: Ground = this.store.state.pack ? 'pack' : 'own';
    const { text, problems } = await this.ask('write_answers', this.answersText(ground));
    if (problems.length > 0) this.tell({ error: fileWords('what you export', problems) });
    saveFile(fileName(this.store.state.learner.trim(), 'answers', 'json'), 'application/json', text);
  }

  /** Reads such a file. What is solved here stays solved. */
  async importAnswers(file: File): Promise<void> {
    if (file.size > LARGEST_ANSWERS) return this.tell({ error: refusedWords(file.name) });
    const { answers, problems } = await this.ask('read_answers', file.name, await textOf(file));
    if (answers.pack !== null && answers.pack !== this.store.state.pack?.name) return this.tell({ error: `${file.name} answers the pack ${answers.pack}: load that pack first` });
    this.take(answers);
    if (problems.length > 0) this.tell({ error: fileWords(file.name, problems) });
    else this.tell({ notice: `${count(answers.exercises.length, 'exercise')} read from ${file.name}.` });
  }

  /** Loads an instructor's pack, unless anything is wrong with it. */
  async loadPack(name: string, text: string): Promise<boolean> {
    const problems = text.length > LARGEST_PACK ? null : await this.ask('read_pack', name, text);
    if (!problems || problems.length > 0) return this.tell({ error: problems ? fileWords(name, problems) : refusedWords(name) }), false;
    const { exercises } = await this.ask('exercises', text);
    const { progress } = this.store.state;
    this.store.set({ pack: { name, text, exercises }, progress: { ...progress, pack: new Map() } });
    this.tell({ notice: `${count(exercises.length, 'exercise')} loaded from ${name}.` });
    return true;
  }

  async openPack(file: File): Promise<void> {
    if (file.size > LARGEST_PACK) return this.tell({ error: refusedWords(file.name) });
    await this.loadPack(file.name, await textOf(file));
  }

  /** Loads the pack that was made of a finding, and opens its exercise. */
  async try({ pack, exercise }: FromFinding): Promise<void> {
    if (!(await this.loadPack(`${exercise}-pack.toml`, pack))) return;
    this.toSection();
    this.open(exercise, 'pack');
  }

  closePack(): void {
    this.store.set({ pack: null, progress: { ...this.store.state.progress, pack: new Map() }, error: null, notice: null });
  }

  private take(answers: Answers): void {
    const { progress, learner } = this.store.state;
    const ground: Ground = answers.pack === null ? 'own' : 'pack';
    this.store.set({ progress: { ...progress, [ground]: merged(progress[ground], answers.exercises) }, learner: learner || (answers.learner ?? '') });
  }

  rename(learner: string): void {
    this.store.set({ learner });
  }

  /** Tells what could not be done, or what was. */
  tell(change: { error: string } | { notice: string }): void {
    this.store.set({ error: null, notice: null, ...change });
    this.say(Object.values(change).join(' '));
  }

  /** How far the learner is with the shown exercise. */
  private get here(): { exercise: string | null; hints: number } {
    const { exercise, ground, progress } = this.store.state;
    return { exercise, hints: exercise === null ? 0 : entryOf(progress[ground], exercise).hints };
  }

  private note(change: Partial<Solved>): void {
    const { exercise, ground, progress } = this.store.state;
    if (exercise === null) return;
    const { score } = entryOf(progress[ground], exercise);
    const best = typeof change.score === 'number' && score !== null ? { score: Math.min(score, change.score) } : {};
    this.store.set({ progress: { ...progress, [ground]: withEntry(progress[ground], exercise, { ...change, ...best }) } });
  }

  /** Asks again a few times where the worker was ended meanwhile; then it is told, and what waits for the answer is given up. */
  async ask<Q extends Question>(question: Q, ...args: Parameters<Questions[Q]>): Promise<ReturnType<Questions[Q]>> {
    for (let n = 0; n < ATTEMPTS; n++) {
      try {
        return await this.engine.ask(question, ...args);
      } catch {}
    }
    this.tell({ error: 'the analysis stopped at an error of its own: try it again, or with another file' });
    return new Promise(() => {});
  }
}
