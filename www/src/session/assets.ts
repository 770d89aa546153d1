// The two inlined parts: the worker's source and the wasm module.
import source from 'virtual:worker';

import { together } from '../module/streams';

// The whole of the Trusted Types policy: the one blob made here may become a worker, and no other string becomes code.
const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
const policy = globalThis.trustedTypes?.createPolicy('app', {
  createScriptURL(asked: string): string {
    if (asked !== url) throw new TypeError('only the worker of this page may be loaded');
    return asked;
  },
});
const workerUrl = policy ? policy.createScriptURL(url) : url;

export function newWorker(): Worker {
  // Where Trusted Types exist the constructor takes the trusted value, though its declared type is a string.
  return new Worker(workerUrl as string);
}

/** The module stands in the page in streams, as text: one character for each byte, after the alphabet of 256 (see build.mjs). */
export function compileModule(): Promise<WebAssembly.Module> {
  return (compiled ??= compile());
}

/** Every worker runs the same compiled module. */
let compiled: Promise<WebAssembly.Module> | undefined;

function compile(): Promise<WebAssembly.Module> {
  const text = document.getElementById('wasm')?.textContent ?? '';
  const byteOf = new Uint8Array(0x200);
  for (let byte = 0; byte < 256; byte++) byteOf[text.charCodeAt(byte)] = byte;
  const bytes = new Uint8Array(Math.max(0, text.length - 256));
  for (let n = 0; n < bytes.length; n++) bytes[n] = byteOf[text.charCodeAt(n + 256)] ?? 0;
  return WebAssembly.compile(together(bytes));
}
