// Before and after: two editors, and what opens and closes between them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fs from 'node:fs';
import path from 'node:path';
import { violations } from './axe.mjs';
import { clickText, groups, open, paste, pasteInto as pasteInEditor, requireFromPage, screenshot, suite, textOf, texts } from './harness.mjs';

const { browser, folder } = await suite();

const section = (page, title) => clickText(page, '.section-link', title);
const compared = page =>
  page.waitForFunction(() => {
    const { wanted, shown } = document.querySelector('.compare').dataset;
    return wanted !== '0' && wanted === shown;
  });
const pasteInto = async (page, side, text) => {
  await pasteInEditor(page, `[data-side-editor=${side}]`, text);
  await compared(page);
};

/** Opens texts as the files of a side. */
async function openFiles(page, side, files) {
  const directory = fs.mkdtempSync(path.join(folder, 'side-'));
  const paths = Object.entries(files).map(([name, text]) => {
    fs.writeFileSync(path.join(directory, name), text);
    return path.join(directory, name);
  });
  const before = await page.$eval('.compare', ({ dataset }) => Number(dataset.wanted));
  const input = await page.$(`[data-side=${side}] input[type=file]`);
  await input.uploadFile(...paths);
  await page.waitForFunction(before => Number(document.querySelector('.compare').dataset.wanted) > before, {}, before);
  await compared(page);
}
const shownLine = (page, side) => page.evaluate(side => document.querySelector(`[data-side-editor=${side}]`).shadowRoot.querySelector('.cm-activeLine')?.textContent ?? '', side);

