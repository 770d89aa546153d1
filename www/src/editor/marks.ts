// Verdicts inside the editor: a gutter with one shape per line, underlines in the text, a tooltip on both.
import { RangeSet, RangeSetBuilder, StateEffect, StateField, type EditorState, type Extension, type Text } from '@codemirror/state';
import { Decoration, EditorView, GutterMarker, gutter, hoverTooltip, type DecorationSet } from '@codemirror/view';
import type { At, Verdict } from '../session/types';
import { shapeOf } from '../ui/shapes';
import { VERDICTS, verdictWord } from '../words';
import type { Note } from './surface';

type Placed = { from: number; to: number; verdict: Verdict | null; text: string };

type Notes = { list: Placed[]; gutter: RangeSet<GutterMarker>; underlines: DecorationSet };

const setNotes = StateEffect.define<Notes>();

const notesField = StateField.define<Notes>({
  create: () => ({ list: [], gutter: RangeSet.empty, underlines: Decoration.none }),
  update(notes, transaction) {
    for (const effect of transaction.effects) if (effect.is(setNotes)) return effect.value;
    if (!transaction.docChanged) return notes;
    // Until the next result comes the marks move with the text.
    const { changes } = transaction;
    return {
      list: notes.list.map(note => ({ ...note, from: changes.mapPos(note.from, 1), to: changes.mapPos(note.to, -1) })),
      gutter: notes.gutter.map(changes),
      underlines: notes.underlines.map(changes),
    };
  },
  provide: field => EditorView.decorations.from(field, notes => notes.underlines),
});

export function showNotes(view: EditorView, notes: Note[]): void {
  view.dispatch({ effects: setNotes.of(build(view.state, notes)) });
}

/** A place as offsets. The text may have changed since the place was reported, so everything is held inside it. */
export function rangeOf(doc: Text, at: At): { from: number; to: number } {
  const offset = (line: number, column: number) => {
    const found = doc.line(Math.min(Math.max(1, line), doc.lines));
    return Math.min(found.to, found.from + Math.max(0, column - 1));
  };
  const from = offset(at.line, at.column);
  return { from, to: Math.max(from, offset(at.end_line, at.end_column)) };
}

export const marksExtension: Extension = [
  notesField,
  gutter({
    class: 'pc-gutter',
    markers: view => view.state.field(notesField).gutter,
    initialSpacer: () => new ShapeMarker(null, ''),
    domEventHandlers: {
      mousedown(view, block) {
        view.dispatch({ selection: { anchor: block.from }, userEvent: 'select.pointer' });
        view.focus();
        return true;
      },
    },
  }),
  hoverTooltip((view, position) => {
    const notes = view.state.field(notesField).list.filter(note => note.from <= position && position <= note.to);
    if (notes.length === 0) return null;
    const from = Math.max(...notes.map(note => note.from));
    return { pos: from, end: Math.min(...notes.map(note => note.to)), above: true, create: () => ({ dom: tooltip(notes) }) };
  }),
];

class ShapeMarker extends GutterMarker {
  constructor(
    readonly verdict: Verdict | null,
    readonly label: string,
  ) {
    super();
  }

  override eq(other: ShapeMarker): boolean {
    return other.verdict === this.verdict && other.label === this.label;
  }

  override toDOM(): Node {
    const marker = document.createElement('span');
    marker.className = `pc-shape pc-${this.verdict ?? 'none'}`;
    marker.title = this.label;
    marker.append(shapeElement(this.verdict));
    return marker;
  }
}

function build(state: EditorState, notes: Note[]): Notes {
  const list = notes.map(({ at, verdict, text }): Placed => ({ ...rangeOf(state.doc, at), verdict, text })).sort((a, b) => a.from - b.from || a.to - b.to);

  const worst = worstAt(list, note => state.doc.lineAt(note.from).from);
  const shapes = new RangeSetBuilder<GutterMarker>();
  for (const [line, note] of worst) shapes.add(line, line, new ShapeMarker(note.verdict, `${verdictWord(note.verdict)}: ${note.text}`));

  const underlines = new RangeSetBuilder<Decoration>();
  // One block can stand for thousands of rules, and the editor takes a layer for each mark upon another.
  for (const { from, to, verdict } of worstAt(list, note => note.from).values()) {
    // A rule written over many lines is underlined where it begins; the gutter and the jump show the rest.
    const end = Math.min(to, state.doc.lineAt(from).to);
    if (end > from) underlines.add(from, end, Decoration.mark({ class: `pc-mark pc-${verdict ?? 'none'}` }));
  }
  return { list, gutter: shapes.finish(), underlines: underlines.finish() };
}

/** Of the notes with the same key only the worst, in their order. */
function worstAt(list: Placed[], key: (note: Placed) => number): Map<number, Placed> {
  const worst = new Map<number, Placed>();
  for (const note of list) {
    const at = key(note);
    const before = worst.get(at);
    if (!before || rank(note) < rank(before)) worst.set(at, note);
  }
  return worst;
}

const rank = (note: Placed): number => (note.verdict ? VERDICTS.indexOf(note.verdict) : VERDICTS.length);

function tooltip(notes: Placed[]): HTMLElement {
  const box = document.createElement('div');
  box.className = 'pc-tooltip';
  for (const note of notes.slice(0, 5)) {
    const row = document.createElement('p');
    const word = document.createElement('strong');
    word.className = `pc-${note.verdict ?? 'none'}`;
    word.append(shapeElement(note.verdict), verdictWord(note.verdict));
    row.append(word, ` ${note.text}`);
    box.append(row);
  }
  return box;
}

function shapeElement(verdict: Verdict | null): SVGElement {
  const svg = (name: string, attributes: Record<string, string>) => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  };
  const { body, sign } = shapeOf(verdict);
  const picture = svg('svg', { viewBox: '0 0 16 16', 'aria-hidden': 'true' });
  if (body) picture.append(svg('path', { d: body, class: 'pc-body' }));
  picture.append(svg('path', { d: sign, class: body ? 'pc-sign' : 'pc-ring' }));
  return picture;
}
