/** What files end in, and the type that says so. */
export const TYPES = { csv: 'text/csv', json: 'application/json', md: 'text/markdown', toml: 'application/toml' } as const;
export type Ending = keyof typeof TYPES;

/** Saves a text as a file. It is handed over inside the browser: no server hears of it. */
export function saveFile(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = Object.assign(document.createElement('a'), { href: url, download: name, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
  // The browser takes the file after the click; a minute is ample.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** A file name for something that belongs to a document: no folders, no extension of the document's own. */
export const fileName = (document: string, what: string, extension: string): string => {
  const stem = document.replace(/^.*[\\/]/, '').replace(/\.[^.]*$/, '').replace(/[^\p{L}\p{N}._-]+/gu, '-');
  return `${stem || 'portcullis'}-${what}.${extension}`;
};
