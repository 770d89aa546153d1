// The exercise that is worked on. It has a worker of its own, so that the review stays as it is.
import type { Surface } from '../editor/surface';
import { Engine } from '../session/engine';
import type { Questions, Result } from '../session/protocol';
import type { At, Configuration, ExerciseDetail, Grade, Solved } from '../session/types';
import { gradeChange } from '../learn/words';
import { sentence } from '../words';
import type { Announcer } from './announcer';
import { breaks } from './breaks';
import { notesOf } from './notes';
import { toText } from './stacked';
import { Store } from './store';

export type SolveState = {
  opened: ExerciseDetail | null;
  /** The pack that it is from; null for one of the project's own. */
  pack: string | null;
  /** The answer as it stands, and which of its files is shown. */
  files: readonly Configuration[];
  active: number;
  /** Counts up whenever a file is replaced from outside its editor. */
  replaced: number;
  /** The newest run asked for, and the newest one shown. */
  wanted: number;
  shown: number;
  result: Result | null;
  graded: Grade | null;
  /** What an edit that can't be read replaced: its flows stay, greyed, until the text reads again. */
  lastGood: Grade | null;
  /** Solved since it was opened, so the lesson stays through later edits. */
  solved: boolean;
  /** The excess of the solution that came with it; null until it is known. */
  par: number | null;
  error: string | null;
};

const PAUSE = 16;
const NOTHING: SolveState = {
  opened: null, pack: null, files: [], active: 0, replaced: 0, wanted: 0, shown: 0, result: null, graded: null, lastGood: null, solved: false, par: null, error: null,
};

export class Solving {
  readonly store = new Store<SolveState>(NOTHING);
  private engine: Engine | undefined;
  private pause = 0;
  private surface: Surface | null = null;
  /** The last answer that broke nothing that worked before: changes are told against it. */
  private basis: readonly Configuration[] = [];
  private told: Grade | null = null;
  /** The last result of a text that could be read. */
  private good: Result | null = null;
  private at = -1;

  constructor(
    private readonly announcer: Announcer,
    private readonly requests: (made: number, blocked: number) => void,
    private readonly progressed: (change: Partial<Solved>) => void,
  ) {}

  /** Opens an exercise where it was left. */
  begin(opened: ExerciseDetail, pack: string | null, answer: readonly Configuration[] | null): void {
    // What was kept or imported may be about other files.
    const fits = answer?.length === opened.start.length && opened.start.every(({ name }, n) => answer[n]?.name === name);
    const { wanted, replaced } = this.store.state;
    this.basis = opened.start;
    this.told = null;
    this.good = null;
    this.store.set({ ...NOTHING, opened, pack, files: fits ? answer : opened.start, wanted, shown: wanted, replaced: replaced + 1 });
    this.schedule();
  }

  leave(): void {
    clearTimeout(this.pause);
    const { wanted, replaced } = this.store.state;
    this.store.set({ ...NOTHING, wanted, shown: wanted, replaced });
  }

  attach(surface: Surface | null): void {
    this.surface = surface;
  }

  /** The learner changed the shown file. */
  edit(text: string): void {
    const { files, active } = this.store.state;
    this.put(files.map((file, n) => (n === active ? { ...file, text } : file)));
  }

  choose(active: number): void {
    this.store.set({ active });
  }

  /** Puts the start or the solution in the place of the answer; the editor can undo it. */
  replace(files: readonly Configuration[]): void {
    this.store.set({ replaced: this.store.state.replaced + 1 });
    this.put(files);
  }

  /** Shows a place in the text. True where the page had to be scrolled for it. */
  jump(at: At): boolean {
    const away = at.document !== this.store.state.active;
    if (away) this.choose(at.document);
    const scrolled = toText();
    const show = () => this.surface?.reveal(at, !matchMedia('(pointer: coarse)').matches);
    // Another file has to be drawn first.
    if (away) setTimeout(show);
    else show();
    return scrolled;
  }

  /** Puts a question to the answer as it stands; nothing where its worker was ended meanwhile. */
  async ask(question: string): Promise<ReturnType<Questions['ask']> | undefined> {
    const told = await this.engine?.ask('ask', question).catch(() => undefined);
    if (told) this.announcer.later('ask', () => sentence(told.answer?.said ?? told.error ?? ''));
    return told;
  }

  /** The next or the previous finding's place. */
  step(by: 1 | -1): void {
    const places = this.store.state.result?.findings.items.flatMap(finding => finding.places.slice(0, 1)) ?? [];
    this.at = (this.at + by + places.length) % Math.max(1, places.length);
    const place = places[this.at];
    if (place) this.jump(place);
  }

  private put(files: readonly Configuration[]): void {
    this.store.set({ files });
    this.progressed({ answer: files.map(file => file) });
    this.schedule();
  }

  private schedule(): void {
    const run = this.store.state.wanted + 1;
    clearTimeout(this.pause);
    this.store.set({ wanted: run });
    this.pause = window.setTimeout(() => this.run(run), PAUSE);
  }

  private run(run: number): void {
    const { files, opened, pack } = this.store.state;
    if (!opened) return;
    // What is open on purpose is judged along, after the learner's own files.
    const inputs = [...files, ...(opened.baseline ? [opened.baseline] : [])].map(({ name, text }, key) => ({ key, name, body: text }));
    const first = { filter: undefined, findings: 50, notes: 20, policies: 0, ports: 0, marks: { document: this.store.state.active, count: 2_000 } };
    const grade = { pack, id: opened.exercise.id, files, before: this.basis };
    this.started().review({ run, inputs, assumed: new Map(), today: opened.exercise.today, wanted: { ...first, grade } });
  }

  /** Its worker is started when it is first needed. */
  private started(): Engine {
    if (this.engine) return this.engine;
    const failed = (_: number | null, message: string) => this.store.set({ error: message, shown: this.store.state.wanted });
    this.engine = new Engine({ done: (run, result) => this.show(run, result), failed, requests: this.requests });
    void this.engine.start();
    return this.engine;
  }

  private show(run: number, result: Result): void {
    const { wanted, graded: before, lastGood, files, solved } = this.store.state;
    const { grade: graded } = result;
    if (run !== wanted || !graded) return;
    const { passed } = graded;
    // Half an edit away from the next good text: the flows from before it stay.
    const broken = !passed && breaks(this.good, result);
    if (!broken) this.good = result;
    this.store.set({ result, graded, lastGood: broken ? (lastGood ?? before) : null, shown: run, solved: solved || passed, error: null });
    if (!broken && graded.regressions.length === 0) this.basis = files;
    if (passed) this.pass(Number(graded.score));
    this.announcer.later('grade', () => {
      const change = gradeChange(this.told, graded);
      this.told = graded;
      return change;
    });
  }

  private pass(score: number): void {
    this.progressed({ solved: true, score });
    const { opened, pack, par } = this.store.state;
    if (par !== null || !opened || opened.solution.length === 0) return;
    void this.started()
      .ask('grade', pack, opened.exercise.id, opened.solution, opened.solution)
      .then(known => this.store.state.opened === opened && known?.score && this.store.set({ par: Number(known.score) }), () => {});
  }
}

/** What stands beside the text of the shown file. */
export const notesFor = ({ result, active }: SolveState) => (result ? notesOf(result, active) : []);
