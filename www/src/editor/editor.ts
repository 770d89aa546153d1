// The editor: CodeMirror inside a shadow root, where its styles become adopted sheets and need no exception in the policy.
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import { bracketMatching, codeFolding, foldGutter, foldKeymap } from '@codemirror/language';
import { search, searchKeymap } from '@codemirror/search';
import { Annotation, Compartment, EditorState, type Extension } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars, keymap, lineNumbers, placeholder, type ViewUpdate } from '@codemirror/view';
import { flash, flashExtension } from './flash';
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
  /** What the arrow keys can change at the caret, or are changing. */
  probe(probe: Probe | null): void;
};

/** Changes and selections made by the page, which must not be heard as the user's. */
const byPage = Annotation.define<boolean>();

export function createEditor(host: HTMLElement, text: string, describedBy: string, events: EditorEvents): Surface & { destroy(): void } {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
  const language = new Compartment();
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(),
        marksExtension,
        codeFolding(),
        foldGutter(),
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
        language.of(languageOf(text)),
        theme,
        EditorView.contentAttributes.of({ 'aria-label': 'Configuration to review', 'aria-description': describedBy, tabindex: '0', spellcheck: 'false' }),
        probeExtension(events.probe),
        keymap.of([
          { key: 'F8', run: () => (events.step(1), true), shift: () => (events.step(-1), true) },
          ...defaultKeymap,
          ...historyKeymap,
          ...foldKeymap,
          ...searchKeymap,
        ]),
        EditorView.updateListener.of(update => hear(update, events)),
        EditorView.updateListener.of(update => {
          if (!update.docChanged) return;
          const wanted = languageOf(update.state.sliceDoc(0, 200));
          if (wanted !== language.get(update.state)) update.view.dispatch({ effects: language.reconfigure(wanted) });
        }),
      ],
    }),
  });
  return {
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

const jsonLanguage = json();
const noLanguage: Extension = [];

/** Colours only what looks like JSON; anything else stays plain instead of being coloured wrongly. */
const languageOf = (text: string): Extension => (/^[\s\uFEFF]*[[{]/.test(text) ? jsonLanguage : noLanguage);

function hear(update: ViewUpdate, events: EditorEvents): void {
  if (update.transactions.some(transaction => transaction.annotation(byPage))) return;
  if (update.docChanged) {
    const replacedAll = update.startState.doc.length === 0 || update.changes.mapPos(update.startState.doc.length, -1) === 0;
    events.changed(update.state.doc.toString(), replacedAll);
  }
  if (update.docChanged || update.selectionSet) events.caret(update.state.doc.lineAt(update.state.selection.main.head).number);
}
