// Files that were opened or dropped, and text that is too large for the editor.

/** More than this many bytes are summarised instead of being put into the editor. */
export const EDITOR_LIMIT = 2 * 1024 * 1024;

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
