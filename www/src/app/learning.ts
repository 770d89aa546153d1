// What is learnt: which part of the training ground is shown, and how far the learner is.
import { Store } from './store';

export type LearnTab = 'exercises' | 'primer' | 'drill';

export type LearnState = {
  tab: LearnTab;
  /** The exercise that is worked on, by its id; null shows the track. */
  exercise: string | null;
  /** The chapter of the primer, by its id; null shows the first. */
  chapter: string | null;
};

export class Learning {
  readonly store = new Store<LearnState>({ tab: 'exercises', exercise: null, chapter: null });

  show(tab: LearnTab): void {
    this.store.set({ tab });
    scrollTo({ top: 0 });
  }

  /** Shows a chapter of the primer by its id. */
  read(chapter: string): void {
    this.store.set({ tab: 'primer', chapter });
  }

  /** Shows an exercise by its id. */
  open(id: string): void {
    this.store.set({ tab: 'exercises', exercise: id });
    scrollTo({ top: 0 });
  }
}
