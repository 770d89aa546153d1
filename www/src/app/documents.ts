// The documents of a review, as plain data.
import type { Example } from '../session/types';
import type { LineIndex } from '../source/lines';

export type Source =
  | { kind: 'text'; name: string; text: string; example: Example | null }
  /** Too large for the editor: summarised, and read again only around the place that is shown. */
  | { kind: 'large'; name: string; blob: Blob; lines: LineIndex | null };

/** A document under a number of its own, which stays when others come and go. */
export type Doc = { key: number; source: Source };

/** What a document is called that came without a name. */
export const PASTED = 'pasted text';

export const EMPTY: Source = { kind: 'text', name: PASTED, text: '', example: null };

let keys = 0;
export const newDoc = (source: Source = EMPTY): Doc => ({ key: ++keys, source });

export const isBlank = (source: Source): boolean => source.kind === 'text' && !/\S/.test(source.text);

export const nothingPasted = ({ docs }: { docs: readonly Doc[] }): boolean => docs.every(({ source }) => isBlank(source));

/** The document that is shown. There is always one. */
export function activeSource({ docs, active }: { docs: readonly Doc[]; active: number }): Source {
  return (docs.find(({ key }) => key === active) ?? docs[0])?.source ?? EMPTY;
}

/** A name that no other document has, so that findings say which one they mean. */
export function freeName(docs: readonly Doc[], name: string): string {
  const taken = new Set(docs.map(({ source }) => source.name));
  if (!taken.has(name)) return name;
  for (let n = 2; ; n++) if (!taken.has(`${name} ${n}`)) return `${name} ${n}`;
}

/** Puts documents beside those that are there. One of the same name replaces it, and a blank one makes room. */
export function withDocs(docs: readonly Doc[], added: readonly Source[]): { docs: Doc[]; first: number } {
  const all = docs.filter(({ source }) => !isBlank(source));
  let first = 0;
  for (const source of added) {
    const old = all.findIndex(doc => doc.source.name === source.name);
    const doc = newDoc(source);
    if (old >= 0) all[old] = doc;
    else all.push(doc);
    first ||= doc.key;
  }
  return { docs: all, first };
}
