// What changes from one text to another, line by line: the longest common subsequence of what is between the common ends.

export type Piece = { kind: 'same' | 'removed' | 'added'; lines: string[]; /** Of the first of them in its own text, from 1. */ first: number };

/** A table of more cells than this would be slow: the whole middle then counts as replaced. */
const MOST = 4_000_000;

export function difference(before: string, after: string): Piece[] {
  const [a, b] = [before.trimEnd().split('\n'), after.trimEnd().split('\n')];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
  const pieces: Piece[] = [];
  const put = (kind: Piece['kind'], line: string, first: number) => {
    const last = pieces.at(-1);
    if (last?.kind === kind) last.lines.push(line);
    else pieces.push({ kind, lines: [line], first });
  };
  a.slice(0, start).forEach((line, n) => put('same', line, n + 1));
  const [x, y] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  const lengths = x.length * y.length > MOST ? null : table(x, y);
  let [i, j] = [0, 0];
  while (i < x.length || j < y.length) {
    const [left, right] = [x[i], y[j]];
    if (lengths && left !== undefined && left === right) {
      put('same', left, start + i + 1);
      i += 1;
      j += 1;
    } else if (left !== undefined && (right === undefined || !lengths || (lengths[i + 1]?.[j] ?? 0) >= (lengths[i]?.[j + 1] ?? 0))) {
      put('removed', left, start + i + 1);
      i += 1;
    } else {
      put('added', right ?? '', start + j + 1);
      j += 1;
    }
  }
  a.slice(a.length - end).forEach((line, n) => put('same', line, a.length - end + n + 1));
  return pieces;
}

/** How many lines are common from each pair of places on. */
function table(x: string[], y: string[]): Uint32Array[] {
  const rows = Array.from({ length: x.length + 1 }, () => new Uint32Array(y.length + 1));
  for (let i = x.length - 1; i >= 0; i--) {
    for (let j = y.length - 1; j >= 0; j--) {
      rows[i]![j] = x[i] === y[j] ? rows[i + 1]![j + 1]! + 1 : Math.max(rows[i + 1]![j]!, rows[i]![j + 1]!);
    }
  }
  return rows;
}
