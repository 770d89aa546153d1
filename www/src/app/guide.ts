// The ways from one part of the page to another, and back.
import type { App } from './app';
import type { At } from '../session/types';
import { readTry, type Side, watchFragment } from './fragment';

/** What a baseline is called beside the configuration, here and for the command line. */
const BASELINE = 'portcullis.toml';

export class Guide {
  /** What had the focus when the review was left. */
  private left: HTMLElement | null = null;

  constructor(private readonly app: App) {}

  /** Follows the fragment of the page's address. Called once questions can be asked. */
  start(): void {
    watchFragment(({ key, value }) => {
      if (key === 'chapter') {
        this.app.setSection('learn');
        this.app.learning.read(value);
      }
      if (key !== 'try') return;
      const { id, side } = readTry(value);
      void this.try(id, side);
    });
  }

  /** Loads an example of a check into the editor. */
  async try(id: string, side: Side): Promise<void> {
    const doc = await this.app.engine.ask('audit', id).catch(() => undefined);
    this.app.setSection('review');
    if (!doc) return this.app.store.set({ error: `there is no check with the name ${id}: the section Checks lists them all` });
    const text = doc[side];
    const name = `${id}-${side}.${doc.ending}`;
    const told =
      side === 'secure'
        ? { title: `${doc.title}: the secure form`, lesson: doc.fix, verdict: 'secure' as const }
        : { title: doc.title, lesson: doc.why, verdict: 'dangerous' as const };
    const beside = doc.baseline ? [{ name: BASELINE, text: doc.baseline, example: null }] : [];
    this.app.begin([{ name, text, example: { id, text, ...told } }, ...beside].map(source => ({ kind: 'text', ...source })));
  }

  /** From an open port to what the catalog says of it. */
  whatIs(text: string): void {
    this.left = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    this.app.store.set({ browsing: { text, category: null, severity: null } });
    this.app.setSection('catalog');
  }

  /** To a place in the text of the review. */
  show(at: At): void {
    this.left = null;
    this.app.setSection('review');
    this.app.setView('ports');
    afterDrawing(() => this.app.selection.jump(at, null));
  }

  /** Whether the review was left for the catalog by way of a port. */
  get cameFromReview(): boolean {
    return this.left?.isConnected ?? false;
  }

  /** To the review, where it was left. */
  back(): void {
    const { left } = this;
    this.left = null;
    this.app.setSection('review');
    afterDrawing(() => left?.focus());
  }
}

/** The desk can take the focus once it is drawn again. */
const afterDrawing = (then: () => void): void => void requestAnimationFrame(then);
