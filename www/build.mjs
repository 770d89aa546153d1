// Builds dist/portcullis.html: markup, style, script, worker and wasm in one file, so the hosted page and the copy on
// a disk are the same bytes. Run with: node www/build.mjs (after the wasm package is in target/pkg).
import * as esbuild from 'esbuild';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { fileURLToPath } from 'node:url';

const www = path.dirname(fileURLToPath(import.meta.url));
const root = path.dirname(www);
const pkg = path.join(path.resolve(root, process.env.CARGO_TARGET_DIR ?? 'target'), 'pkg');
const out = path.join(root, 'dist');

const options = {
  absWorkingDir: www,
  alias: { portcullis_wasm: path.join(pkg, 'portcullis_wasm.js'), '@lezer/common': path.join(www, 'src/editor/no-grammar.ts') },
  bundle: true,
  charset: 'utf8',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  legalComments: 'none',
  logLevel: 'warning',
  minify: true,
  target: ['es2022'],
  write: false,
};

// Preact can set markup from a string. The page never asks it to, and Trusted Types would refuse; taking the writer out
// lets a scan of the built file say so without an exception to explain.
const noMarkupFromStrings = {
  name: 'no-markup-from-strings',
  setup(build) {
    build.onLoad({ filter: /preact[\\/]dist[\\/]preact\.mjs$/ }, ({ path: file }) => {
      const source = fs.readFileSync(file, 'utf8');
      if (!source.includes('.innerHTML=')) throw new Error(`${file} no longer sets innerHTML: remove this step of the build`);
      return { contents: source.replaceAll('.innerHTML', '.textContent'), loader: 'js' };
    });
  },
};

const bundle = async (entry, more = {}) => (await esbuild.build({ ...options, entryPoints: [entry], ...more })).outputFiles[0].text;

function wasmBytes() {
  const file = path.join(pkg, 'portcullis_wasm_bg.wasm');
  if (!fs.existsSync(file)) {
    console.error(`error: ${path.relative(root, file)} is missing: build the wasm package first`);
    process.exit(1);
  }
  return fs.readFileSync(file);
}

const wasm = wasmBytes();
const { apart, together } = await import(`data:text/javascript,${encodeURIComponent(await bundle('src/module/streams.ts', { format: 'esm' }))}`);
const streams = apart(wasm);
if (Buffer.compare(together(streams), wasm) !== 0) throw new Error('the module does not come back out of its streams: does src/module/streams.ts know all of its instructions?');
const worker = await bundle('src/session/worker.ts', { format: 'iife' });
const workerSource = {
  name: 'worker-source',
  setup(build) {
    build.onResolve({ filter: /^virtual:worker$/ }, ({ path: id }) => ({ path: id, namespace: 'virtual' }));
    build.onLoad({ filter: /.*/, namespace: 'virtual' }, () => ({ contents: `export default ${JSON.stringify(worker)};`, loader: 'js' }));
  },
};
const script = (await bundle('src/main.tsx', { format: 'iife', plugins: [noMarkupFromStrings, workerSource] }))
  // Neither may end or comment out the script element that carries it.
  .replaceAll('</script', '<\\/script')
  .replaceAll('<!--', '<\\!--')
  .trim();
const style = (await bundle('src/style/style.css')).trim();

/** The module's streams as text: one character for each byte, so that, unlike in base64, the bytes keep their alignment and compress a fifth
 * better. The most frequent bytes are written as printable characters, themselves where they can be, the others from U+0100 on,
 * which take two bytes; the alphabet goes before the text. `<` is no part of it, so that nothing can end the element.
 * src/session/assets.ts reads it back. */
const asText = bytes => {
  const printable = Array.from({ length: 0x7f - 0x20 }, (_, n) => 0x20 + n).filter(byte => byte !== 0x3c);
  const uses = new Array(256).fill(0);
  for (const byte of bytes) uses[byte] += 1;
  const byUse = [...uses.keys()].sort((a, b) => uses[b] - uses[a] || a - b);
  const short = new Set(byUse.slice(0, printable.length));
  const free = printable.filter(character => !short.has(character));
  const code = [];
  let long = 0x100;
  for (const byte of byUse) code[byte] = !short.has(byte) ? long++ : printable.includes(byte) ? byte : free.shift();
  return String.fromCharCode(...code) + Array.from(bytes, byte => String.fromCharCode(code[byte])).join('');
};

const hash = text => `'sha256-${crypto.createHash('sha256').update(text).digest('base64')}'`;
const policy = [
  "default-src 'none'",
  `script-src ${hash(script)} 'wasm-unsafe-eval'`,
  `style-src ${hash(style)}`,
  'img-src data:',
  'worker-src blob:',
  "connect-src 'none'",
  "form-action 'none'",
  "base-uri 'none'",
  "object-src 'none'",
  "frame-src 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types app',
].join('; ');

const parts = { POLICY: policy, STYLE: style, SCRIPT: script, WASM: asText(streams) };
const page = fs.readFileSync(path.join(www, 'src/template.html'), 'utf8').replace(/%(POLICY|STYLE|SCRIPT|WASM)%/g, (_, part) => parts[part]);
fs.mkdirSync(out, { recursive: true });
const file = path.join(out, 'portcullis.html');
fs.writeFileSync(file, page);

const size = (name, bytes) => {
  const gz = zlib.gzipSync(bytes, { level: 9 }).length;
  const br = zlib.brotliCompressSync(bytes).length;
  console.log(name.padEnd(22), ...[bytes.length, gz, br].map(n => String(n).padStart(9)));
};
console.log('part'.padEnd(22), ...['min', 'gz', 'br'].map(n => n.padStart(9)));
size('script (with worker)', Buffer.from(script));
size('style', Buffer.from(style));
size('wasm', wasm);
size('wasm in streams', streams);
size(path.relative(root, file), Buffer.from(page));
console.log('sha256', crypto.createHash('sha256').update(page).digest('hex'));
