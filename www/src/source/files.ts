// Files that were opened or dropped, and text that is too large for the editor.
import { isBlank, type Source } from '../app/documents';
import type { Example } from '../session/types';
import { drained } from './drain';

/** More than this many bytes are summarised instead of being put into the editor. */
const EDITOR_LIMIT = 2 * 1024 * 1024;
/** So much may come out of a packed file. */
const UNPACKED_LIMIT = 512 * 1024 * 1024;
/** So many files of a folder are opened. */
const MOST = 500;

/** What was found in what a person dropped or opened. */
export type Found = { files: File[]; passedOver: number };

export const fitsEditor = (blob: Blob): boolean => blob.size <= EDITOR_LIMIT;

/** Files as documents, and half a sentence for each that is none. */
export async function sourcesOf({ files, passedOver }: Found): Promise<{ sources: Source[]; errors: string[] }> {
  const errors: string[] = passedOver > 0 ? [`${passedOver} files were left out, since they can't hold a configuration or are too many`] : [];
  const sources: Source[] = [];
  for (const file of files) {
    try {
      const source = await sourceOf(file);
      isBlank(source) ? errors.push(`${source.name} is empty`) : sources.push(source);
    } catch (error) {
      errors.push(`${file.name} could not be read (${error instanceof Error ? error.message : String(error)}): open it again`);
    }
  }
  return { sources, errors };
}

/** A file as a document: packed ones are unpacked, small ones become text. */
async function sourceOf(file: File): Promise<Source> {
  const packed = /\.gz$/i.test(file.name);
  const blob = packed ? await unpacked(file) : file;
  const name = packed ? pathOf(file).replace(/\.gz$/i, '') : pathOf(file);
  if (!fitsEditor(blob)) return { kind: 'large', name, blob, lines: null };
  const text = await textOf(blob);
  // What is no text is told to be none, and shows nothing in an editor.
  if (text.includes('\0')) return { kind: 'large', name, blob, lines: null };
  return { kind: 'text', name, text, example: null };
}

/** A text as a document: what the editor should not hold is kept as a file. */
export const sourceOfText = (name: string, text: string, example: Example | null = null): Source =>
  text.length > EDITOR_LIMIT ? { kind: 'large', name, blob: new Blob([text]), lines: null } : { kind: 'text', name, text, example };

/** The files of a choice, those of folders that can hold a configuration. */
export function chosen(list: Iterable<File>): Found {
  const all = [...list];
  const files = all.filter(file => !file.webkitRelativePath || canHold(file.webkitRelativePath)).slice(0, MOST);
  return { files, passedOver: all.length - files.length };
}

/** The files of a drop, with those of dropped folders. */
export async function dropped(data: DataTransfer): Promise<Found> {
  // The list is gone after the first pause, so the entries are taken out of it before.
  const entries = [...data.items].map(item => item.webkitGetAsEntry?.() ?? null);
  const plain = [...data.files];
  if (!entries.some(entry => entry?.isDirectory)) return { files: plain, passedOver: 0 };
  const found: Found = { files: [], passedOver: 0 };
  for (const entry of entries) if (entry) await collect(entry, found, entry.isFile);
  return found;
}

async function collect(entry: FileSystemEntry, found: Found, byName: boolean): Promise<void> {
  if (entry.isFile) {
    if (found.files.length >= MOST || !(byName || canHold(entry.fullPath))) return void (found.passedOver += 1);
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    paths.set(file, entry.fullPath.replace(/^\//, ''));
    found.files.push(file);
    return;
  }
  if (HIDDEN.test(entry.name)) return;
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  // A reader gives a hundred entries at a time, and none when it is done.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return;
    for (const inner of some.sort((a, b) => a.name.localeCompare(b.name))) await collect(inner, found, false);
  }
}

/** Where dropped files stood: a browser tells it beside the file, not in it. */
const paths = new WeakMap<File, string>();
const pathOf = (file: File): string => paths.get(file) ?? (file.webkitRelativePath || file.name);

/** Folders that hold no configuration of their own. */
const HIDDEN = /^(\.|node_modules$)/;
const canHold = (path: string): boolean =>
  /\.(json|ya?ml|tf|tfvars|tfstate|tfplan|bicep|template|txt|toml|nft|rules|iptables|conf|log)(\.gz)?$/i.test(path) && !path.split('/').some(part => HIDDEN.test(part));

async function unpacked(file: Blob): Promise<Blob> {
  const blob = await drained(file.stream().pipeThrough(new DecompressionStream('gzip')), UNPACKED_LIMIT);
  if (!blob) throw new Error('unpacked it is more than 512 MB');
  return blob;
}

/** The text of a small file. PowerShell's `>` writes UTF-16, so its byte order mark is honoured. */
export async function textOf(file: Blob): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  return new TextDecoder(encodingOf(bytes)).decode(bytes);
}

function encodingOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return 'utf-8';
}
