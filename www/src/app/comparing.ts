// Two sides, and what opens and closes from the one to the other. It has a worker of its own, so that the review stays.
import { Engine, type Lines } from '../session/engine';
import type { Assumed, Compared, Result } from '../session/protocol';
import type { At } from '../session/types';
import { type Found, sourceOfText, sourcesOf } from '../source/files';
import { sentence } from '../words';
import { isBlank, type Source } from './documents';
import { SLOW } from './slow';
import { Store } from './store';

export type Side = 'before' | 'after';
export const SIDES: readonly Side[] = ['before', 'after'];

export type ComparingState = {
  /** What each side holds: one text to edit, or several documents from elsewhere. */
  sides: Record<Side, readonly Source[]>;
  /** Of each side, the document that is shown. */
  viewed: Record<Side, number>;
  /** And the place in it, where it is too large to be shown as a whole. */
  place: Record<Side, At | null>;
  /** What the review assumed when a side was last filled from it; it holds for both. */
  assumed: Assumed;
  /** Counts up whenever a side is replaced from outside its editor. */
  replaced: number;
  /** The newest run asked for, and the newest one shown. */
  wanted: number;
  shown: number;
  /** Set once a run has taken longer than a frame or two, with the part of it that is done. */
  slow: boolean;
  progress: number;
  comparison: Compared | null;
  error: string | null;
};

const PAUSE = 60;

const blank = (side: Side): Source => ({ kind: 'text', name: side, text: '', example: null });

export class Comparing {
  readonly store = new Store<ComparingState>({
    sides: { before: [blank('before')], after: [blank('after')] },
    viewed: { before: 0, after: 0 },
    place: { before: null, after: null },
    assumed: new Map(),
    replaced: 0,
    wanted: 0,
    shown: 0,
    slow: false,
    progress: 0,
    comparison: null,
    error: null,
  });
  private engine: Engine | undefined;
  private pause = 0;
  private slowness = 0;
  /** A side is about something else than in the comparison that is shown. */
  private other = false;

  constructor(
    private readonly say: (sentence: string) => void,
    private readonly requests: (made: number, blocked: number) => void,
  ) {}

  /** The user changed the text of a side. */
  edit(side: Side, text: string): void {
    const { sides, viewed } = this.store.state;
    const edited = sides[side].map((source, n) => (n === viewed[side] ? sourceOfText(source.name, text) : source));
    this.put(side, edited, false);
  }

  /** Shows another document of a side, a large one around a place. */
  view(side: Side, document: number, at: At | null = null): void {
    const { viewed, place } = this.store.state;
    this.store.set({ viewed: { ...viewed, [side]: document }, place: { ...place, [side]: at } });
  }

  /** Fills a side from elsewhere. */
  fill(side: Side, sources: readonly Source[], assumed: Assumed = this.store.state.assumed): void {
    this.store.set({ assumed });
    const read = sources.filter(source => !isBlank(source));
    this.put(side, read.length > 0 ? read : [blank(side)], true);
  }

  async open(side: Side, found: Found): Promise<void> {
    const { sources, errors } = await sourcesOf(found);
    if (sources.length > 0) this.fill(side, sources);
    if (errors.length > 0) this.store.set({ error: errors.join('; ') });
  }

  swap(): void {
    const { sides, viewed, place, replaced } = this.store.state;
    this.other = true;
    this.store.set({
      sides: { before: sides.after, after: sides.before },
      viewed: { before: viewed.after, after: viewed.before },
      place: { before: place.after, after: place.before },
      replaced: replaced + 1,
    });
    this.schedule();
  }

  cancel(): void {
    this.stop();
    this.engine?.cancel();
    this.store.set({ shown: this.store.state.wanted, comparison: null, error: 'the comparison was cancelled: change a text or open a file again to start anew' });
  }

  private put(side: Side, sources: readonly Source[], fromOutside: boolean): void {
    const { sides, replaced } = this.store.state;
    this.other ||= fromOutside;
    if (fromOutside) this.view(side, 0);
    this.store.set({ sides: { ...sides, [side]: sources }, replaced: replaced + (fromOutside ? 1 : 0) });
    this.schedule();
  }

  private schedule(): void {
    const run = this.store.state.wanted + 1;
    this.stop();
    this.store.set({ wanted: run, error: null });
    const { before, after } = this.store.state.sides;
    if (before.every(isBlank) || after.every(isBlank)) {
      this.engine?.cancel();
      const assumed = before.every(isBlank) && after.every(isBlank) ? new Map() : this.store.state.assumed;
      return this.store.set({ shown: run, comparison: null, assumed });
    }
    this.pause = window.setTimeout(() => this.run(run), PAUSE);
  }

  /** What waits to be begun or to be called slow no longer does. */
  private stop(): void {
    clearTimeout(this.pause);
    clearTimeout(this.slowness);
    this.store.set({ slow: false });
  }

  private run(run: number): void {
    const { sides, assumed } = this.store.state;
    const { before, after } = sides;
    this.slowness = window.setTimeout(() => this.store.set(this.other ? { slow: true, comparison: null } : { slow: true }), SLOW);
    this.store.set({ progress: 0 });
    const inputs = (sources: readonly Source[], first: number) =>
      sources.map((source, n) => ({ key: first + n, name: source.name, body: source.kind === 'text' ? source.text : source.blob }));
    const none = { filter: undefined, findings: 0, notes: 0, policies: 0, ports: 0, marks: { document: 0, count: 0 } };
    this.started().review({ run, before: inputs(before, 0), inputs: inputs(after, before.length), assumed, wanted: none });
  }

  /** Its worker is started when it is first needed. */
  private started(): Engine {
    if (this.engine) return this.engine;
    const failed = (_: number | null, message: string) => {
      this.stop();
      this.store.set({ error: message, shown: this.store.state.wanted });
    };
    // One side is still being read while the other is judged.
    const progress = (run: number, part: number) => run === this.store.state.wanted && this.store.set({ progress: Math.max(part, this.store.state.progress) });
    this.engine = new Engine({ progress, done: (run, result, lines) => this.show(run, result, lines), failed, requests: this.requests });
    void this.engine.start();
    return this.engine;
  }

  private show(run: number, { comparison }: Result, lines: Lines): void {
    if (run !== this.store.state.wanted) return;
    this.stop();
    this.other = false;
    const { sides, comparison: last } = this.store.state;
    const before = last?.headline;
    const read = (sources: readonly Source[], first: number) =>
      sources.map((source, n) => (source.kind === 'large' ? { ...source, lines: lines.get(first + n) ?? source.lines } : source));
    this.store.set({ sides: { before: read(sides.before, 0), after: read(sides.after, sides.before.length) }, comparison, shown: run });
    if (comparison && comparison.headline !== before) this.say(sentence(comparison.headline));
  }
}
