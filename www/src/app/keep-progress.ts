// How far the learner is: kept in this browser only while that is asked for, as the same files that can be exported.
import { MOST_KEPT } from './keep';
import { attempt } from './kept';
import type { Learning } from './learning';

const KEY = 'portcullis-learning';
/** A change is kept after this pause, in milliseconds, and when the page is left. */
const PAUSE = 400;

export class ProgressKeeper {
  private pause = 0;
  private watching = false;

  constructor(private readonly learning: Learning) {}

  /** Gives the progress back where there is some; `clean` leaves it alone and keeps nothing. */
  async start(clean: boolean): Promise<void> {
    if (clean) return this.learning.store.set({ keeping: 'clean' });
    const kept = attempt(store => store.getItem(KEY));
    if (kept === null || kept === undefined) return;
    if (kept) await this.learning.restore(kept);
    this.watch();
  }

  /** Switching off deletes at once. */
  async set(on: boolean): Promise<void> {
    if (!on) {
      this.settle();
      attempt(store => store.removeItem(KEY));
      return this.learning.store.set({ keeping: 'off' });
    }
    if (attempt(store => store.setItem(KEY, '')) === undefined) return this.learning.store.set({ keeping: 'refused' });
    this.watch();
    await this.keep();
  }

  private watch(): void {
    const { store } = this.learning;
    store.set({ keeping: 'on' });
    if (this.watching) return;
    this.watching = true;
    let { progress, learner } = store.state;
    store.subscribe(() => {
      const now = store.state;
      if (now.progress === progress && now.learner === learner) return;
      ({ progress, learner } = now);
      clearTimeout(this.pause);
      this.pause = window.setTimeout(() => void this.keep(), PAUSE);
    });
    addEventListener('pagehide', () => this.pause && void this.keep());
  }

  /** No change waits to be kept. */
  private settle(): void {
    clearTimeout(this.pause);
    this.pause = 0;
  }

  private async keep(): Promise<void> {
    this.settle();
    const { store } = this.learning;
    const isOn = () => store.state.keeping === 'on' || store.state.keeping === 'too-large';
    if (!isOn()) return;
    const text = this.learning.answersText('own');
    // It was switched off meanwhile, here or in another tab.
    if (!isOn() || attempt(kept => kept.getItem(KEY)) === null) return store.set({ keeping: 'off' });
    const kept = text.length <= MOST_KEPT && attempt(shelf => shelf.setItem(KEY, text)) !== undefined;
    store.set({ keeping: kept ? 'on' : 'too-large' });
  }
}
