// The last work: kept in this browser only while that is asked for, and given back when the page is opened again.
import { sourceOfText } from '../source/files';
import type { App } from './app';
import { isBlank, type Source } from './documents';
import { attempt } from './kept';
import { settled, type Work, workIn, written } from './link';

const KEY = 'portcullis-last-work';
/** So much is kept, in characters: browsers give a page about five million. */
export const MOST_KEPT = 1_000_000;
/** A change is kept after this pause, in milliseconds, and when the page is left. */
const PAUSE = 400;

/** `refused`: the browser lets this page store nothing; `clean`: the address asks for a page that stores nothing. */
export type Keeping = 'off' | 'on' | 'too-large' | 'refused' | 'clean';

export class Keeper {
  private pause = 0;
  /** The texts, and the values assumed about them, that are not kept as they are. */
  private alone: ReadonlySet<unknown> = new Set();
  private seen: unknown[] = [];

  constructor(private readonly app: App) {}

  /** Gives the last work back where there is some; `clean` leaves it alone and keeps nothing. */
  start(clean: boolean, give: boolean): void {
    if (clean) return this.app.store.set({ keeping: 'clean' });
    const kept = attempt(store => store.getItem(KEY));
    if (kept === null || kept === undefined) return;
    this.watch();
    const work = give ? workIn(kept) : null;
    if (!work) return;
    this.resume(work);
    this.app.store.set({ notice: 'Your last work, as this browser kept it.' });
  }

  /** Goes on with work that was kept or carried. It is kept only once it is changed: what came from a link does not replace what
   * was kept. */
  resume({ documents, assumed }: Work): void {
    this.app.begin(documents.map(({ name, text }) => sourceOfText(name, text)), new Map(assumed.map(({ open, value }) => [open, value])));
    this.alone = new Set(this.parts());
  }

  /** Switching off deletes at once. */
  set(on: boolean): void {
    if (!on) {
      this.settle();
      attempt(store => store.removeItem(KEY));
      return this.app.store.set({ keeping: 'off' });
    }
    if (attempt(store => store.setItem(KEY, '[]')) === undefined) return this.app.store.set({ keeping: 'refused' });
    this.alone = new Set();
    this.watch();
    this.keep();
  }

  private watch(): void {
    this.app.store.set({ keeping: 'on' });
    // There is always a document, so this is watched already.
    if (this.seen.length > 0) return;
    const present = () => [...this.app.state.docs.map(({ source }) => source.name), ...this.parts()];
    this.seen = present();
    this.app.store.subscribe(() => {
      const now = present();
      if (now.length === this.seen.length && now.every((part, n) => part === this.seen[n])) return;
      this.seen = now;
      clearTimeout(this.pause);
      this.pause = window.setTimeout(() => this.keep(), PAUSE);
    });
    addEventListener('pagehide', () => this.pause && this.keep());
  }

  /** What makes the work another one when it changes. */
  private parts(): unknown[] {
    const { docs, assumed } = this.app.state;
    return [...docs.map(({ source }) => source).filter(source => !isBlank(source)).map(bodyOf), assumed];
  }

  /** No change waits to be kept. */
  private settle(): void {
    clearTimeout(this.pause);
    this.pause = 0;
  }

  private keep(): void {
    this.settle();
    const { keeping, docs, assumed } = this.app.state;
    if (keeping !== 'on' && keeping !== 'too-large') return;
    // It was switched off in another tab.
    if (attempt(store => store.getItem(KEY)) === null) return this.app.store.set({ keeping: 'off' });
    const sources = docs.map(({ source }) => source).filter(source => !isBlank(source));
    if (sources.length > 0 && this.parts().every(part => this.alone.has(part))) return;
    const texts = sources.flatMap(source => (source.kind === 'text' ? [{ name: source.name, text: source.text }] : []));
    const fits = texts.length === sources.length && texts.reduce((sum, { text }) => sum + text.length, 0) <= MOST_KEPT;
    const put = (work: Work) => attempt(store => store.setItem(KEY, written(work))) !== undefined;
    // An older state would be taken for the last one.
    const kept = fits && put({ documents: texts, assumed: settled(assumed) });
    if (!kept) put({ documents: [], assumed: [] });
    this.app.store.set({ keeping: kept ? 'on' : 'too-large' });
  }
}

const bodyOf = (source: Source): string | Blob => (source.kind === 'text' ? source.text : source.blob);
