// A link that carries the documents: what it holds, that it opens, and that a hostile one does nothing but be refused.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import zlib from 'node:zlib';
import { clickText, fileUrl, groups, inEditor, open, paste, screenshot, settled, suite, textOf, texts, verdict } from './harness.mjs';

const { browser, server } = await suite({ servers: { server: [] } });

const secretive = groups(['payroll-bastion', [22, '0.0.0.0/0', 'ask Grace']], ['payroll-db', [3306, '10.77.88.99/32']]);
const shown = page => inEditor(page, root => [...root.querySelectorAll('.cm-line')].map(line => line.textContent).join('\n'));

/** The fragment for a value, made without the page. */
const fragment = value => `#p=1.${zlib.deflateRawSync(typeof value === 'string' || Buffer.isBuffer(value) ? value : JSON.stringify(value)).toString('base64url')}`;
const documentsIn = link => JSON.parse(zlib.inflateRawSync(Buffer.from(link.split('#p=1.')[1], 'base64url')).toString());

async function openDialog(page) {
  await clickText(page, '.tools .button', 'Take away');
  await page.waitForSelector('.take-ways');
  await clickText(page, '.take-ways .button', 'Share');
  await page.waitForSelector('#share-link');
}
const linkOf = page => page.$eval('#share-link', input => input.value);
const refused = async (page, url) => {
  await page.goto('about:blank');
  await page.goto(url);
  await page.waitForSelector('.desk[data-phase=ready]');
  await page.waitForSelector('.error');
  return textOf(page, '.error');
};

test('a link is pseudonymised unless asked otherwise, and shows what it holds', async () => {
  const page = await open(browser, { url: server.url, width: 1440, height: 900 });
  await paste(page, secretive);
  assert.equal(await page.$('#share-link'), null, 'made only when asked for');
  await openDialog(page);
  const link = await linkOf(page);
  assert.ok(link.startsWith(`${server.url}#p=1.`), link);
  const [{ name, text }] = documentsIn(link);
  assert.equal(name, 'pasted text');
  assert.doesNotMatch(text, /payroll|Grace|10\.77\.88\.99/);
  assert.match(text, /3306/);
  assert.match(await textOf(page, '.share'), /replaced; what can still be seen/);
  assert.ok((await textOf(page, '.share-preview')).includes(text.slice(0, 200)));
  assert.match(await textOf(page, '.share'), /characters: short enough/);
  await screenshot(page, 'share-wide-light');

  await page.click('.share-choice:nth-of-type(2)');
  await page.waitForFunction(before => document.querySelector('#share-link') && document.querySelector('#share-link').value !== before, {}, link);
  assert.deepEqual(documentsIn(await linkOf(page)), [{ name: 'pasted text', text: secretive }]);
  assert.match(await textOf(page, '.share-warning'), /Nothing is replaced/);
  await screenshot(page, 'share-as-it-is-wide-light');
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => !document.querySelector('.share'));
  assert.match(await page.evaluate(() => document.activeElement.textContent), /Take away/);
  assert.deepEqual(page.complaints, []);
  await page.close();
});

test('what was assumed goes with the link, under the names that the link has', async () => {
  const page = await open(browser, { url: server.url });
  const hcl = 'variable "payroll_office" {}\nresource "aws_security_group" "payroll" {\n  ingress {\n    protocol = "tcp"\n    from_port = 22\n    to_port = 22\n    cidr_blocks = [var.payroll_office]\n  }\n}\n';
  await paste(page, hcl);
  await page.type('.assume input', '10.77.88.99/32');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.querySelector('.headline').dataset.verdict === 'secure');
  await openDialog(page);
  const link = await linkOf(page);
  const [{ text }, { open: name, value }] = documentsIn(link);
  assert.doesNotMatch(JSON.stringify(documentsIn(link)), /payroll|10\.77\.88\.99/);
  assert.ok(text.includes(name), `${name} in ${text}`);
  assert.ok((await textOf(page, '.share-preview')).endsWith(`assumed ${name} = ${value}`));
  const other = await open(browser, { url: link });
  await other.waitForSelector('.assume');
  await settled(other);
  assert.equal(await verdict(other), 'secure');
  assert.match(await textOf(other, '.assume'), /is assumed to be 10\./);
  await other.close();

  await page.click('.share-choice:nth-of-type(2)');
  await page.waitForFunction(before => document.querySelector('#share-link') && document.querySelector('#share-link').value !== before, {}, link);
  assert.deepEqual(documentsIn(await linkOf(page)), [{ name: 'pasted text', text: hcl }, { open: 'var.payroll_office', value: '10.77.88.99/32' }]);
  assert.deepEqual(page.complaints, []);
  await page.close();
});

for (const [from, url] of [
  ['a server', () => server.url],
  ['a disk', () => fileUrl],
]) {
  test(`a link opens the documents and leaves the address bar, from ${from}`, async () => {
    const documents = [
      { name: 'web.json', text: groups(['web', [22, '0.0.0.0/0']]) },
      { name: 'db.json', text: groups(['db', [3306, '10.0.0.0/8']]) },
    ];
    const before = server.requests.length;
    const page = await open(browser, { url: url() + fragment(documents) });
    await page.waitForSelector('.doc-name');
    await settled(page);
    assert.deepEqual(await texts(page, '.doc-name'), ['web.json', 'db.json']);
    assert.equal(await verdict(page), 'dangerous');
    assert.match(await textOf(page, '.lesson'), /Opened from a link/);
    assert.equal(await page.evaluate(() => location.href), url());
    assert.equal(await page.evaluate(() => history.length), 2, 'no further entry');
    assert.ok(server.requests.length - before <= 1 && server.requests.slice(before).every(path => path === '/'), 'no document reached the server');
    assert.deepEqual(page.complaints, []);
    await page.close();
  });
}

