// Measures, in headless Chromium, how long the module takes from bytes to complete verdicts, beside JSON.parse of the same text.
// usage: node run.mjs EXPORTS PKG   (the folder of exports with its exports.json; the folder of the wasm module)
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { serve } from './server.mjs';

const [exportsFolder, pkg] = process.argv.slice(2).map(folder => path.resolve(folder));
const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, '../..');
// The page's own driver, so that there is one to keep up to date.
const puppeteer = createRequire(path.join(root, 'www/package.json'))('puppeteer-core');

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--js-flags=--expose-gc'];
/** Rounds for each export: as many as fit into the time, within these bounds. */
const ROUNDS = { least: 5, most: 31, milliseconds: 15_000 };
/** Milliseconds after which an export is given up. */
const PATIENCE = 600_000;

const list = JSON.parse(fs.readFileSync(path.join(exportsFolder, 'exports.json'), 'utf8'));
const server = await serve({ '/pkg/': pkg, '/exports/': exportsFolder, '/': here });
const results = [];
try {
  for (const wanted of list) {
    process.stderr.write(`${wanted.file} …\n`);
    const result = await measure(wanted);
    check(wanted, result.found);
    results.push({ ...wanted, ...result });
  }
} catch (error) {
  const reason = /timed out/.test(error.message) ? `no result after ${PATIENCE / 60_000} minutes` : error.message;
  console.error(`the bench stopped at ${list[results.length].file}: ${reason}`);
  process.exitCode = 1;
} finally {
  server.close();
}
// What was measured before a failure is worth seeing too.
if (results.length > 0) print(results);

/** A browser of its own for each export, so that its first run is a first run. */
async function measure({ file }) {
  const browser = await puppeteer.launch({ executablePath: process.env.PORTCULLIS_CHROMIUM ?? '/usr/bin/chromium', headless: true, args: FLAGS, protocolTimeout: PATIENCE });
  try {
    const page = await browser.newPage();
    await page.goto(`${server.url}page.html`);
    return { browser: await browser.version(), ...(await page.evaluate(job => globalThis.measure(job), { file, ...ROUNDS })) };
  } finally {
    await browser.close();
  }
}

/** A fast answer to the wrong question would look like a good result. */
function check(wanted, found) {
  const problems = [];
  if (found.format !== 'aws-security-groups') problems.push(`its format as ${found.format}`);
  if (found.policies !== wanted.groups) problems.push(`${found.policies} policies for ${wanted.groups} groups`);
  if (found.rules !== wanted.rules) problems.push(`${found.rules} rules for ${wanted.rules}`);
  if (found.problems !== 0) problems.push(`${found.problems} problems, the first: ${found.problem}`);
  if (problems.length > 0) throw new Error(`${wanted.file} was not read completely: the module found ${problems.join('; ')}`);
}

function print(results) {
  console.log(`\n${results[0].browser}, one worker; JSON.parse and the module on the same bytes in the same worker, in paired rounds, in turns`);
  console.log('verdicts: begin, chunks of 1 MiB, end, review; times are medians in ms, ratios are verdicts / JSON.parse\n');
  const head = ['export', 'MB', 'groups', 'rules', 'JSON.parse', 'verdicts', 'of it read', 'ratio', 'min', 'max', 'rounds', 'first run', 'its ratio', 'wasm MiB'];
  const rows = results.map(result => {
    const [first, ...paired] = result.rounds;
    const ratios = paired.map(ratio);
    return [result.file.replace(/-.*/, ''), (result.bytes / 1e6).toFixed(1), result.groups.toLocaleString('en'), result.rules.toLocaleString('en'),
      median(paired.map(round => round.parse)).toFixed(1), median(paired.map(total)).toFixed(1), median(paired.map(round => round.read)).toFixed(1),
      median(ratios).toFixed(2), Math.min(...ratios).toFixed(2), Math.max(...ratios).toFixed(2), String(paired.length),
      total(first).toFixed(1), ratio(first).toFixed(2), (result.memory / 2 ** 20).toFixed(0)];
  });
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map(row => row[column].length)));
  for (const row of [head, ...rows]) console.log(row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join('  '));
}

function total(round) {
  return round.read + round.review;
}

function ratio(round) {
  return total(round) / round.parse;
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