/** A public interface with the groups of these numbers, behind an ACL that admits these ports from everywhere, and a route out. */
function network(groups, ports) {
  const entry = (number, egress, from, to) => ({ RuleNumber: number, Egress: egress, Protocol: '6', RuleAction: 'allow', CidrBlock: '0.0.0.0/0', PortRange: { From: from, To: to } });
  const acl = {
    NetworkAclId: 'acl-00000001',
    VpcId: 'vpc-00000001',
    Associations: [{ SubnetId: 'subnet-00000001', NetworkAclId: 'acl-00000001' }],
    Entries: [...ports.map((port, n) => entry(100 + n, false, port, port)), entry(100, true, 0, 65535)],
  };
  const card = {
    NetworkInterfaceId: 'eni-00000001',
    SubnetId: 'subnet-00000001',
    VpcId: 'vpc-00000001',
    Groups: groups.map(n => ({ GroupId: `sg-0000000${n}` })),
    PrivateIpAddresses: [{ PrivateIpAddress: '10.0.1.10', Association: { PublicIp: '203.0.113.1' } }],
  };
  const subnet = { SubnetId: 'subnet-00000001', VpcId: 'vpc-00000001', CidrBlock: '10.0.1.0/24' };
  const table = {
    RouteTableId: 'rtb-00000001',
    VpcId: 'vpc-00000001',
    Associations: [{ SubnetId: 'subnet-00000001', RouteTableId: 'rtb-00000001', Main: false }],
    Routes: [{ DestinationCidrBlock: '10.0.0.0/16', GatewayId: 'local', State: 'active' }, { DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-00000001', State: 'active' }],
  };
  const parts = [{ NetworkInterfaces: [card] }, { NetworkAcls: [acl] }, { Subnets: [subnet] }, { RouteTables: [table] }];
  return parts.map(part => JSON.stringify(part, null, 2)).join('\n');
}
const estate = groups(['web', [443, '0.0.0.0/0']], ['admin', [22, '0.0.0.0/0']]);

const narrow = groups(['db', [3306, '10.0.0.0/24']]);
const wide = groups(['db', [3306, '10.0.0.0/24'], [3306, '0.0.0.0/0']]);
const respelled = groups(['db', [3306, '10.0.0.0/25'], [3306, '10.0.0.128/25']]);

test('what opens is told with its verdict, its sources and its line', async () => {
  const page = await open(browser);
  await section(page, 'Compare');
  await pasteInto(page, 'before', narrow);
  await pasteInto(page, 'after', wide);
  assert.match(await textOf(page, '.compare .headline h2'), /opens/i);
  const [change] = await texts(page, '.change');
  assert.match(change, /Dangerous/);
  assert.match(change, /3306/);
  await clickText(page, '.change .place', 'After');
  const line = await page.evaluate(() => document.querySelector('[data-side-editor=after]').shadowRoot.querySelector('.cm-activeLine').textContent);
  assert.match(line, /IpProtocol|0\.0\.0\.0|\{/);
  assert.ok(await page.evaluate(() => document.querySelector('[data-side-editor=after]').shadowRoot.querySelector('.pc-gutter .pc-dangerous') !== null));
  await screenshot(page, 'compare-wide-light');
  // The other way round it closes.
  await clickText(page, '.compare-tools .button', 'Swap');
  await compared(page);
  assert.match((await texts(page, '.change-policy h4')).join(), /Closes/);
  assert.deepEqual(page.complaints, []);
  await page.close();
});

test('a rule in other words is no change', async () => {
  const page = await open(browser);
  await section(page, 'Compare');
  await pasteInto(page, 'before', narrow);
  await pasteInto(page, 'after', respelled);
  assert.equal(await page.$eval('.compare .headline', element => element.dataset.equal), 'true');
  assert.equal((await page.$$('.change')).length, 0);
  await page.close();
});

test('what cannot be read is told, and nothing is called equal for it', async () => {
  const page = await open(browser);
  await section(page, 'Compare');
  await pasteInto(page, 'before', narrow);
  await pasteInto(page, 'after', narrow.slice(0, narrow.length / 2));
  assert.equal(await page.$eval('.compare .headline', element => element.dataset.verdict), 'unknown');
  assert.ok((await texts(page, '.compare .problems li')).length > 0);
  await page.close();
});

test('the review is taken over, and stays as it was', async () => {
  const page = await open(browser);
  await paste(page, wide);
  const headline = await textOf(page, '.desk .headline h2');
  await section(page, 'Compare');
  await clickText(page, '[data-side=before] .button', 'From the review');
  await pasteInto(page, 'after', narrow);
  assert.match((await texts(page, '.change-policy h4')).join(), /Closes/);
  await section(page, 'Review');
  assert.equal(await textOf(page, '.desk .headline h2'), headline);
  await page.close();
});

test('a group on another interface opens something there, told before the policies with the lines of all layers', async () => {
  const page = await open(browser, { width: 1440, height: 900 });
  await section(page, 'Compare');
  const [was, is] = [network([0], [443, 22]), network([0, 1], [443, 22])];
  await openFiles(page, 'before', { 'groups.json': estate, 'network.json': was });
  await openFiles(page, 'after', { 'groups.json': estate, 'network.json': is });
  assert.equal(await page.$eval('.compare .headline', element => element.dataset.verdict), 'dangerous');
  assert.match(await textOf(page, '.compare .headline p'), /3 policies and 1 interface compared/);
  assert.deepEqual(await texts(page, '.changes-part h2'), ['At the interfaces']);
  const [item] = await texts(page, '.change-policy');
  assert.match(item, /^eni-00000001 interface.*admin.*stands before it now/is);
  assert.match(item, /Opens 1.*Dangerous.*22\/tcp to the internet/s);
  // Each line is named with its document, and going there shows that document.
  const places = await texts(page, '.change .place');
  for (const name of ['groups.json', 'network.json']) assert.ok(places.some(place => place.startsWith(`After, ${name}, line `)), places.join('; '));
  await clickText(page, '.change .place', 'After, network.json, line ');
  await page.waitForSelector('[data-side=after] .compare-documents [aria-current=true]');
  await page.waitForFunction(() => document.querySelector('[data-side=after] [aria-current]').textContent.trim() === 'network.json');
  assert.match(await shownLine(page, 'after'), /\S/);
  assert.ok(await page.evaluate(() => document.querySelector('[data-side-editor=after]').shadowRoot.querySelector('.pc-gutter .pc-dangerous') !== null));
  assert.deepEqual(await violations(page), []);
  await screenshot(page, 'compare-interfaces-wide');
  await clickText(page, '.compare-tools .button', 'Swap');
  await compared(page);
  assert.match((await texts(page, '.change-policy h4')).join(), /^Closes/);
  assert.deepEqual(page.complaints, []);
  await page.close();
});

for (const dark of [false, true]) {
  test(`a policy that opens nothing at its interfaces is told to: ${dark ? 'dark' : 'light'}`, async () => {
    const page = await open(browser, { dark, width: 360, height: 740, touch: true });
    await section(page, 'Compare');
    await openFiles(page, 'before', { 'groups.json': estate, 'network.json': network([0], [443]) });
    await openFiles(page, 'after', { 'groups.json': estate, 'network.json': network([0], [443, 22]) });
    assert.equal(await page.$eval('.compare .headline', element => element.dataset.verdict), 'secure');
    assert.deepEqual(await texts(page, '.changes-part h2'), ['At the interfaces', 'In the policies']);
    assert.match(await textOf(page, '.changes-part'), /nothing opens or closes at the only interface/);
    assert.match(await textOf(page, '.change-through'), /opens nothing at its interfaces.*does not count here/);
    assert.deepEqual(await violations(page), []);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    await page.$eval('.compare-truth', element => element.scrollIntoView());
    await screenshot(page, `compare-interfaces-phone-${dark ? 'dark' : 'light'}`);
    await page.close();
  });
}

test('a policy that opens something at its interfaces is told of in both places', async () => {
  const page = await open(browser);
  await section(page, 'Compare');
  const wider = groups(['web', [443, '0.0.0.0/0'], [22, '0.0.0.0/0']], ['admin', [22, '0.0.0.0/0'], [3389, '0.0.0.0/0']]);
  await openFiles(page, 'before', { 'groups.json': estate, 'network.json': network([0], [443, 22]) });
  await openFiles(page, 'after', { 'groups.json': wider, 'network.json': network([0], [443, 22]) });
  assert.match(await textOf(page, '[aria-labelledby=compare-interfaces] .change-policy'), /^eni-00000001.*22\/tcp to the internet/s);
  const policies = await texts(page, '[aria-labelledby=compare-policies] .change-policy');
  assert.match(policies.find(text => text.startsWith('web')), /What gets through it is judged at the interfaces; by itself it calls for caution at most/);
  assert.match(policies.find(text => text.startsWith('admin')), /not all pasted with their layers, so what it opens counts in full/);
  await page.close();
});

test('what only one side has makes the difference in doubt, and nothing is called secure for it', async () => {
  const page = await open(browser);
  await section(page, 'Compare');
  const whole = network([0], [443]);
  const withoutAcl = whole.replace(/\{\s*"NetworkAcls".*?\n\}\n/s, '');
  await openFiles(page, 'before', { 'groups.json': estate, 'network.json': whole });
  await openFiles(page, 'after', { 'groups.json': estate, 'network.json': withoutAcl.replace('"sg-00000000"', '"sg-00000001"') });
  assert.match(await textOf(page, '[aria-labelledby=compare-interfaces] .change-policy'), /the ACL of subnet-00000001 was not pasted/);
  assert.equal(await page.$eval('.compare .headline', element => element.dataset.verdict), 'dangerous');
  // The other way round SSH closes, or was never open: that is not known.
  await clickText(page, '.compare-tools .button', 'Swap');
  await page.waitForFunction(() => document.querySelector('.compare .headline').dataset.verdict === 'unknown');
  await page.close();
});

test('each document of a side can be seen and changed', async () => {
  const page = await open(browser);
  await section(page, 'Compare');
  await openFiles(page, 'before', { 'groups.json': estate, 'network.json': network([0], [443]) });
  await openFiles(page, 'after', { 'groups.json': estate, 'network.json': network([0], [443]) });
  assert.equal(await page.$eval('.compare .headline', element => element.dataset.equal), 'true');
  await clickText(page, '[data-side=after] .compare-documents .link', 'network.json');
  await page.waitForFunction(() => document.querySelector('[data-side-editor=after]').shadowRoot.textContent.includes('NetworkInterfaces'));
  await pasteInto(page, 'after', network([1], [443, 22]));
  assert.equal((await texts(page, '[data-side=after] .compare-documents li')).length, 2, 'the other document stays');
  assert.match(await textOf(page, '[aria-labelledby=compare-interfaces]'), /Opens 1.*22\/tcp.*Closes 1.*443\/tcp/s);
  await page.close();
});

/** Too much for the editor; the last of so many groups lets everyone in from these ports on. */
function organisation(...ports) {
  const many = Array.from({ length: 9_000 }, (_, n) => [`group-${n}`, [443, `10.${n >> 8}.${n & 255}.0/24`]]);
  return groups(...many, ['cache', [443, '10.0.0.0/8'], ...ports.map(port => [port, '0.0.0.0/0'])]);
}

test('files too large for the editor are compared on either side, and shown around the chosen place', async () => {
  const page = await open(browser);
  await section(page, 'Compare');
  const [was, is] = [organisation(), organisation(6379)];
  assert.ok(was.length > 3e6);
  await openFiles(page, 'before', { 'before.json': was });
  await openFiles(page, 'after', { 'after.json': is, 'more.json': narrow });
  assert.equal(await page.$eval('.compare .headline', element => element.dataset.verdict), 'dangerous');
  assert.equal(await page.$('[data-side-editor]'), null);
  assert.deepEqual(await texts(page, '.large-name'), ['before.json', 'after.json']);
  assert.match(await textOf(page, '[data-side=before] .large'), /\d MB is more than the editor should hold/);
  // The other document of the side is small enough to be edited.
  await clickText(page, '[data-side=after] .compare-documents .link', 'more.json');
  await page.waitForSelector('[data-side-editor=after]');
  await clickText(page, '.change .place', 'After, after.json, line ');
  await page.waitForSelector('[data-side=after] .excerpt-hit');
  const number = Number(await textOf(page, '.excerpt-hit .excerpt-number'));
  assert.equal(await textOf(page, '.excerpt-hit code'), is.split('\n')[number - 1].trim());
  assert.match((await texts(page, '.excerpt code')).join('\n'), /6379|0\.0\.0\.0\/0/);
  assert.deepEqual(await violations(page), []);
  await screenshot(page, 'compare-large-wide-light');
  await clickText(page, '.compare-tools .button', 'Swap');
  await compared(page);
  assert.match((await texts(page, '.change-policy h4')).join(), /^Closes/);
  assert.match((await texts(page, '[data-side=before] .excerpt code')).join('\n'), /6379|0\.0\.0\.0\/0/, 'the excerpt goes with its text');
  // A large one beside a text, which is pasted so large that the editor gives it back.
  await clickText(page, '[data-side=before] .button', 'Clear');
  await pasteInto(page, 'before', narrow);
  assert.match((await texts(page, '.change-policy h4')).join(), /Closes/);
  await pasteInto(page, 'before', is);
  await page.waitForSelector('[data-side=before] .large');
  assert.match((await texts(page, '.change-policy h4')).join(), /^Closes 1/);
  assert.deepEqual(page.complaints, []);
  await page.close();
});

test('files that are dropped go to the side they are dropped on, and the review stays', async () => {
  const page = await open(browser);
  await paste(page, wide);
  await section(page, 'Compare');
  assert.ok(await page.$$eval('.tools .button', buttons => buttons.find(button => button.textContent === 'Clear').disabled), 'what is out of sight is not cleared');
  const drop = (selector, name, text) =>
    page.evaluate(
      (selector, name, text) => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([text], name));
        for (const type of ['dragover', 'drop']) document.querySelector(selector).dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true, composed: true }));
      },
      selector,
      name,
      text,
    );
  await drop('[data-side-editor=after]', 'after.json', wide);
  // Beside the sides: to the empty one.
  await drop('.compare-truth', 'before.json', narrow);
  await page.waitForSelector('.change');
  assert.match(await textOf(page, '.change'), /opens 3306\/tcp/i);
  assert.equal(await page.$('.drop'), null);
  await section(page, 'Review');
  assert.equal(await page.$('.doc'), null, 'the review has the one document it had');
  assert.equal(await page.$eval('.desk .headline', element => element.dataset.verdict), 'dangerous');
  await page.close();
});

