// The sentences about what is taken away.
import { number } from '../words';

/** Chat tools cut or refuse longer messages; Chromium keeps no address beyond two megabytes. */
const CHAT = 8_000;
const BROWSERS = 2_000_000;

export const tooLong = (length: number): boolean => length > BROWSERS;

/** How long a link is, and where it fits. */
export function lengthWords(length: number): string {
  const long = `${number(length)} characters`;
  if (tooLong(length)) return `The link would have ${long}, more than browsers take: close some documents, or send the files themselves.`;
  if (length > CHAT) return `${long}: too long for most chat tools. Put it into a file or a mail, or share fewer documents.`;
  return `${long}: short enough for most chat tools.`;
}
