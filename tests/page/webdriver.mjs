// WebKitGTK by the WebDriver protocol (https://www.w3.org/TR/webdriver2/): puppeteer does not drive it.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';

const DRIVER = process.env.PORTCULLIS_WEBKIT_DRIVER ?? '/usr/bin/WebKitWebDriver';
/** How long a condition may take to come true, in milliseconds. */
const PATIENCE = 30_000;

const freePort = () =>
  new Promise((resolve, reject) => {
    const probe = net.createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });

/** Where Debian keeps the small browser that comes with the library. */
function miniBrowser() {
  const lib = '/usr/lib';
  const found = fs.readdirSync(lib).flatMap(arch => ['4.1', '4.0', '6.0'].map(version => path.join(lib, arch, `webkit${version === '6.0' ? '' : '2'}gtk-${version}`, 'MiniBrowser'))).find(file => fs.existsSync(file));
  if (!found) throw new Error('MiniBrowser is missing: install webkit2gtk-driver');
  return found;
}

/** A page in WebKitGTK, on a display that nobody sees. */
export async function openWebKit(url) {
  const port = await freePort();
  // Root in a container has no user namespaces to build the browser's own sandbox from.
  const env = { ...process.env, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1', LIBGL_ALWAYS_SOFTWARE: '1' };
  const driver = spawn('xvfb-run', ['-a', DRIVER, `--port=${port}`], { stdio: 'ignore', env, detached: true });
  const stop = () => {
    try {
      process.kill(-driver.pid);
    } catch {
      // It has ended by itself.
    }
  };
  const call = async (method, to, body) => {
    const answer = await fetch(`http://127.0.0.1:${port}${to}`, { method, body: body && JSON.stringify(body) });
    const { value } = await answer.json();
    if (value?.error) throw new Error(`${value.error}: ${value.message}`);
    return value;
  };
  const until = async (what, work) => {
    for (const end = performance.now() + PATIENCE; ; ) {
      const found = await work().catch(() => undefined);
      if (found) return found;
      if (performance.now() > end) throw new Error(`WebKitGTK: ${what} did not come`);
      await new Promise(resume => setTimeout(resume, 50));
    }
  };
  try {
    await until('its driver', () => call('GET', '/status'));
    const options = { 'webkitgtk:browserOptions': { binary: miniBrowser(), args: ['--automation'] } };
    const { sessionId, capabilities } = await call('POST', '/session', { capabilities: { alwaysMatch: options } });
    const at = `/session/${sessionId}`;
    await call('POST', `${at}/url`, { url });
    const evaluate = (work, ...args) => call('POST', `${at}/execute/sync`, { script: `return (${work}).apply(null, arguments)`, args });
    return {
      version: `${capabilities.browserName} ${capabilities.browserVersion}`,
      evaluate,
      waitFor: (work, ...args) => until(String(work), () => evaluate(work, ...args)),
      close: async () => {
        await call('DELETE', at).catch(() => {});
        stop();
      },
    };
  } catch (error) {
    stop();
    throw error;
  }
}
