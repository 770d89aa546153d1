// Arrow keys on an address or a port: what would the verdicts be if it were wider, narrower, the next one?
import { isolateHistory, undo } from '@codemirror/commands';
import { StateEffect, StateField, type EditorState, type Extension, type TransactionSpec } from '@codemirror/state';
import { Decoration, EditorView, keymap } from '@codemirror/view';
import { stepped, tokenAt, type Span, type Token } from './probe-token';
import type { Probe } from './surface';

/** So much of the text around the caret is looked at: no rule is longer, and a key press should not read a whole listing. */
const AROUND = 4000;

/** `token` is as it was before the first step, `at` and `twin` are where it stands now. */
type Probing = { token: Token; steps: number; at: Span; twin: Span | null };

const setProbing = StateEffect.define<Probing | null>();

const probingField = StateField.define<Probing | null>({
  create: () => null,
  update(probing, { effects, docChanged, state }) {
    for (const effect of effects) if (effect.is(setProbing)) return effect.value;
    // Any other edit, and moving away, keeps what stands there.
    const { head } = state.selection.main;
    return docChanged || !probing || head < probing.at.from || head > probing.at.to ? null : probing;
  },
  provide: field => EditorView.decorations.from(field, probing => (probing ? Decoration.set(mark.range(probing.at.from, probing.at.to)) : Decoration.none)),
});

const mark = Decoration.mark({ class: 'pc-probe' });

/** `told` hears what can be changed at the caret, what it is being changed to, and null where there is nothing. */
export const probeExtension = (told: (probe: Probe | null) => void): Extension => [
  probingField,
  keymap.of([
    { key: 'Alt-ArrowUp', run: view => step(view, 1) },
    { key: 'Alt-ArrowDown', run: view => step(view, -1) },
    // All steps are one in the history, so taking them back is one step as well.
    { key: 'Escape', run: view => view.state.field(probingField) !== null && undo(view) },
    { key: 'Enter', run: keep },
  ]),
  EditorView.domEventHandlers({ blur: (_, view) => void keep(view) }),
  EditorView.updateListener.of(update => {
    if (update.transactions.length > 0 || update.focusChanged) told(update.view.hasFocus ? shown(update.state) : null);
  }),
];

function shown(state: EditorState): Probe | null {
  const probing = state.field(probingField);
  const token = probing?.token ?? caretToken(state);
  return token && { kind: token.kind, was: token.text, now: probing && state.sliceDoc(probing.at.from, probing.at.to) };
}

/** At the caret, or at the beginning of what a jump has selected. */
function caretToken(state: EditorState): Token | null {
  const { head, from, empty } = state.selection.main;
  const start = Math.max(0, Math.min(head, from) - AROUND);
  const near = state.sliceDoc(start, head + AROUND);
  const token = tokenAt(near, head - start) ?? (empty ? null : tokenAt(near, from + 1 - start));
  if (!token) return null;
  const shift = <S extends Span>(span: S): S => ({ ...span, from: span.from + start, to: span.to + start });
  return token.kind === 'port' && token.twin ? { ...shift(token), twin: shift(token.twin) } : shift(token);
}

function step(view: EditorView, by: 1 | -1): boolean {
  const { state } = view;
  const before = state.field(probingField);
  const token = before?.token ?? caretToken(state);
  if (!token) return false;
  const { steps, at, twin } = before ?? { steps: 0, at: token, twin: token.kind === 'port' ? token.twin : null };
  const insert = stepped(token, steps + by);
  // At either end the key does nothing; moving the line instead would surprise.
  if (insert === null) return true;
  const changes = state.changes([at, ...(twin ? [twin] : [])].map(({ from, to }) => ({ from, to, insert })));
  const moved = ({ from, to }: Span): Span => ({ from: changes.mapPos(from, -1), to: changes.mapPos(to, 1) });
  const now = moved(at);
  const caret = now.from + Math.min(Math.max(0, state.selection.main.head - at.from), insert.length);
  const probing: Probing = { token, steps: steps + by, at: now, twin: twin && moved(twin) };
  // A composition is the one kind of input that the history always joins to what came before.
  const kind: TransactionSpec = before ? { userEvent: 'input.type.compose' } : { userEvent: 'input.probe', annotations: isolateHistory.of('before') };
  view.dispatch({ changes, selection: { anchor: caret }, effects: setProbing.of(probing), ...kind });
  return true;
}

/** Ends the probing with what stands there; the next edit is a step of its own in the history. */
function keep(view: EditorView): boolean {
  if (!view.state.field(probingField)) return false;
  view.dispatch({ effects: setProbing.of(null), annotations: isolateHistory.of('full') });
  return true;
}
