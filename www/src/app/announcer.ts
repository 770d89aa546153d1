import type { Summary } from '../session/types';
import { changeWords } from '../words';

/** Long enough that typing is not talked over, in milliseconds. */
const QUIET = 800;

/** Tells screen readers what changed, once the text has been left alone for a moment. */
export class Announcer {
  private told: Summary | null = null;
  private timer = 0;
  /** What is waiting to be told, by topic: of each only the newest. */
  private readonly waiting = new Map<string, () => string>();

  constructor(private readonly say: (sentence: string) => void) {}

  result(summary: Summary): void {
    this.later('result', () => {
      const change = changeWords(this.told, summary);
      this.told = summary;
      return change;
    });
  }

  /** Tells a change when there is quiet. The sentence is formed only then, against what was told last; empty when nothing changed. */
  later(topic: string, change: () => string): void {
    this.waiting.set(topic, change);
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      const said = [...this.waiting.values()].map(each => each()).filter(Boolean).join(' ');
      this.waiting.clear();
      if (said) this.say(said);
    }, QUIET);
  }

  /** The text is gone: what comes next is told as new. */
  forget(): void {
    clearTimeout(this.timer);
    this.waiting.clear();
    this.told = null;
    this.say('');
  }
}
