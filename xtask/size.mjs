// What the built page weighs, part by part, and whether it keeps within its budget.
// usage: node size.mjs FILE
import fs from 'node:fs';
import zlib from 'node:zlib';

/** The whole file, brotli: what a visitor downloads. */
// What the page carries is mostly the module's code; ARCHITECTURE.md says what was measured and tried. The aim stays 350,000, and the
// budget only ever goes down.
const BUDGET = 830_000;

const file = process.argv[2];
if (!fs.existsSync(file)) fail(`${file} is missing: run cargo xtask build`);
const page = fs.readFileSync(file, 'utf8');

const parts = { js: '', css: '', wasm: Buffer.alloc(0), html: '' };
// The file is our own build's, so its script and style elements are known to be well formed.
parts.html = page.replace(/(<(script|style)\b([^>]*)>)([^]*?)(<\/\2>)/g, (_, open, tag, attributes, text, close) => {
  if (tag === 'style') parts.css += text;
  else if (/\btype="[^"]*wasm[^"]*"/.test(attributes)) parts.wasm = bytesOf(text);
  else parts.js += text;
  return open + close;
});
for (const [name, part] of Object.entries(parts)) if (part.length === 0) fail(`${file} has no ${name}: was it built by www/build.mjs?`);

/** The module's streams out of their text, which begins with its alphabet (see www/build.mjs). */
function bytesOf(text) {
  const byteOf = new Map(Array.from(text.slice(0, 256), (character, byte) => [character, byte]));
  return Buffer.from(Array.from(text.slice(256), character => byteOf.get(character)));
}

const weigh = bytes => ({
  raw: bytes.length,
  gzip: zlib.gzipSync(bytes, { level: 9 }).length,
  brotli: zlib.brotliCompressSync(bytes, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 11, [zlib.constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }).length,
});
const row = (name, raw, gzip, brotli) => console.log(name.padEnd(12) + [raw, gzip, brotli].map(cell => String(cell).padStart(12)).join(''));
const show = (name, { raw, gzip, brotli }) => row(name, ...[raw, gzip, brotli].map(count => count.toLocaleString('en')));

row('bytes', 'raw', 'gzip', 'brotli');
for (const [name, part] of Object.entries(parts)) show(name, weigh(Buffer.from(part)));
// More than the sum of the parts: the module is inlined as text.
const whole = weigh(Buffer.from(page));
show('whole file', whole);
const used = `${whole.brotli.toLocaleString('en')} of ${BUDGET.toLocaleString('en')} bytes brotli`;
if (whole.brotli > BUDGET) fail(`the page is over its budget with ${used}: make it smaller, or argue for another budget in xtask/size.mjs`);
console.log(`within its budget: ${used}`);

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}
