// The last work: kept in this browser only while that is asked for, and given back when the page is opened again.
import { sourceOfText } from '../source/files';
import type { App } from './app';
import { isBlank, type Source } from './documents';
import { attempt } from './kept';
import { documentsIn } from './link';

const KEY = 'portcullis-last-work';
/** So much is kept, in characters: browsers give a page about five million. */
export const MOST_KEPT = 1_000_000;
/** A change is kept after this pause, in milliseconds, and when the page is left. */
const PAUSE = 400;

/** `refused`: the browser lets this page store nothing; `clean`: the address asks for a page that stores nothing. */
export type Keeping = 'off' | 'on' | 'too-large' | 'refused' | 'clean';

export class Keeper {
  private pause = 0;
  /** The texts that are not kept as they are. */
  private alone: ReadonlySet<unknown> = new Set();
  private seen: unknown[] = [];

  constructor(private readonly app: App) {}

  /** Gives the last work back where there is some; `clean` leaves it alone and keeps nothing. */
  start(clean: boolean, give: boolean): void {
    if (clean) return this.app.store.set({ keeping: 'clean' });
    const kept = attempt(store => store.getItem(KEY));
    if (kept === null || kept === undefined) return;
    this.watch();
    const documents = give ? documentsIn(kept) : null;
    if (!documents) return;
    const sources = documents.map(({ name, text }) => sourceOfText(name, text));
    this.app.begin(sources);
    this.leaveAlone(sources);
    this.app.store.set({ notice: 'Your last work, as this browser kept it.' });
  }

  /** These are kept only once one of them is changed: what came from a link does not replace what was kept. */
  leaveAlone(sources: readonly Source[]): void {
    this.alone = new Set(sources.map(bodyOf));
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
    const present = () => this.app.state.docs.flatMap(({ source }) => [source.name, bodyOf(source)]);
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

  /** No change waits to be kept. */
  private settle(): void {
    clearTimeout(this.pause);
    this.pause = 0;
  }

  private keep(): void {
    this.settle();
    const { keeping, docs } = this.app.state;
    if (keeping !== 'on' && keeping !== 'too-large') return;
    // It was switched off in another tab.
    if (attempt(store => store.getItem(KEY)) === null) return this.app.store.set({ keeping: 'off' });
    const sources = docs.map(({ source }) => source).filter(source => !isBlank(source));
    if (sources.length > 0 && sources.every(source => this.alone.has(bodyOf(source)))) return;
    const texts = sources.flatMap(source => (source.kind === 'text' ? [{ name: source.name, text: source.text }] : []));
    const fits = texts.length === sources.length && texts.reduce((sum, { text }) => sum + text.length, 0) <= MOST_KEPT;
    const put = (value: unknown) => attempt(store => store.setItem(KEY, JSON.stringify(value))) !== undefined;
    // An older state would be taken for the last one.
    const kept = fits && put(texts);
    if (!kept) put([]);
    this.app.store.set({ keeping: kept ? 'on' : 'too-large' });
  }
}

const bodyOf = (source: Source): string | Blob => (source.kind === 'text' ? source.text : source.blob);
