// Folding by what the text looks like: from an opening bracket to its closing one, else over the lines that stand deeper.
import { codeFolding, foldGutter, foldService } from '@codemirror/language';
import type { EditorState, Extension } from '@codemirror/state';

/** So far a bracket's end is looked for, in lines: an arrow beside every line must not read the whole text. */
const FARTHEST = 1_000;

export const folding: Extension = [codeFolding(), foldGutter(), foldService.of(foldAt)];

function foldAt(state: EditorState, start: number): { from: number; to: number } | null {
  const first = state.doc.lineAt(start);
  const indent = indentOf(first.text);
  if (indent < 0) return null;
  const opens = /[{[(]\s*$/.test(first.text);
  // Without a bracket only the line that heads a deeper block can be folded, as in YAML.
  if (!opens && !/:\s*$/.test(first.text)) return null;
  if (first.number === state.doc.lines) return null;
  let end = first.to;
  let at = first.to + 1;
  let left = FARTHEST;
  for (const text of state.doc.iterLines(first.number + 1)) {
    const deep = indentOf(text);
    if (deep >= 0 && deep <= indent) {
      // The closing bracket stays visible behind the fold.
      if (opens && CLOSING.has(text.charAt(deep))) end = at + deep;
      break;
    }
    at += text.length + 1;
    if (deep >= 0) end = at - 1;
    if (--left === 0) break;
  }
  return end > first.to ? { from: first.to, to: end } : null;
}

const CLOSING = new Set('}])');

/** How far a line is indented; -1 for a blank one. */
const indentOf = (text: string): number => text.search(/\S/);
