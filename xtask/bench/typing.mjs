// Types into a document of 1 MB in the built page, in headless Chromium, and prints the longest tasks of the main thread.
// usage: node typing.mjs EXPORTS PAGE   (the folder of exports; the built page)
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

const [exportsFolder, built] = process.argv.slice(2).map(file => path.resolve(file));
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const puppeteer = createRequire(path.join(root, 'www/package.json'))('puppeteer-core');
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
/** Keys that are pressed, and milliseconds between two: a fast typist. */
const KEYS = 60;
const PAUSE = 60;

const file = path.join(exportsFolder, 'pretty-1.json');
if (!fs.existsSync(file)) {
  console.log('typing is measured in the export of 1 MB, which was not asked for');
  process.exit();
}
const text = fs.readFileSync(file, 'utf8');
const browser = await puppeteer.launch({ executablePath: process.env.PORTCULLIS_CHROMIUM ?? '/usr/bin/chromium', headless: true, args: FLAGS });
try {
  const page = await browser.newPage();
  await page.setViewport({ width: 1280, height: 800 });
  await page.goto(pathToFileURL(built).href);
  await page.waitForSelector('.desk[data-phase=ready]');
  const settled = () => page.waitForFunction(() => { const { wanted, shown } = document.querySelector('.desk').dataset; return wanted !== '0' && wanted === shown; });
  await page.evaluate(pasted => {
    const content = document.querySelector('[data-editor]').shadowRoot.querySelector('.cm-content');
    content.focus();
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', pasted);
    content.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, text);
  await settled();
  // In the middle of a string near the top, so that every key is an edit that reads again.
  await page.keyboard.down('Control');
  await page.keyboard.press('Home');
  await page.keyboard.up('Control');
  for (let n = 0; n < 3; n++) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('End');
  for (let n = 0; n < 3; n++) await page.keyboard.press('ArrowLeft');
  await page.evaluate(() => {
    globalThis.tasks = [];
    globalThis.delays = [];
    new PerformanceObserver(list => globalThis.tasks.push(...list.getEntries().map(entry => entry.duration))).observe({ type: 'longtask' });
    new PerformanceObserver(list => globalThis.delays.push(...list.getEntries().filter(entry => entry.name === 'keydown').map(entry => entry.duration))).observe({ type: 'event', durationThreshold: 16 });
  });
  for (let n = 0; n < KEYS; n++) {
    await page.keyboard.press('abcdefghij'[n % 10]);
    await new Promise(resume => setTimeout(resume, PAUSE));
  }
  await settled();
  await new Promise(resume => setTimeout(resume, 500));
  const { tasks, delays } = await page.evaluate(() => ({ tasks: globalThis.tasks, delays: globalThis.delays }));
  const ms = value => `${Math.round(value)} ms`;
  const worst = tasks.length > 0 ? ms(Math.max(...tasks)) : 'none over 50 ms';
  console.log(`\ntyping ${KEYS} letters into ${(text.length / 1e6).toFixed(1)} MB: longest main-thread task ${worst} (${tasks.length} over 50 ms), slowest key to paint ${delays.length > 0 ? ms(Math.max(...delays)) : 'under 16 ms'}`);
} finally {
  await browser.close();
}
