// By what a verdict can be reproduced: the versions that gave it, and the SHA-256 of what it is about.
import type { Doc } from '../app/documents';
import { isBlank } from '../app/documents';
import type { Tool } from '../session/types';

/** `digest` is null where there is none, with the reason in `lines`. */
export type Fingerprint = { run: number; digest: string | null; lines: string };

/** A browser hashes a text in one piece. */
const MOST = 64 * 1024 * 1024;

/** `day` is given where it matters: approvals have to hold on it. One document's digest is that of its text in UTF-8, as `sha256sum` prints it for the file; several documents and assumed
 * values have that of the lines that list them. */
export async function fingerprintOf(run: number, tool: Tool, docs: readonly Doc[], assumed: ReadonlyMap<string, string>, day: string | null): Promise<Fingerprint> {
  const versions = `${tool.name} ${tool.version}, port catalog ${tool.catalog}${day ? `, approvals as of ${day}` : ''}`;
  const without = (reason: string): Fingerprint => ({ run, digest: null, lines: `${versions}\n${reason}\n` });
  const bodies = docs.filter(({ source }) => !isBlank(source)).map(({ source }) => ({ name: source.name, blob: source.kind === 'text' ? new Blob([source.text]) : source.blob }));
  if (!globalThis.crypto?.subtle) return without('this browser computes no SHA-256 for a page opened like this');
  if (bodies.some(({ blob }) => blob.size > MOST)) return without('too large to compute its SHA-256 here');
  const listed: string[] = [];
  for (const { name, blob } of bodies) listed.push(`${await sha256(blob)}  ${name}\n`);
  for (const [name, value] of assumed) listed.push(`assumed ${name} = ${value}\n`);
  const list = listed.join('');
  const digest = listed.length === 1 ? list.slice(0, 64) : await sha256(new Blob([list]));
  return { run, digest, lines: `${versions}\n${listed.length === 1 ? '' : `sha256 of the list: ${digest}\n`}${list}` };
}

async function sha256(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', await blob.arrayBuffer()));
  return [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('');
}