test('a large document goes from the review to a side', async () => {
  const page = await open(browser, { width: 360, height: 740, touch: true, dark: true });
  const file = path.join(folder, 'organisation.json');
  fs.writeFileSync(file, organisation(6379));
  await clickText(page, '.tools .button', 'Open');
  await (await page.waitForSelector('input[data-opens=files]')).uploadFile(file);
  await page.waitForSelector('.desk .headline[data-verdict=dangerous]');
  await section(page, 'Compare');
  await clickText(page, '[data-side=after] .button', 'From the review');
  await pasteInto(page, 'before', narrow);
  assert.equal(await page.$eval('.compare .headline', element => element.dataset.verdict), 'dangerous');
  assert.ok((await page.$$('.change-policy')).length < 1_000, 'a long list comes in parts');
  const listed = (await page.$$('.change-policy')).length;
  await clickText(page, '.more .button', 'Show more');
  await page.waitForFunction(had => document.querySelectorAll('.change-policy').length > had, {}, listed);
  await clickText(page, '.change .place', 'After, line ');
  await page.waitForSelector('[data-side=after] .excerpt-hit');
  // On a small screen the side is scrolled into sight.
  await page.waitForFunction(() => {
    const { top, bottom } = document.querySelector('.excerpt').getBoundingClientRect();
    return top < innerHeight && bottom > 0;
  });
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  assert.deepEqual(await violations(page), []);
  await screenshot(page, 'compare-large-phone-dark');
  await page.close();
});

