// Arrow keys on an address or a port: which tokens they change, how the verdict follows, and the way back.
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { groups, inEditor, open, paste, requireFromPage, screenshot, settled, suite, textOf, verdict } from './harness.mjs';

const source = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../www/src/editor/probe-token.ts');

const { browser } = await suite();
const { outputFiles } = await requireFromPage('esbuild').build({ entryPoints: [source], bundle: true, format: 'esm', target: 'es2022', write: false });
const tokens = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString('base64')}`);

/** Steps the token at the mark `¦`; null where the key is left alone, the same text where it can go no further. */
function step(marked, steps) {
  const caret = marked.indexOf('¦');
  const text = marked.replace('¦', '');
  const token = tokens.tokenAt(text, caret);
  if (!token) return null;
  const insert = tokens.stepped(token, steps);
  if (insert === null) return text;
  const spans = [token, ...(token.twin ? [token.twin] : [])].sort((a, b) => b.from - a.from);
  return spans.reduce((changed, { from, to }) => changed.slice(0, from) + insert + changed.slice(to), text);
}

const CIDRS = [
  ['"CidrIp": "203.0.113.0/¦24"', '"CidrIp": "203.0.112.0/23"', '"CidrIp": "203.0.113.0/25"'],
  ['"CidrIp": "¦0.0.0.0/0"', '"CidrIp": "0.0.0.0/0"', '"CidrIp": "0.0.0.0/1"'],
  ['cidr_blocks = ["10.0.0.0/8", "192.168.4.0/22¦"]', 'cidr_blocks = ["10.0.0.0/8", "192.168.0.0/21"]', 'cidr_blocks = ["10.0.0.0/8", "192.168.4.0/23"]'],
  ['-A INPUT -s 10.0.1.50¦ -j ACCEPT', '-A INPUT -s 10.0.1.50/31 -j ACCEPT', '-A INPUT -s 10.0.1.50 -j ACCEPT'],
  ['"CidrIpv6": "2001:db8:0:ff00::¦/56"', '"CidrIpv6": "2001:db8:0:fe00::/55"', '"CidrIpv6": "2001:db8:0:ff00::/57"'],
  ['CidrIpv6: ¦::/0', 'CidrIpv6: ::/0', 'CidrIpv6: ::/1'],
];
for (const [marked, wider, narrower] of CIDRS) {
  test(`a prefix is widened and narrowed: ${marked}`, () => {
    assert.equal(step(marked, 1), wider);
    assert.equal(step(marked, -1), narrower);
    assert.equal(step(marked, 0), marked.replace('¦', ''), 'nothing is re-spelled by no step');
  });
}

const PORTS = [
  ['{ "FromPort": ¦22, "ToPort": 80 }', '{ "FromPort": 23, "ToPort": 80 }', '{ "FromPort": 21, "ToPort": 80 }'],
  ['{ "FromPort": 2¦2, "ToPort": 22 }', '{ "FromPort": 23, "ToPort": 23 }', '{ "FromPort": 21, "ToPort": 21 }'],
  ['{ "FromPort": 22, "IpProtocol": "tcp", "IpRanges": [{ "CidrIp": "10.0.0.0/8" }], "ToPort": ¦22 }', '{ "FromPort": 23, "IpProtocol": "tcp", "IpRanges": [{ "CidrIp": "10.0.0.0/8" }], "ToPort": 23 }', '{ "FromPort": 21, "IpProtocol": "tcp", "IpRanges": [{ "CidrIp": "10.0.0.0/8" }], "ToPort": 21 }'],
  ['[{ "FromPort": ¦22 }, { "ToPort": 22 }]', '[{ "FromPort": 23 }, { "ToPort": 22 }]', '[{ "FromPort": 21 }, { "ToPort": 22 }]'],
  ['"PortRange": { "From": 443, "To": ¦443 }', '"PortRange": { "From": 444, "To": 444 }', '"PortRange": { "From": 442, "To": 442 }'],
  ['ingress {\n  from_port   = 22\n  to_port     = ¦22\n}', 'ingress {\n  from_port   = 23\n  to_port     = 23\n}', 'ingress {\n  from_port   = 21\n  to_port     = 21\n}'],
  ['- FromPort: ¦22\n  IpProtocol: tcp\n  IpRanges:\n  - CidrIp: 10.0.0.0/8\n  ToPort: 22\n- FromPort: 22\n', '- FromPort: 23\n  IpProtocol: tcp\n  IpRanges:\n  - CidrIp: 10.0.0.0/8\n  ToPort: 23\n- FromPort: 22\n', '- FromPort: 21\n  IpProtocol: tcp\n  IpRanges:\n  - CidrIp: 10.0.0.0/8\n  ToPort: 21\n- FromPort: 22\n'],
  ['"ports": ["22", "80-¦90"]', '"ports": ["22", "80-91"]', '"ports": ["22", "80-89"]'],
  ['"ports": [\n  "22",\n  "¦80"\n]', '"ports": [\n  "22",\n  "81"\n]', '"ports": [\n  "22",\n  "79"\n]'],
  ['ports:\n- "22"\n- ¦80\n', 'ports:\n- "22"\n- 81\n', 'ports:\n- "22"\n- 79\n'],
  ['"destinationPortRange": "¦22"', '"destinationPortRange": "23"', '"destinationPortRange": "21"'],
  ['"destinationPortRanges": ["22-¦22"]', '"destinationPortRanges": ["22-23"]', '"destinationPortRanges": ["22-22"]'],
  ['-A INPUT -p tcp -m multiport --dports 22,80:¦90 -j ACCEPT', '-A INPUT -p tcp -m multiport --dports 22,80:91 -j ACCEPT', '-A INPUT -p tcp -m multiport --dports 22,80:89 -j ACCEPT'],
  ['tcp dport { 22, ¦443 } accept', 'tcp dport { 22, 444 } accept', 'tcp dport { 22, 442 } accept'],
  ['"port": ¦65535', '"port": 65535', '"port": 65534'],
  ['"port": ¦0', '"port": 1', '"port": 0'],
];
for (const [marked, up, down] of PORTS) {
  test(`a port is the next and the one before: ${JSON.stringify(marked)}`, () => {
    assert.equal(step(marked, 1), up);
    assert.equal(step(marked, -1), down);
  });
}

for (const marked of [
  '"Description": "from 10.0.0.0/¦8"',
  '# 10.0.0.0/¦8',
  '"PrivateIpAddress": "10.0.1.¦5"',
  '"version": "1.2.3¦"',
  '"OwnerId": "12345678901¦2"',
  '"Priority": ¦100',
  '"RuleNumber": 1¦00',
  '{ "IpProtocol": "icmp", "FromPort": ¦8, "ToPort": 0 }',
  '- IpProtocol: icmp\n  FromPort: ¦8\n  ToPort: 0\n',
  '{ "FromPort": -¦1 }',
  '"From": ¦22',
  '"port": 7000¦0',
  '"CidrIp": "10.0.0.0/4¦0"',
  '"CidrIp": "10.0.0.256/2¦4"',
  '"GroupId": "sg-0a1b2c3d4e5f6071¦8"',
  '12:30:4¦5',
]) {
  test(`the key is left alone at ${JSON.stringify(marked)}`, () => assert.equal(step(marked, 1), null));
}

test('every prefix length of an address gives the network that clears the bits behind it', () => {
  const bits = address => address.split('.').map(part => Number(part).toString(2).padStart(8, '0')).join('');
  const naive = (address, length) => `${bits(address).slice(0, length).padEnd(32, '0').match(/.{8}/g).map(part => parseInt(part, 2)).join('.')}/${length}`;
  for (const address of ['203.0.113.77', '255.255.255.255', '10.128.64.32']) {
    const token = tokens.tokenAt(`${address}/16`, 3);
    for (let length = 0; length <= 32; length++) if (length !== 16) assert.equal(tokens.stepped(token, 16 - length), naive(address, length));
    assert.equal(tokens.stepped(token, 17), null);
    assert.equal(tokens.stepped(token, -17), null);
  }
});

const content = page => inEditor(page, root => [...root.querySelectorAll('.cm-line')].map(line => line.textContent).join('\n'));
const press = async (page, modifier, key) => {
  await page.keyboard.down(modifier);
  await page.keyboard.press(key);
  await page.keyboard.up(modifier);
};
const up = page => press(page, 'Alt', 'ArrowUp');
const down = page => press(page, 'Alt', 'ArrowDown');

/** Searches for a text, which puts the caret behind it. */
async function caretAt(page, text) {
  await inEditor(page, root => root.querySelector('.cm-content').focus());
  await press(page, 'Control', 'Home');
  await press(page, 'Control', 'f');
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
}

const headlineIs = (page, wanted) => page.waitForFunction(wanted => document.querySelector('.headline').dataset.verdict === wanted, {}, wanted);

test('the verdict moves with the prefix, and Escape restores the text', async () => {
  const page = await open(browser);
  await paste(page, groups(['bastion', [22, '10.0.1.50/32']]));
  assert.equal(await verdict(page), 'secure');
  await caretAt(page, '10.0.1.50/32');
  assert.match(await textOf(page, '.line-bar'), /try others/);
  for (let n = 0; n < 32; n++) await up(page);
  await headlineIs(page, 'dangerous');
  await settled(page);
  assert.match(await content(page), /"0\.0\.0\.0\/0"/);
  assert.match(await textOf(page, '.line-bar'), /Dangerous.*Probing 10\.0\.1\.50\/32 → 0\.0\.0\.0\/0/s);
  await up(page);
  assert.match(await content(page), /"0\.0\.0\.0\/0"/, 'there is nothing wider');
  await page.waitForFunction(() => /Probing 0\.0\.0\.0\/0/.test(document.querySelector('[role=status]').textContent));
  await screenshot(page, 'wide-light-probing');
  await page.keyboard.press('Escape');
  await headlineIs(page, 'secure');
  assert.match(await content(page), /"10\.0\.1\.50\/32"/);
  await page.waitForFunction(() => !document.querySelector('[data-probing]'));
  await page.waitForFunction(() => /Restored 10\.0\.1\.50\/32/.test(document.querySelector('[role=status]').textContent));
  assert.deepEqual(page.complaints, []);
  await page.close();
});

test('narrowing after widening comes back to the address that stood there', async () => {
  const page = await open(browser);
  await paste(page, groups(['bastion', [22, '203.0.113.0/24']]));
  await caretAt(page, '203.0.113.0/24');
  for (let n = 0; n < 3; n++) await up(page);
  assert.match(await content(page), /"203\.0\.112\.0\/21"/);
  for (let n = 0; n < 3; n++) await down(page);
  assert.match(await content(page), /"203\.0\.113\.0\/24"/);
  await page.close();
});

test('Enter keeps it, and all steps are undone as one', async () => {
  const page = await open(browser);
  await paste(page, groups(['web', [443, '0.0.0.0/0']]));
  await caretAt(page, '"FromPort": 443');
  for (let n = 0; n < 3; n++) await up(page);
  await page.keyboard.press('Enter');
  assert.match(await content(page), /"FromPort": 446,\s+"ToPort": 446/, 'a single port moves as one');
  assert.equal(await page.$('[data-probing]'), null);
  await page.keyboard.type('7');
  assert.match(await content(page), /"FromPort": 4467,/);
  await press(page, 'Control', 'z');
  assert.match(await content(page), /"FromPort": 446,/, 'what is typed afterwards is a step of its own');
  await press(page, 'Control', 'z');
  assert.match(await content(page), /"FromPort": 443,\s+"ToPort": 443/);
  await press(page, 'Control', 'y');
  assert.match(await content(page), /"FromPort": 446,\s+"ToPort": 446/);
  await page.close();
});

test('moving away keeps it, and Escape no longer restores', async () => {
  const page = await open(browser);
  await paste(page, groups(['web', [443, '10.0.0.0/8']]));
  await caretAt(page, '10.0.0.0/8');
  await down(page);
  await page.keyboard.press('ArrowDown');
  assert.equal(await page.$('[data-probing]'), null);
  await page.keyboard.press('Escape');
  assert.match(await content(page), /"10\.0\.0\.0\/9"/);
  await page.close();
});

test('elsewhere the keys do what they do in the editor', async () => {
  const page = await open(browser);
  const text = groups(['web', [443, '10.0.0.0/8']]);
  await paste(page, text);
  await caretAt(page, '"OwnerId": "123456789012');
  await up(page);
  const lines = (await content(page)).split('\n');
  assert.ok(lines.findIndex(line => line.includes('OwnerId')) < lines.findIndex(line => line.includes('GroupName')), 'the line moved');
  assert.match(await content(page), /"123456789012"/);
  await page.close();
});
