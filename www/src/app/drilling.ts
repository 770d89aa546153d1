// The drill: questions from a seed, one after the other, and how well they are answered.
import type { Engine } from '../session/engine';
import type { DrillQuestion } from '../session/types';
import { Store } from './store';

/** So many questions come from one seed; the next seed goes on from there. */
const FROM_ONE = 100;
/** The largest number that a seed is chosen from by itself, so that it is easily said. */
const MOST_BY_ITSELF = 10_000;
/** A seed has 32 bits. */
export const LAST_SEED = 2 ** 32 - 1;

export type DrillState = {
  seed: number;
  /** Those of the seed; empty until they are there. */
  questions: readonly DrillQuestion[];
  at: number;
  /** The choice that was made for the question, by its index. */
  chosen: number | null;
  right: number;
  answered: number;
  streak: number;
  longest: number;
};

const BEGUN = { questions: [], at: 0, chosen: null, right: 0, answered: 0, streak: 0, longest: 0 };

export class Drilling {
  readonly store = new Store<DrillState>({ seed: 1 + Math.floor(Math.random() * MOST_BY_ITSELF), ...BEGUN });

  constructor(
    private readonly engine: Engine,
    private readonly say: (said: string) => void,
  ) {}

  /** Begins a drill anew; the same seed asks the same questions. */
  begin(seed: number): void {
    this.store.set({ ...BEGUN, seed });
    void this.ensure();
  }

  /** Sees to it that there is something to ask. */
  async ensure(): Promise<void> {
    const { seed, questions } = this.store.state;
    if (questions.length > 0) return;
    // Refused only when the worker was ended: the next one can answer.
    const found = await this.engine.ask('drill', seed, FROM_ONE).catch(() => null);
    if (this.store.state.seed !== seed) return;
    if (found) this.store.set({ questions: found });
    else await this.ensure();
  }

  choose(choice: number): void {
    const { questions, at, chosen, right, answered, streak, longest } = this.store.state;
    const question = questions[at];
    if (!question || chosen !== null || choice >= question.choices.length) return;
    const good = choice === question.answer;
    const now = good ? streak + 1 : 0;
    this.store.set({ chosen: choice, answered: answered + 1, right: right + (good ? 1 : 0), streak: now, longest: Math.max(longest, now) });
    this.say(`${good ? 'Right' : `No: ${question.choices[question.answer] ?? ''}`}. ${question.because}.`);
  }

  next(): void {
    const { seed, questions, at, chosen } = this.store.state;
    if (chosen === null) return;
    if (at + 1 < questions.length) return this.store.set({ at: at + 1, chosen: null });
    this.store.set({ seed: seed < LAST_SEED ? seed + 1 : 0, questions: [], at: 0, chosen: null });
    void this.ensure();
  }
}