test('a comparison that takes its time says so, and can be cancelled', async () => {
  const page = await open(browser);
  await section(page, 'Compare');
  await pasteInto(page, 'before', narrow);
  await pasteInto(page, 'after', wide);
  // Busy for ever, as an endless comparison would be.
  const [, worker] = page.workers();
  worker.evaluate(() => {
    for (;;);
  }).catch(() => {});
  await pasteInEditor(page, '[data-side-editor=after]', respelled);
  await page.waitForSelector('.compare .progress');
  assert.ok(await page.$eval('.compare .headline', element => element.classList.contains('headline-stale')));
  await clickText(page, '.compare .progress .button', 'Cancel');
  await compared(page);
  assert.match(await textOf(page, '.compare .error'), /was cancelled/);
  assert.equal(await page.$('.compare .headline'), null, 'nothing is said of texts that were not compared');
  assert.ok(await page.evaluate(() => document.activeElement.classList.contains('compare-truth')));
  await pasteInto(page, 'after', wide);
  assert.equal(await page.$eval('.compare .headline', element => element.dataset.verdict), 'dangerous');
  assert.equal(await page.$('.compare .error'), null);
  await page.close();
});

test('without interfaces on both sides nothing is said of them', async () => {
  const page = await open(browser);
  await section(page, 'Compare');
  await pasteInto(page, 'before', narrow);
  await pasteInto(page, 'after', wide);
  assert.equal(await page.$('.changes-part'), null);
  assert.equal(await page.$('.change-through'), null);
  await page.close();
});

