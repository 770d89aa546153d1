// Shows where a jump ended: the lines of the place are lit until the caret moves on.
import { StateEffect, StateField, type Extension } from '@codemirror/state';
import { Decoration, EditorView, type DecorationSet } from '@codemirror/view';

export const flash = StateEffect.define<{ from: number; to: number }>();

/** A place that spans more lines than this is lit only where it begins. */
const MOST_LINES = 40;

const line = Decoration.line({ class: 'pc-flash' });

export const flashExtension: Extension = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(lit, transaction) {
    for (const effect of transaction.effects) {
      if (!effect.is(flash)) continue;
      const { doc } = transaction.state;
      const first = doc.lineAt(effect.value.from).number;
      const last = Math.min(doc.lineAt(effect.value.to).number, first + MOST_LINES);
      return Decoration.set(Array.from({ length: last - first + 1 }, (_, n) => line.range(doc.line(first + n).from)));
    }
    return transaction.docChanged || transaction.selection ? Decoration.none : lit;
  },
  provide: field => EditorView.decorations.from(field),
});
