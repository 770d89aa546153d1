/** Gives the browser a text to keep as a file. It is handed over inside the browser: no server hears of it. */
export function saveFile(name: string, type: string, text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  // Some browsers read the text only once the click is over.
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** A file name for something that belongs to a document: no folders, no extension of the document's own. */
export const fileName = (document: string, what: string, extension: string): string => {
  const stem = document.replace(/^.*[\\/]/, '').replace(/\.[^.]*$/, '').replace(/[^\p{L}\p{N}._-]+/gu, '-');
  return `${stem || 'portcullis'}-${what}.${extension}`;
};