test('what the review assumes holds for both sides, and is told', async () => {
  const admitted = port => `variable "admin" {}\nresource "aws_security_group" "a" {\n  ingress {\n    from_port = ${port}\n    to_port = ${port}\n    protocol = "tcp"\n    cidr_blocks = [var.admin]\n  }\n}\n`;
  const page = await open(browser);
  await paste(page, admitted(22));
  await page.type('.assume input[name=value]', '0.0.0.0/0');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.desk .headline[data-verdict=dangerous]');
  await section(page, 'Compare');
  await clickText(page, '[data-side=after] .button', 'From the review');
  await pasteInto(page, 'before', admitted(443));
  assert.equal(await page.$eval('.compare .headline', element => element.dataset.verdict), 'dangerous');
  assert.match(await textOf(page, '.compare .headline'), /Assumed on both sides, as in the review: var\.admin is 0\.0\.0\.0\/0\./);
  assert.match(await textOf(page, '.change'), /opens 22\/tcp to the internet/i);
  assert.doesNotMatch(await textOf(page, '.changes'), /may/, 'before is read under it too');
  for (const side of ['before', 'after']) await clickText(page, `[data-side=${side}] .button`, 'Clear');
  await pasteInto(page, 'before', admitted(22));
  await pasteInto(page, 'after', admitted(3389));
  assert.doesNotMatch(await textOf(page, '.compare .headline'), /Assumed/);
  await page.close();
});

for (const dark of [false, true]) {
  test(`it is accessible and fits a phone, ${dark ? 'dark' : 'light'}`, async () => {
    const page = await open(browser, { dark, width: 360, height: 740, touch: true });
    await section(page, 'Compare');
    await clickText(page, '.compare .button', 'Try it with an example');
    await page.waitForSelector('.change');
    await page.evaluate(requireFromPage('axe-core').source);
    const { violations } = await page.evaluate(() => window.axe.run());
    assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map(node => node.target.join(' ')).join(', ')}`), []);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    await screenshot(page, `compare-phone-${dark ? 'dark' : 'light'}`);
    await page.close();
  });
}
