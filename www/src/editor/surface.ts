import type { At, Verdict } from '../session/types';

/** Something to show at a place in the text: a rule's verdict, or a part that was not understood. */
export type Note = { at: At; verdict: Verdict | null; text: string };

/** An address or a port at the caret that the arrow keys can change; `now` once they have. */
export type Probe = { kind: 'cidr' | 'port'; was: string; now: string | null };

/** What the rest of the page needs from the place where the text stands: the editor or the plain text box. */
export interface Surface {
  /** Replaces the whole text, as one step that can be undone. */
  setText(text: string): void;
  /** Shows another document: its text as it was left, with its own steps for undoing. */
  show(document: number, text: string): void;
  setNotes(notes: Note[]): void;
  /** Selects a place, brings it into view and shows where it is. */
  reveal(at: At, focus: boolean): void;
  focus(): void;
}
