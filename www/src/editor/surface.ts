import type { At, Mark, Problem } from '../session/types';

/** What the rest of the page needs from the place where the text stands: the editor or the plain text box. */
export interface Surface {
  /** Replaces the whole text, as one step that can be undone. */
  setText(text: string): void;
  setMarks(marks: Mark[], problems: Problem[]): void;
  /** Selects a place, brings it into view and shows where it is. */
  reveal(at: At, focus: boolean): void;
  focus(): void;
}
