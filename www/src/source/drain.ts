/** All that comes out of a stream, or nothing where that is more than `most` bytes: a few kilobytes can hold gigabytes of nothing. */
export async function drained(stream: ReadableStream<Uint8Array<ArrayBuffer>>, most: number): Promise<Blob | null> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for (const reader = stream.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) return new Blob(parts);
    size += value.length;
    if (size > most) {
      // What is left is of no use, nor is a failure to say so.
      void reader.cancel().catch(() => {});
      return null;
    }
    parts.push(value);
  }
}
