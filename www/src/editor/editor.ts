// The editor: CodeMirror inside a shadow root, where its styles become adopted sheets and need no exception in the policy.
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { bracketMatching, foldKeymap } from '@codemirror/language';
import { search, searchKeymap } from '@codemirror/search';
import { Annotation, EditorState } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars, keymap, lineNumbers, placeholder, type ViewUpdate } from '@codemirror/view';
import { colours } from './colours';
import { flash, flashExtension } from './flash';
import { folding } from './folding';
import { marksExtension, rangeOf, showNotes } from './marks';
import { probeExtension } from './probe';
import type { Probe, Surface } from './surface';
import { theme } from './theme';

export type EditorEvents = {
  /** The user changed the text; `replacedAll` when nothing of the text before is left. */
  changed(text: string, replacedAll: boolean): void;
  /** The user moved the caret to a line. */
  caret(line: number): void;
  /** Asked for the next or the previous finding. */
  step(by: 1 | -1): void;
  /** Asked to go back to what led into the text; false where nothing did. */
  back?(): boolean;
  /** What the arrow keys can change at the caret, or are changing. */
  probe(probe: Probe | null): void;
};

/** Changes and selections made by the page, which must not be heard as the user's. */
const byPage = Annotation.define<boolean>();

export function createEditor(host: HTMLElement, document: number, text: string, describedBy: string, label: string, events: EditorEvents): Surface & { destroy(): void } {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
  const begun = (doc: string) =>
    EditorState.create({
      doc,
      extensions: [
        lineNumbers(),
        marksExtension,
        folding,
        colours,
        flashExtension,
        highlightSpecialChars(),
        history(),
        drawSelection(),
        bracketMatching(),
        highlightActiveLine(),
        highlightActiveLineGutter(),
        search({ top: true }),
        EditorView.lineWrapping,
        placeholder('Paste a configuration here'),
        theme,
        EditorView.contentAttributes.of({ 'aria-label': label, 'aria-description': describedBy, tabindex: '0', spellcheck: 'false' }),
        probeExtension(events.probe),
        keymap.of([
          { key: 'F8', run: () => (events.step(1), true), shift: () => (events.step(-1), true) },
          ...searchKeymap,
          // Behind the keys that close something in the editor itself.
          { key: 'Escape', run: () => events.back?.() ?? false },
          ...defaultKeymap,
          ...historyKeymap,
          ...foldKeymap,
        ]),
        EditorView.updateListener.of(update => hear(update, events)),
      ],
    });
  const view = new EditorView({ root, parent: root, state: begun(text) });
  /** The documents that are not shown, as they were left. */
  const left = new Map<number, EditorState>();
  return {
    show(next, text) {
      left.set(document, view.state);
      const state = left.get(next);
      // A file that was opened again has another text than the one that was left.
      view.setState(state && state.doc.toString() === text ? state : begun(text));
      document = next;
      left.delete(next);
    },
    setText(text) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text }, selection: { anchor: 0 }, scrollIntoView: true, annotations: byPage.of(true) });
    },
    setNotes: notes => showNotes(view, notes),
    reveal(at, focus) {
      const { from, to } = rangeOf(view.state.doc, at);
      const effects = [EditorView.scrollIntoView(from, { y: 'center' }), flash.of({ from, to })];
      view.dispatch({ selection: { anchor: from, head: to }, effects, annotations: byPage.of(true) });
      if (focus) view.focus();
    },
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  };
}

function hear(update: ViewUpdate, events: EditorEvents): void {
  if (update.transactions.some(transaction => transaction.annotation(byPage))) return;
  if (update.docChanged) {
    let replacedAll = false;
    update.changes.iterChangedRanges((from, to) => (replacedAll ||= from === 0 && to === update.startState.doc.length));
    events.changed(update.state.doc.toString(), replacedAll);
    // What was pasted over everything is read from its beginning, by the caret as well: out of sight, its next step would be anywhere.
    if (replacedAll && update.transactions.some(transaction => transaction.isUserEvent('input.paste')))
      return update.view.dispatch({ selection: { anchor: 0 }, scrollIntoView: true });
  }
  if (update.docChanged || update.selectionSet) events.caret(update.state.doc.lineAt(update.state.selection.main.head).number);
}
