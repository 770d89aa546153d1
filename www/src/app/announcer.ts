import type { Summary } from '../session/types';
import { changeWords } from '../words';

/** Long enough that typing is not talked over, in milliseconds. */
const QUIET = 800;

/** Tells screen readers what changed, once the text has been left alone for a moment. */
export class Announcer {
  private told: Summary | null = null;
  private timer = 0;

  constructor(private readonly say: (sentence: string) => void) {}

  result(summary: Summary): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      const change = changeWords(this.told, summary);
      this.told = summary;
      if (change) this.say(change);
    }, QUIET);
  }

  /** The text is gone: what comes next is told as new. */
  forget(): void {
    clearTimeout(this.timer);
    this.told = null;
    this.say('');
  }
}
