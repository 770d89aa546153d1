// What the page's tests share: a browser, a loopback server that remembers who asked, and ways to act like a user.
import fs from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { after } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const requireFromPage = createRequire(path.join(root, 'www/package.json'));
const puppeteer = requireFromPage('puppeteer-core');

export const built = path.join(root, 'dist/portcullis.html');
export const fileUrl = pathToFileURL(built).href;
const shots = path.join(root, 'shots');

if (!fs.existsSync(built)) throw new Error('dist/portcullis.html is missing: run node www/build.mjs first');

const EXECUTABLE = process.env.PORTCULLIS_CHROMIUM ?? '/usr/bin/chromium';
// No sandbox: the tests also run as root in a container. The rest keeps the browser's own traffic out of the way.
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

export const launch = () => puppeteer.launch({ executablePath: EXECUTABLE, headless: true, args: FLAGS });

/** What the tests of a file share, gone when they are over: a browser; servers, each under its name with the arguments of `serve`;
 * and a folder for the files they write. */
export async function suite({ servers = {} } = {}) {
  const browser = await launch();
  const started = Object.fromEntries(await Promise.all(Object.entries(servers).map(async ([name, given]) => [name, await serve(...given)])));
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'portcullis-'));
  after(async () => {
    await browser.close();
    for (const server of Object.values(started)) server.close();
    fs.rmSync(folder, { recursive: true, force: true });
  });
  return { browser, folder, ...started };
}

/** Works in a profile of its own, which is gone afterwards. */
export async function inOwnProfile(browser, work) {
  const context = await browser.createBrowserContext();
  try {
    await work(context);
  } finally {
    await context.close();
  }
}

/** A server on loopback. `requests` holds the path of everything it was asked for. */
export async function serve(answer = () => fs.readFileSync(built), charset = 'utf-8') {
  const requests = [];
  const server = http.createServer((request, response) => {
    requests.push(request.url);
    response.writeHead(200, { 'content-type': `text/html; charset=${charset}`, 'access-control-allow-origin': '*' });
    response.end(answer());
  });
  await new Promise(listening => server.listen(0, '127.0.0.1', listening));
  return { url: `http://127.0.0.1:${server.address().port}/`, requests, close: () => server.close() };
}

/** Opens the page and waits until it can judge. Anything it reports as an error ends up in `page.complaints`. */
export async function open(browser, { url = fileUrl, width = 1280, height = 800, dark = false, touch = false, reducedMotion = false } = {}) {
  const page = await browser.newPage();
  page.complaints = [];
  page.on('pageerror', error => page.complaints.push(String(error)));
  page.on('console', message => message.type() === 'error' && page.complaints.push(message.text()));
  await page.setViewport({ width, height, isMobile: touch, hasTouch: touch });
  await page.emulateMediaFeatures([
    { name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' },
    { name: 'prefers-reduced-motion', value: reducedMotion ? 'reduce' : 'no-preference' },
  ]);
  await page.goto(url);
  page.setDefaultTimeout(10_000);
  await page.waitForSelector('.desk[data-phase=ready]');
  return page;
}

/** Waits until the newest text has been judged and is shown. */
export const settled = page =>
  page.waitForFunction(() => {
    const { wanted, shown } = document.querySelector('.desk').dataset;
    return wanted === shown;
  });

/** Replaces everything in the editor by pasting. */
export async function paste(page, text) {
  await pasteInto(page, '[data-editor]', text);
  await settled(page);
}

/** The same in the editor of some host; what comes of it is the caller's to wait for. */
export async function pasteInto(page, host, text) {
  await page.evaluate(host => document.querySelector(host).shadowRoot.querySelector('.cm-content').focus(), host);
  await page.keyboard.down('Control');
  await page.keyboard.press('a');
  await page.keyboard.up('Control');
  await page.evaluate(
    (host, pasted) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', pasted);
      const content = document.querySelector(host).shadowRoot.querySelector('.cm-content');
      content.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    },
    host,
    text,
  );
}

export async function chooseExample(page, id) {
  if (!(await page.$(`[data-example="${id}"]`))) await clickText(page, '.tools .button', 'Examples');
  await (await page.waitForSelector(`[data-example="${id}"]`)).click();
  await settled(page);
}

export async function clickText(page, selector, text) {
  for (const element of await page.$$(selector)) {
    if ((await element.evaluate(e => e.textContent.trim())).startsWith(text)) return element.click();
  }
  throw new Error(`nothing matches ${selector} with the text "${text}"`);
}

export const verdict = page => page.$eval('.headline', element => element.dataset.verdict);
export const texts = (page, selector) => page.$$eval(selector, elements => elements.map(element => element.textContent.trim()));
export const textOf = (page, selector) => page.$eval(selector, element => element.textContent.trim());

/** Evaluates a function on the parts of the editor, which live in a shadow root. */
export const inEditor = (page, work, ...args) =>
  page.evaluate(
    (source, args) => new Function(`return (${source})`)()(document.querySelector('[data-editor]').shadowRoot, ...args),
    work.toString(),
    args,
  );

export async function screenshot(page, name) {
  fs.mkdirSync(shots, { recursive: true });
  await page.screenshot({ path: path.join(shots, `${name}.png`) });
}

/** A describe-security-groups answer. Each rule: [port, source], or [port, source, description]. */
export const groups = (...list) =>
  JSON.stringify(
    {
      SecurityGroups: list.map(([name, ...rules], n) => ({
        GroupId: `sg-0000000${n}`,
        GroupName: name,
        OwnerId: '123456789012',
        VpcId: 'vpc-00000001',
        IpPermissions: rules.map(([port, source, description]) => ({
          IpProtocol: 'tcp',
          FromPort: port,
          ToPort: port,
          IpRanges: [{ CidrIp: source, ...(description ? { Description: description } : {}) }],
        })),
        IpPermissionsEgress: [],
      })),
    },
    null,
    4,
  );

/** The 1-based line on which a text first stands. */
export const lineOf = (text, part) => text.slice(0, text.indexOf(part)).split('\n').length;
