// A link that carries documents and what was assumed about them: packed into the part of an address behind `#`, which browsers send to no server.
import { drained } from '../source/drain';
import { PASTED } from './documents';

/** A document as it is carried and kept. */
export type Named = { name: string; text: string };
/** A value that was given for what the documents leave open. */
export type Settled = { open: string; value: string };
export type Work = { documents: readonly Named[]; assumed: readonly Settled[] };

/** Begins the fragment of such a link. */
const MARK = '#p=';
/** What follows the mark is in this form: a list of documents and assumed values as JSON, deflated, as base64 for addresses. */
const VERSION = '1';
/** A link unpacks to no more than this, in bytes. */
export const MOST_TEXT = 8_000_000;
/** Documents, and assumed values. */
const MOST_PARTS = 500;
const LONGEST_NAME = 200;

const DAMAGED = 'the link is damaged: copy the whole of it from where it was sent, and open it again';

export const isLink = (fragment: string): boolean => fragment.startsWith(MARK);

/** The fragment that carries this work. */
export async function packed(work: Work): Promise<string> {
  const text = new Blob([written(work)]);
  if (text.size > MOST_TEXT) throw new Error(TOO_MUCH);
  const bytes = await drained(text.stream().pipeThrough(new CompressionStream('deflate-raw')), Infinity);
  return `${MARK}${VERSION}.${base64(new Uint8Array((await bytes?.arrayBuffer()) ?? []))}`;
}

export const TOO_MUCH = `a link carries up to ${MOST_TEXT / 1e6} MB of text, and this is more: close some documents, or send the files themselves`;

/** The work that a fragment carries. Whoever made it may have meant harm: what is thrown is one sentence. */
export async function unpacked(fragment: string): Promise<Work> {
  const [version, data, ...more] = fragment.slice(MARK.length).split('.');
  if (data === undefined || more.length > 0) throw new Error(DAMAGED);
  if (version !== VERSION) throw new Error('the link was made by another version of this page: open it with that one');
  const text = await inflated(data).catch(() => {
    throw new Error(DAMAGED);
  });
  if (text === null) throw new Error('the link unpacks to more than this page puts into one: it was not opened');
  const work = workIn(text);
  if (!work) throw new Error(DAMAGED);
  return work;
}

/** Assumed values as they are carried and kept. */
export const settled = (assumed: ReadonlyMap<string, string>): Settled[] => [...assumed].map(([open, value]) => ({ open, value }));

export const written = ({ documents, assumed }: Work): string => JSON.stringify([...documents, ...assumed]);

/** The work in a JSON text that anybody may have written; nothing where it is not a list of documents and assumed values. */
export function workIn(json: string): Work | null {
  try {
    const list: unknown = JSON.parse(json);
    if (!Array.isArray(list) || list.length > 2 * MOST_PARTS) return null;
    const parts: Record<string, unknown>[] = list;
    const assumed = parts.filter(part => 'open' in part).map(({ open, value }) => {
      if (typeof open !== 'string' || typeof value !== 'string') throw new TypeError('not an assumed value');
      return { open, value };
    });
    const documents = named(parts.filter(part => !('open' in part)));
    return documents.length > 0 && documents.length <= MOST_PARTS && assumed.length <= MOST_PARTS ? { documents, assumed } : null;
  } catch {
    return null;
  }
}

function named(parts: Record<string, unknown>[]): Named[] {
  const names = new Set<string>();
  return parts.map(({ name, text }) => {
    if (typeof name !== 'string' || typeof text !== 'string') throw new TypeError('not a document');
    // Names tell documents apart, on one line.
    const plain = name.slice(0, LONGEST_NAME).replace(/\p{C}/gu, ' ').trim() || PASTED;
    let own = plain;
    for (let n = 2; names.has(own); n++) own = `${plain} ${n}`;
    names.add(own);
    return { name: own, text };
  });
}

async function inflated(data: string): Promise<string | null> {
  const bytes = Uint8Array.from(atob(data.replaceAll('-', '+').replaceAll('_', '/')), letter => letter.charCodeAt(0));
  const blob = await drained(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw')), MOST_TEXT);
  return blob && new TextDecoder('utf-8', { fatal: true }).decode(await blob.arrayBuffer());
}

/** Base64 in the letters that addresses leave alone (RFC 4648, section 5), without padding. */
function base64(bytes: Uint8Array): string {
  const step = 0x8000;
  let letters = '';
  for (let start = 0; start < bytes.length; start += step) letters += String.fromCharCode(...bytes.subarray(start, start + step));
  return btoa(letters).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
