// One export, measured: a first round from cold, then paired rounds in which the module and JSON.parse go first in turns.
import init, { Session } from '/pkg/portcullis_wasm.js';

/** What a browser's file stream hands over at a time, roughly. */
const CHUNK = 1 << 20;

onmessage = async ({ data }) => {
  try {
    postMessage(await measure(data));
  } catch (error) {
    postMessage({ error: String(error?.stack ?? error) });
  }
};

async function measure({ file, least, most, milliseconds }) {
  const fetched = async url => new Uint8Array(await (await fetch(url)).arrayBuffer());
  const bytes = await fetched(`/exports/${file}`);
  // Compiled from bytes, as the page does from its own text.
  const module = await WebAssembly.compile(await fetched('/pkg/portcullis_wasm_bg.wasm'));
  const { memory } = await init({ module_or_path: module });
  const text = new TextDecoder().decode(bytes);

  const first = judge(file, bytes);
  const measured = [{ read: first.read, review: first.review, parse: parse(text) }];
  const start = performance.now();
  for (let round = 0; round < least || (round < most && performance.now() - start < milliseconds); round++) {
    const before = round % 2 ? parse(text) : undefined;
    const { read, review } = judge(file, bytes);
    measured.push({ read, review, parse: before ?? parse(text) });
  }
  return { rounds: measured, found: first.found, memory: memory.buffer.byteLength };
}

/** From bytes to complete verdicts. */
function judge(name, bytes) {
  gc();
  const start = performance.now();
  const session = new Session();
  session.begin(name, bytes.length);
  for (let at = 0; at < bytes.length; at += CHUNK) session.chunk(bytes.subarray(at, at + CHUNK));
  session.end();
  const read = performance.now();
  const summary = session.review(() => {});
  const end = performance.now();
  // The page keeps the session to show its results, so letting go is no part of the time to them.
  session.free();
  const [document] = summary.documents;
  const found = { format: document.format, policies: document.policies, rules: document.rules, problems: document.problem_count, problem: document.problems[0]?.message };
  return { read: read - start, review: end - read, found };
}

function parse(text) {
  gc();
  const start = performance.now();
  const value = JSON.parse(text);
  const end = performance.now();
  if (value.SecurityGroups.length === 0) throw new Error('the export holds no groups');
  return end - start;
}
