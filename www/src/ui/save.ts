/** Saves a text as a file, which never leaves the browser's memory but for the disk. */
export function save(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = Object.assign(document.createElement('a'), { href: url, download: name, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
  // The browser takes the file after the click; a minute is ample.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
