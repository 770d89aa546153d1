// The browser's own store. It is named here alone, so that a test can see who uses it.

/** What the browser's store answers; undefined where it refuses, as some do to files and in private windows. */
export function attempt<T>(ask: (store: Storage) => T): T | null | undefined {
  try {
    return ask(localStorage) ?? null;
  } catch {
    return undefined;
  }
}
