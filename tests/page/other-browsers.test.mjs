// The smoke path in Firefox and in WebKitGTK: what a first visitor does must work in every engine.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileUrl, requireFromPage, serve } from './harness.mjs';
import { openWebKit } from './webdriver.mjs';

const puppeteer = requireFromPage('puppeteer-core');

async function openFirefox(url) {
  const browser = await puppeteer.launch({ browser: 'firefox', executablePath: process.env.PORTCULLIS_FIREFOX ?? '/usr/bin/firefox-esr', headless: true });
  const page = await browser.newPage();
  await page.goto(url);
  return {
    version: await browser.version(),
    evaluate: (work, ...args) => page.evaluate(work, ...args),
    waitFor: (work, ...args) => page.waitForFunction(work, { timeout: 30_000 }, ...args),
    close: () => browser.close(),
  };
}

// What is done in the page, as functions that run there.
const ready = () => document.querySelector('.desk')?.dataset.phase === 'ready';
const judged = () => {
  const { wanted, shown } = document.querySelector('.desk').dataset;
  return wanted === shown && wanted !== '0';
};
const clickText = (selector, text) => [...document.querySelectorAll(selector)].find(element => element.textContent.trim().startsWith(text)).click();
const click = selector => document.querySelector(selector).click();
const present = selector => document.querySelector(selector) !== null;
const headline = () => document.querySelector('.desk .headline')?.dataset.verdict;
const type = (selector, from, to) => {
  const box = document.querySelector(selector);
  box.value = box.value.replaceAll(from, to);
  box.dispatchEvent(new InputEvent('input', { bubbles: true }));
};

async function smoke(page) {
  await page.waitFor(ready);
  // An example, its verdict, its finding and the way from the finding to the line.
  await page.evaluate(clickText, '.tools .button', 'Examples');
  await page.waitFor(present, '[data-example=mysql-open]');
  await page.evaluate(click, '[data-example=mysql-open]');
  await page.waitFor(judged);
  assert.equal(await page.evaluate(headline), 'dangerous');
  await page.evaluate(click, '.finding .place');
  await page.waitFor(() => document.querySelector('[data-editor]').shadowRoot.querySelector('.pc-flash') !== null);
  // An edit in the plain text box mends it.
  await page.evaluate(clickText, '.button', 'Plain text box');
  await page.waitFor(present, '#plain-text');
  await page.evaluate(type, '#plain-text', '0.0.0.0/0', '10.0.1.0/24');
  await page.waitFor(() => document.querySelector('.desk .headline')?.dataset.verdict === 'secure');
  // Every view and every section can be shown.
  for (const id of await page.evaluate(() => [...document.querySelectorAll('.tabs [role=tab]')].map(tab => tab.id))) {
    await page.evaluate(click, `#${id}`);
    await page.waitFor(id => document.getElementById(id).getAttribute('aria-selected') === 'true', id);
  }
  for (const title of await page.evaluate(() => [...document.querySelectorAll('.section-link')].map(link => link.textContent))) {
    await page.evaluate(clickText, '.section-link', title);
    await page.waitFor(title => document.querySelector('.section-link[aria-current]').textContent === title, title);
  }
  assert.equal(await page.evaluate(() => document.querySelector('.ledger').dataset.made), '0');
  assert.equal(await page.evaluate(() => document.querySelector('.error')?.textContent ?? null), null);
}

for (const [name, start] of [
  ['Firefox', openFirefox],
  ['WebKitGTK', openWebKit],
]) {
  test(`${name}: a first visit works, from a disk and from a server`, async t => {
    const server = await serve();
    try {
      for (const url of [fileUrl, server.url]) {
        const page = await start(url);
        t.diagnostic(page.version);
        try {
          await smoke(page);
        } finally {
          await page.close();
        }
      }
      assert.deepEqual(server.requests.filter(path => path !== '/' && path !== '/favicon.ico'), []);
    } finally {
      server.close();
    }
  });
}
