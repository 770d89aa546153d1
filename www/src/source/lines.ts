// Lines of a document too large for the editor: where they begin, and a few of them around a place.
import type { At } from '../session/types';

/** For each piece of the file: where it starts in bytes, and how many lines ended before it. */
export type LineIndex = { starts: number[]; endedBefore: number[] };

export type ExcerptLine = { number: number; text: string; clippedBefore: boolean; clippedAfter: boolean };

const NEWLINE = 10;
/** Lines shown before and after the place. */
const AROUND = 4;
/** Longer lines (minified documents are one line) are cut to a window around the place. */
const WIDEST = 400;

/** Counts lines while the chunks of a file pass by on their way to the worker. */
export function countingLines(): { add(bytes: Uint8Array): void; index(): LineIndex } {
  const index: LineIndex = { starts: [], endedBefore: [] };
  let offset = 0;
  let ended = 0;
  return {
    add(bytes) {
      index.starts.push(offset);
      index.endedBefore.push(ended);
      for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) ended += 1;
      offset += bytes.length;
    },
    index: () => index,
  };
}

/** The lines around a place, each cut to a readable width. */
export async function excerpt(blob: Blob, index: LineIndex, at: At): Promise<ExcerptLine[]> {
  const first = Math.max(1, at.line - AROUND);
  const lines: ExcerptLine[] = [];
  let offset = await lineStart(blob, index, first);
  for (let number = first; number <= at.line + AROUND && offset < blob.size; number++) {
    const column = number === at.line ? Math.max(1, at.column) : 1;
    const { line, next } = await readLine(blob, offset, number, column, number >= at.line);
    lines.push(line);
    offset = next;
  }
  return lines;
}

async function lineStart(blob: Blob, index: LineIndex, line: number): Promise<number> {
  const ended = line - 1;
  if (ended === 0) return 0;
  // The last piece before which fewer lines had ended holds the newline we look for.
  let piece = 0;
  while (piece + 1 < index.starts.length && (index.endedBefore[piece + 1] ?? Infinity) < ended) piece += 1;
  let counted = index.endedBefore[piece] ?? 0;
  let offset = index.starts[piece] ?? 0;
  for await (const bytes of chunks(blob.slice(offset))) {
    for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) {
      counted += 1;
      if (counted === ended) return offset + at + 1;
    }
    offset += bytes.length;
  }
  return blob.size;
}

/** Reads one line, keeping only a window of it around `column`; says where the next line starts. The rest of a very long
 * line is not searched for its end when nothing after it needs to be shown (`mayStop`). */
async function readLine(
  blob: Blob,
  offset: number,
  number: number,
  column: number,
  mayStop: boolean,
): Promise<{ line: ExcerptLine; next: number }> {
  const decoder = new TextDecoder();
  const from = column <= WIDEST / 2 ? 0 : column - WIDEST / 4;
  let seen = 0;
  let text = '';
  let next = offset;
  for await (const bytes of chunks(blob.slice(offset))) {
    const end = bytes.indexOf(NEWLINE);
    const piece = decoder.decode(end < 0 ? bytes : bytes.subarray(0, end), { stream: end < 0 });
    text += piece.slice(Math.max(0, from - seen), Math.max(0, from + WIDEST + 1 - seen));
    seen += piece.length;
    next += end < 0 ? bytes.length : end + 1;
    if (end >= 0) break;
    if (mayStop && seen > from + WIDEST) return { line: clip(number, text, from, true), next: blob.size };
  }
  return { line: clip(number, text.replace(/\r$/, ''), from, seen > from + WIDEST), next };
}

function clip(number: number, text: string, from: number, after: boolean): ExcerptLine {
  return { number, text: text.slice(0, WIDEST), clippedBefore: from > 0, clippedAfter: after };
}

async function* chunks(blob: Blob): AsyncGenerator<Uint8Array> {
  const reader = blob.stream().getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    void reader.cancel();
  }
}
