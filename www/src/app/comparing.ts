// Two sides, and what opens and closes from the one to the other. It has a worker of its own, so that the review stays.
import { Engine } from '../session/engine';
import type { Result } from '../session/protocol';
import type { Comparison } from '../session/types';
import { type Found, sourceOf } from '../source/files';
import { sentence } from '../words';
import { isBlank, type Source } from './documents';
import { Store } from './store';

export type Side = 'before' | 'after';
export const SIDES: readonly Side[] = ['before', 'after'];

export type ComparingState = {
  /** What each side holds: one text to edit, or several documents from elsewhere. */
  sides: Record<Side, readonly Source[]>;
  /** Counts up whenever a side is replaced from outside its editor. */
  replaced: number;
  /** The newest run asked for, and the newest one shown. */
  wanted: number;
  shown: number;
  comparison: Comparison | null;
  error: string | null;
};

const PAUSE = 60;

const blank = (side: Side): Source => ({ kind: 'text', name: side, text: '', example: null });

export class Comparing {
  readonly store = new Store<ComparingState>({
    sides: { before: [blank('before')], after: [blank('after')] },
    replaced: 0,
    wanted: 0,
    shown: 0,
    comparison: null,
    error: null,
  });
  private engine: Engine | undefined;
  private pause = 0;

  constructor(
    private readonly say: (sentence: string) => void,
    private readonly requests: (made: number, blocked: number) => void,
  ) {}

  /** The user changed the text of a side. */
  edit(side: Side, text: string): void {
    const [source] = this.store.state.sides[side];
    this.put(side, [{ kind: 'text', name: source?.name ?? side, text, example: null }], false);
  }

  /** Fills a side from elsewhere. */
  fill(side: Side, sources: readonly Source[]): void {
    const read = sources.filter(source => !isBlank(source));
    this.put(side, read.length > 0 ? read : [blank(side)], true);
  }

  async open(side: Side, { files }: Found): Promise<void> {
    try {
      this.fill(side, await Promise.all(files.map(sourceOf)));
    } catch (error) {
      this.store.set({ error: `the files could not be read (${error instanceof Error ? error.message : String(error)}): open them again` });
    }
  }

  swap(): void {
    const { before, after } = this.store.state.sides;
    this.store.set({ sides: { before: after, after: before }, replaced: this.store.state.replaced + 1 });
    this.schedule();
  }

  private put(side: Side, sources: readonly Source[], fromOutside: boolean): void {
    const { sides, replaced } = this.store.state;
    this.store.set({ sides: { ...sides, [side]: sources }, replaced: replaced + (fromOutside ? 1 : 0) });
    this.schedule();
  }

  private schedule(): void {
    const run = this.store.state.wanted + 1;
    clearTimeout(this.pause);
    this.store.set({ wanted: run, error: null });
    const { before, after } = this.store.state.sides;
    if (before.every(isBlank) || after.every(isBlank)) {
      this.engine?.cancel();
      return this.store.set({ shown: run, comparison: null });
    }
    this.pause = window.setTimeout(() => this.run(run), PAUSE);
  }

  private run(run: number): void {
    const { before, after } = this.store.state.sides;
    const inputs = (sources: readonly Source[], first: number) =>
      sources.map((source, n) => ({ key: first + n, name: source.name, body: source.kind === 'text' ? source.text : source.blob }));
    const none = { filter: undefined, findings: 0, notes: 0, policies: 0, ports: 0, marks: { document: 0, count: 0 } };
    this.started().review({ run, before: inputs(before, 0), inputs: inputs(after, before.length), assumed: new Map(), wanted: none });
  }

  /** Its worker is started when it is first needed. */
  private started(): Engine {
    if (this.engine) return this.engine;
    const failed = (_: number | null, message: string) => this.store.set({ error: message, shown: this.store.state.wanted });
    this.engine = new Engine({ ready: () => {}, progress: () => {}, done: (run, result) => this.show(run, result), failed, requests: this.requests });
    void this.engine.start();
    return this.engine;
  }

  private show(run: number, { comparison }: Result): void {
    if (run !== this.store.state.wanted) return;
    const before = this.store.state.comparison?.headline;
    this.store.set({ comparison, shown: run });
    if (comparison && comparison.headline !== before) this.say(sentence(comparison.headline));
  }
}
