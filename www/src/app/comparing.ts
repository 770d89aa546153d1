// Two sides, and what opens and closes from the one to the other. It has a worker of its own, so that the review stays.
import { Engine } from '../session/engine';
import type { Assumed, Result } from '../session/protocol';
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
  /** Of each side, the document whose text is shown. */
  viewed: Record<Side, number>;
  /** What the review assumed when a side was last filled from it; it holds for both. */
  assumed: Assumed;
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
    viewed: { before: 0, after: 0 },
    assumed: new Map(),
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
    const { sides, viewed } = this.store.state;
    const edited = sides[side].map((source, n): Source => (n === viewed[side] ? { kind: 'text', name: source.name, text, example: null } : source));
    this.put(side, edited, false);
  }

  /** Shows the text of another document of a side; false where it has none that can be shown. */
  view(side: Side, document: number): boolean {
    const { sides, viewed } = this.store.state;
    if (sides[side][document]?.kind !== 'text') return false;
    this.store.set({ viewed: { ...viewed, [side]: document } });
    return true;
  }

  /** Fills a side from elsewhere. */
  fill(side: Side, sources: readonly Source[], assumed: Assumed = this.store.state.assumed): void {
    this.store.set({ assumed });
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
    const { sides, viewed, replaced } = this.store.state;
    this.store.set({
      sides: { before: sides.after, after: sides.before },
      viewed: { before: viewed.after, after: viewed.before },
      replaced: replaced + 1,
    });
    this.schedule();
  }

  private put(side: Side, sources: readonly Source[], fromOutside: boolean): void {
    const { sides, viewed, replaced } = this.store.state;
    const shown = fromOutside ? { ...viewed, [side]: 0 } : viewed;
    this.store.set({ sides: { ...sides, [side]: sources }, viewed: shown, replaced: replaced + (fromOutside ? 1 : 0) });
    this.schedule();
  }

  private schedule(): void {
    const run = this.store.state.wanted + 1;
    clearTimeout(this.pause);
    this.store.set({ wanted: run, error: null });
    const { before, after } = this.store.state.sides;
    if (before.every(isBlank) || after.every(isBlank)) {
      this.engine?.cancel();
      const assumed = before.every(isBlank) && after.every(isBlank) ? new Map() : this.store.state.assumed;
      return this.store.set({ shown: run, comparison: null, assumed });
    }
    this.pause = window.setTimeout(() => this.run(run), PAUSE);
  }

  private run(run: number): void {
    const { sides, assumed } = this.store.state;
    const { before, after } = sides;
    const inputs = (sources: readonly Source[], first: number) =>
      sources.map((source, n) => ({ key: first + n, name: source.name, body: source.kind === 'text' ? source.text : source.blob }));
    const none = { filter: undefined, findings: 0, notes: 0, policies: 0, ports: 0, marks: { document: 0, count: 0 } };
    this.started().review({ run, before: inputs(before, 0), inputs: inputs(after, before.length), assumed, wanted: none });
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
