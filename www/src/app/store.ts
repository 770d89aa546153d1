/** A value that tells its readers when it changes. */
export class Store<S extends object> {
  private readers = new Set<() => void>();

  constructor(public state: S) {}

  set(change: Partial<S>): void {
    this.state = { ...this.state, ...change };
    for (const reader of [...this.readers]) reader();
  }

  subscribe(reader: () => void): () => void {
    this.readers.add(reader);
    return () => this.readers.delete(reader);
  }
}