test('from a disk the link tells nobody where the file lies', async () => {
  const page = await open(browser);
  await paste(page, secretive);
  await openDialog(page);
  assert.match(await linkOf(page), /^#p=1\./);
  assert.match(await textOf(page, '.share'), /put the link behind the address/);
  await page.close();
});

test('what was made here is opened here, whatever letters it has', async () => {
  const page = await open(browser, { url: server.url });
  const text = groups(['wüb 🏰', [22, '0.0.0.0/0', 'naïve </script> “quoted”']]);
  await paste(page, text);
  await openDialog(page);
  await page.click('.share-choice:nth-of-type(2)');
  await page.waitForSelector('.share-warning');
  await page.waitForSelector('#share-link');
  const link = await linkOf(page);
  const other = await open(browser, { url: link });
  await other.waitForFunction(() => document.querySelector('.lesson'));
  await settled(other);
  assert.match(await shown(other), /wüb 🏰/);
  await page.close();
  await other.close();
});

test('long links are said to be long, and what no link can carry is refused', async () => {
  const page = await open(browser, { url: server.url });
  const noise = n => Array.from({ length: n }, (_, at) => [`group-${(at * 2654435761) % 4294967296}`, [1024 + (at * 7919) % 60000, `10.${at % 256}.${(at * 31) % 256}.0/24`]]);
  await paste(page, groups(...noise(1500)));
  await openDialog(page);
  assert.match(await textOf(page, '.share'), /too long for most chat tools/);
  await screenshot(page, 'share-long');
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => !document.querySelector('.share'));
  await paste(page, `{"x": "${'y'.repeat(8_000_001)}"}`);
  await clickText(page, '.tools .button', 'Take away');
  await page.waitForSelector('.take-ways');
  await clickText(page, '.take-ways .button', 'Share');
  await page.waitForSelector('.share .error');
  assert.match(await textOf(page, '.share .error'), /up to 8 MB of text/);
  assert.equal(await page.$('#share-link'), null);
  await page.close();
});

test('hostile fragments are refused in a sentence', async () => {
  const page = await open(browser, { url: server.url });
  const damaged = /^The link is damaged: copy the whole of it/;
  const bomb = zlib.deflateRawSync(Buffer.alloc(300_000_000)).toString('base64url');
  for (const [what, hash, said] of [
    ['broken base64', '#p=1.%%%', damaged],
    ['nothing', '#p=', damaged],
    ['no data', '#p=1.', damaged],
    ['not deflated', `#p=1.${Buffer.from('hello').toString('base64url')}`, damaged],
    ['cut off', fragment([{ name: 'x', text: secretive }]).slice(0, -9), damaged],
    ['not UTF-8', fragment(Buffer.from([0x22, 0xff, 0x22])), damaged],
    ['not JSON', fragment('[{'), damaged],
    ['null', fragment([null]), damaged],
    ['another type', fragment({ name: 'x', text: 'y' }), damaged],
    ['a number for a text', fragment([{ name: 'x', text: 5 }]), damaged],
    ['no document', fragment([]), damaged],
    ['a value for no document', fragment([{ open: 'var.x', value: '10.0.0.0/8' }]), damaged],
    ['a value that is none', fragment([{ name: 'x', text: 'y' }, { open: 'var.x', value: {} }]), damaged],
    ['a million documents', fragment(Array.from({ length: 100_000 }, () => ({ name: '', text: '' }))), damaged],
    ['another version', '#p=2.abc', /another version of this page/],
    ['a bomb', `#p=1.${bomb}`, /^The link unpacks to more than/],
  ]) {
    assert.match(await refused(page, server.url + hash), said, what);
    assert.equal(await page.evaluate(() => location.hash), '', what);
    assert.equal(await textOf(page, '.chip'), 'Nothing pasted yet', what);
  }
  assert.deepEqual(page.complaints, []);
  await page.close();
});

test('names in a link are told apart, cut and kept on a line', async () => {
  const text = groups(['web', [22, '0.0.0.0/0']]);
  const page = await open(browser, { url: server.url + fragment([{ name: 'a', text }, { name: 'a', text }, { name: '\u202e\nb', text }, { name: 'x'.repeat(100_000), text }, { name: ' ', text }]) });
  await page.waitForSelector('.doc-name');
  assert.deepEqual(await texts(page, '.doc-name'), ['a', 'a 2', 'b', 'x'.repeat(200), 'pasted text']);
  await page.close();
});

test('a link does not replace what is being worked on', async () => {
  const page = await open(browser, { url: server.url });
  await paste(page, secretive);
  await page.evaluate(hash => (location.hash = hash), fragment([{ name: 'x', text: '{}' }]));
  await page.waitForSelector('.error');
  assert.match(await textOf(page, '.error'), /left alone/);
  assert.match(await shown(page), /payroll-bastion/);
  assert.equal(await page.evaluate(() => location.hash), '');
  await page.close();
});
