// Colours for every format that may be pasted: keys, strings, values and comments look much the same in all of them, so one
// expression on the visible lines does what a parser for each would, and never colours a text wrongly as another format.
import type { Extension } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, MatchDecorator, ViewPlugin, type ViewUpdate } from '@codemirror/view';

/** In this order: a string (a key where a colon or an equals sign follows), a comment, a word before such a sign, a value. A word is
 * tried from its beginning only: one of a hundred thousand letters would be read anew from each. */
const TOKENS =
  /(?<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')(?<key>\s*[:=](?!=))?|(?<comment>(?<=^|\s)(?:#|\/\/).*|\/\*.*?(?:\*\/|$))|(?<name>(?<![\w.]|\w-)[A-Za-z_][\w.-]*)(?=\s*[:=](?!=)(?:\s|$|["'{[]))|(?<value>\b(?:true|false|null|yes|no)\b|(?<![\w-])-?\d[\d.:a-fA-F]*(?:\/\d+)?\b)|(?<mark>[{}[\](),:;])/g;

const looks = {
  name: Decoration.mark({ class: 'pc-name' }),
  string: Decoration.mark({ class: 'pc-string' }),
  value: Decoration.mark({ class: 'pc-value' }),
  comment: Decoration.mark({ class: 'pc-comment' }),
  mark: Decoration.mark({ class: 'pc-punctuation' }),
};

const matcher = new MatchDecorator({
  regexp: TOKENS,
  decorate(add, from, _, { groups = {} }) {
    const { string, key, comment, name, value, mark } = groups;
    if (string !== undefined) add(from, from + string.length, key ? looks.name : looks.string);
    else if (comment !== undefined) add(from, from + comment.length, looks.comment);
    else if (name !== undefined) add(from, from + name.length, looks.name);
    else if (value !== undefined) add(from, from + value.length, looks.value);
    else if (mark !== undefined) add(from, from + 1, looks.mark);
  },
});

export const colours: Extension = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;

    constructor(view: EditorView) {
      this.decorations = matcher.createDeco(view);
    }

    update(update: ViewUpdate): void {
      this.decorations = matcher.updateDeco(update, this.decorations);
    }
  },
  { decorations: plugin => plugin.decorations },
);
