// A question about one flow: answered as it is typed, completed, kept with a star.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { violations } from './axe.mjs';
import { chooseExample, clickText, groups, inEditor, lineOf, open, paste, screenshot, settled, suite, textOf, texts } from './harness.mjs';

const { browser } = await suite();

const estate = groups(['web', [443, '0.0.0.0/0']], ['orders-db', [3306, '10.0.10.0/24']]);

/** Two interfaces with the same group, of which one subnet's ACL lets only private addresses in. */
function network() {
  const entry = (number, egress, source, from, to) => ({ RuleNumber: number, Egress: egress, Protocol: '6', RuleAction: 'allow', CidrBlock: source, PortRange: { From: from, To: to } });
  const acl = (n, source) => ({
    NetworkAclId: `acl-0000000${n}`,
    VpcId: 'vpc-00000001',
    Associations: [{ SubnetId: `subnet-0000000${n}`, NetworkAclId: `acl-0000000${n}` }],
    Entries: [entry(100, false, source, 443, 443), entry(100, true, '0.0.0.0/0', 32768, 40000)],
  });
  const card = n => ({
    NetworkInterfaceId: `eni-0000000${n}`,
    SubnetId: `subnet-0000000${n}`,
    VpcId: 'vpc-00000001',
    Groups: [{ GroupId: 'sg-00000000' }],
    PrivateIpAddresses: [{ PrivateIpAddress: `10.0.${n}.10`, Association: { PublicIp: `203.0.113.${n}` } }],
  });
  const parts = [JSON.parse(groups(['web', [443, '0.0.0.0/0']])), { NetworkInterfaces: [card(1), card(2)] }, { NetworkAcls: [acl(1, '0.0.0.0/0'), acl(2, '10.0.0.0/8')] }];
  return parts.map(part => JSON.stringify(part, null, 2)).join('\n');
}

const ask = async (page, question) => {
  await page.$eval('#ask', box => box.select());
  await page.type('#ask', question);
  await page.keyboard.press('Escape');
};
const fate = (page, wanted) => page.waitForSelector(`.answer[data-fate=${wanted}]`);
const said = page => page.$eval('[role=status]', element => element.textContent);
const heard = (page, wanted) => page.waitForFunction(wanted => document.querySelector('[role=status]').textContent.includes(wanted), {}, wanted);
/** Replaces the end of a line by typing. */
async function retype(page, line, was, is) {
  await inEditor(page, root => root.querySelector('.cm-content').focus());
  await page.keyboard.down('Control');
  await page.keyboard.press('Home');
  await page.keyboard.up('Control');
  for (let n = 1; n < line; n++) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('End');
  for (const _ of was) await page.keyboard.press('Backspace');
  await page.keyboard.type(is);
  await settled(page);
}
const options = page => texts(page, '[role=option] code');
const lit = page => page.$eval('#ask', box => document.getElementById(box.getAttribute('aria-activedescendant'))?.querySelector('code').textContent ?? null);

test('an example question is made from what was pasted, and is answered with the deciding line', async () => {
  const page = await open(browser);
  await paste(page, estate);
  const [first, second] = await texts(page, '.ask-hint .link');
  assert.match(first, /^internet -> (web|orders-db) tcp\/(443|3306)$/);
  assert.match(second, /^\S+ -> (web|orders-db) \S+$/);
  assert.ok((await page.$eval('#ask', box => box.placeholder)).startsWith('internet -> '));
  await clickText(page, '.ask-hint .link', 'internet');
  await page.waitForSelector('.answer');
  assert.equal(await page.$eval('#ask', box => box.value), first);
  await ask(page, 'internet -> web tcp/443');
  await fate(page, 'allowed');
  assert.match(await textOf(page, '.answer-said'), /^Allowed Internet reaches web on 443\/tcp\.$/);
  assert.match(await textOf(page, '.answer'), /Gets through: the whole IPv4 internet/);
  const line = lineOf(estate, '"0.0.0.0/0"');
  assert.match(await textOf(page, '.step'), new RegExp(`In through the security group web.*Allowed by.*Line ${line}`, 's'));
  await page.click('.step .place');
  await page.waitForFunction(() => document.querySelector('[data-editor]').shadowRoot.querySelector('.pc-flash'));
  assert.match(await inEditor(page, root => root.querySelector('.pc-flash').textContent), /0\.0\.0\.0\/0/);
  assert.deepEqual(page.complaints, []);
  await page.close();
});

test('a denied question tells which lines do not match, why, and what would change it', async () => {
  const page = await open(browser);
  await paste(page, estate);
  await ask(page, '10.0.1.5 -> orders-db tcp/3306');
  await fate(page, 'denied');
  assert.match(await textOf(page, '.step'), /Denied: no line admits it/);
  assert.match(await textOf(page, '.answer'), /What would change it.*nearest.*3306\/tcp from 10\.0\.10\.0\/24/s);
  assert.equal(await page.$('.passed .place'), null, 'closed at first');
  await clickText(page, '.step .link', '1 line does not match');
  assert.match(await textOf(page, '.passed'), new RegExp(`Line ${lineOf(estate, '10.0.10.0/24')} It is about another end`));
  await page.close();
});

test('who is behind a name is told below the answer', async () => {
  const page = await open(browser, { width: 360, height: 740, touch: true });
  await paste(
    page,
    JSON.stringify({
      name: 'front',
      type: 'Microsoft.Network/networkSecurityGroups',
      properties: {
        securityRules: [
          {
            name: 'https-from-inside',
            properties: { priority: 100, direction: 'Inbound', access: 'Allow', protocol: 'Tcp', sourceAddressPrefix: 'VirtualNetwork', sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '443' },
          },
        ],
      },
    }),
  );
  await ask(page, 'VirtualNetwork -> front tcp/443');
  await fate(page, 'allowed');
  assert.match(await textOf(page, '.answer-note'), /^VirtualNetwork is more than the network itself: connected and peered networks/);
  assert.ok(await page.evaluate(() => document.querySelector('.answer-said + .answer-note + .way-body')), 'below the sentence, above the way');
  assert.deepEqual(await violations(page), []);
  await page.$eval('.answer', answer => answer.scrollIntoView());
  await screenshot(page, 'phone-light-note');
  await ask(page, '10.0.0.5 -> front tcp/443');
  await fate(page, 'unknown');
  assert.equal(await page.$('.answer-note'), null);
  await page.close();
});

test('the examples ask about what exists, by a name with a blank too', async () => {
  const page = await open(browser);
  await paste(page, '*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp --dport 22 -j ACCEPT\nCOMMIT\n');
  const examples = await texts(page, '.ask-hint .link');
  assert.equal(examples[0], 'internet -> filter INPUT tcp/22');
  assert.ok(examples.every(example => !/web/.test(example)), examples.join());
  for (const example of examples) {
    await ask(page, example);
    await page.waitForFunction(asked => document.querySelector('.answer') && document.querySelector('#ask').value === asked, {}, example);
    await page.click('[aria-label="Clear the question"]');
  }
  // Nothing is named: nothing is offered.
  await paste(page, '# no rules\n');
  assert.deepEqual(await texts(page, '.ask-hint .link'), []);
  await page.close();
});

test('what is half typed is told quietly by the core, and the answer is that of the last question', async () => {
  const page = await open(browser);
  await paste(page, estate);
  await page.type('#ask', 'internet');
  await page.waitForFunction(() => /no arrow in the question/.test(document.querySelector('.ask-hint').textContent));
  assert.equal(await page.$('.answer'), null);
  await ask(page, 'internet -> nowhere tcp/22');
  await page.waitForFunction(() => /nothing here is called nowhere/i.test(document.querySelector('.ask-hint').textContent));
  for (const question of ['internet -> web tcp/22', 'internet -> web tcp/443', 'internet -> orders-db tcp/3306', 'internet -> web https']) await ask(page, question);
  await fate(page, 'allowed');
  assert.match(await textOf(page, '.answer-said'), /443\/tcp/);
  await page.click('[aria-label="Clear the question"]');
  assert.equal(await page.$('.answer'), null);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'ask');
  await page.close();
});

test('a question is completed by keyboard alone, and no one is held in the box', async () => {
  const page = await open(browser);
  await paste(page, estate);
  await page.focus('#ask');
  assert.equal(await page.$('[role=listbox]'), null, 'nothing opens by itself');
  await page.keyboard.type('int');
  assert.deepEqual(await options(page), ['internet']);
  assert.equal(await lit(page), 'internet');
  await page.keyboard.press('Tab');
  assert.equal(await page.$eval('#ask', box => box.value), 'internet -> ');
  assert.ok((await options(page)).includes('orders-db'));
  assert.equal(await lit(page), null, 'the next word is only offered');
  await page.keyboard.press('ArrowDown');
  const second = (await options(page))[1];
  await page.keyboard.press('ArrowDown');
  assert.equal(await lit(page), second);
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  assert.equal(await lit(page), (await options(page)).at(-1), 'it goes round');
  await page.keyboard.type('ord');
  await page.keyboard.press('Enter');
  assert.equal(await page.$eval('#ask', box => box.value), 'internet -> orders-db ');
  assert.ok((await options(page)).includes('tcp/3306'), 'what is open here comes first');
  await page.keyboard.type('mys');
  await page.waitForFunction(() => document.querySelector('[role=option]'));
  assert.ok((await options(page)).includes('mysql'));
  await page.keyboard.press('Escape');
  assert.equal(await page.$('[role=listbox]'), null);
  assert.equal(await page.$eval('#ask', box => box.value), 'internet -> orders-db mys', 'Escape only closes');
  await page.keyboard.press('ArrowDown');
  await page.waitForSelector('[role=listbox]');
  await page.keyboard.press('Enter');
  await fate(page, 'denied');
  await page.keyboard.press('Tab');
  assert.notEqual(await page.evaluate(() => document.activeElement.id), 'ask');
  await page.close();
});

test('a name in the middle is completed in its place, and a pointer can choose', async () => {
  const page = await open(browser);
  await paste(page, estate);
  await ask(page, 'internet ->  tcp/443');
  await page.focus('#ask');
  await page.$eval('#ask', box => box.setSelectionRange(12, 12));
  await page.keyboard.type('we');
  await page.waitForSelector('[role=option]');
  await page.click('[role=option]');
  assert.equal(await page.$eval('#ask', box => box.value), 'internet -> web tcp/443');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'ask');
  await fate(page, 'allowed');
  await page.close();
});

test('several ways are closed at first; each has its layers and the way back', async () => {
  const page = await open(browser, { height: 1400 });
  await paste(page, network());
  await ask(page, 'internet -> web https');
  await fate(page, 'partly');
  assert.match(await textOf(page, '.answer-said'), /^Partly Internet reaches web on 443\/tcp in 1 of 2 ways\.$/);
  assert.equal(await page.$('.step'), null);
  assert.deepEqual(await texts(page, '.way-toggle'), ['Allowed the internet → eni-00000001', 'Denied the internet → eni-00000002']);
  await page.click('.way-toggle');
  assert.equal((await page.$$('.step')).length, 2);
  assert.match(await textOf(page, '.ways li'), /In through the network ACL acl-00000001.*Allowed by.*The way back The replies come back to client ports 32768-40000 only/s);
  await clickText(page, '.ask-hint .button', 'Must stay as it is');
  await page.waitForSelector('[data-standing=kept]');
  await screenshot(page, 'wide-light-ways');
  assert.deepEqual(await violations(page), []);
  await page.close();
});

test('a star keeps the answer in view, and tells when it breaks and when it is mended', async () => {
  const page = await open(browser);
  await paste(page, estate);
  await ask(page, 'internet -> orders-db tcp/3306');
  await fate(page, 'denied');
  await clickText(page, '.ask-hint .button', 'Must stay denied');
  await page.waitForSelector('[data-standing=kept]');
  await ask(page, 'internet -> web tcp/443');
  await fate(page, 'allowed');
  await clickText(page, '.ask-hint .button', 'Must stay allowed');
  await page.click('[aria-label="Clear the question"]');
  await page.click('#tab-ports');
  await page.click('#tab-findings');
  assert.deepEqual(await texts(page, '.starred .standing'), ['Kept', 'Kept']);
  await heard(page, 'Allowed');

  const line = lineOf(estate, '10.0.10.0/24');
  await retype(page, line, '10.0.10.0/24"', '0.0.0.0/0"');
  await page.waitForSelector('[data-standing=broken]');
  assert.deepEqual(await texts(page, '.starred .standing'), ['Broken', 'Kept']);
  assert.match(await textOf(page, '[data-standing=broken]'), /internet -> orders-db tcp\/3306 Must stay denied\. Now allowed\./);
  await heard(page, 'Broken: internet -> orders-db tcp/3306. Must stay denied. Now allowed.');
  assert.match(await said(page), /dangerous/, 'with the change of the result');
  await screenshot(page, 'wide-light-broken');

  const shapes = await page.$$eval('.starred .fate path', paths => paths.map(path => path.getAttribute('d')));
  assert.equal(new Set(shapes).size, 2, 'kept and broken differ in shape');

  await retype(page, line, '0.0.0.0/0"', '10.0.10.0/24"');
  await page.waitForFunction(() => !document.querySelector('[data-standing=broken]'));
  await heard(page, 'Mended: internet -> orders-db tcp/3306 is denied again.');

  await clickText(page, '.starred .button', 'Remove');
  assert.equal((await page.$$('.starred li')).length, 1);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'ask', 'the focus is not lost with the row');
  assert.deepEqual(page.complaints, []);
  await page.close();
});

test('a starred name that is gone is neither kept nor broken; another document starts without stars', async () => {
  const page = await open(browser);
  await paste(page, estate);
  await ask(page, 'internet -> orders-db tcp/3306');
  await fate(page, 'denied');
  await clickText(page, '.ask-hint .button', 'Must stay denied');
  await retype(page, lineOf(estate, 'orders-db'), '",', '2",');
  await page.waitForSelector('[data-standing=lost]');
  assert.match(await textOf(page, '[data-standing=lost]'), /Can't be asked.*Nothing here is called orders-db/s);
  await chooseExample(page, 'ssh-open');
  await page.waitForSelector('.ask');
  assert.equal(await page.$('.starred'), null);
  assert.equal(await page.$eval('#ask', box => box.value), '');
  await page.close();
});

test('while the text can not be read the answers stay, and say that they are old', async () => {
  const page = await open(browser);
  await paste(page, estate);
  await ask(page, 'internet -> web tcp/443');
  await fate(page, 'allowed');
  await retype(page, 2, '', '"');
  await page.waitForSelector('.stale-note');
  assert.match(await textOf(page, '.ask-hint'), /The answers are from before this edit/);
  assert.ok(await page.$('.view-stale .answer[data-fate=allowed]'));
  await page.keyboard.press('Backspace');
  await page.waitForFunction(() => !/from before this edit/.test(document.querySelector('.ask-hint').textContent));
  await page.close();
});

const SCREENS = { wide: { width: 1440, height: 900 }, phone: { width: 390, height: 844, touch: true } };
for (const [screen, size] of Object.entries(SCREENS)) {
  for (const dark of [false, true]) {
    const name = `${screen}-${dark ? 'dark' : 'light'}`;
    test(`axe finds nothing while asking: ${name}`, async () => {
      const page = await open(browser, { ...size, dark });
      await paste(page, estate);
      await page.evaluate(() => document.activeElement.blur());
      await page.waitForSelector('.ask-hint .link');
      await page.type('#ask', 'internet -> orders-db tcp');
      await page.waitForSelector('[role=listbox]');
      await screenshot(page, `${name}-ask-completion`);
      assert.deepEqual(await violations(page), [], 'completion');
      await ask(page, 'internet -> orders-db tcp/3306');
      await fate(page, 'denied');
      await clickText(page, '.ask-hint .button', 'Must stay denied');
      await clickText(page, '.step .link', '1 line');
      await page.waitForSelector('[data-standing=kept]');
      await page.evaluate(() => document.activeElement.blur());
      await screenshot(page, `${name}-ask-denied`);
      assert.deepEqual(await violations(page), [], 'answer');
      if (size.touch) {
        const small = await page.$$eval('.ask button, .ask input', all => all.filter(each => each.getBoundingClientRect().height < 44).map(each => each.textContent || each.id));
        assert.deepEqual(small, []);
      }
      await page.close();
    });
  }
}

test('on a small screen a step leads to the text, and a button back to the answer', async () => {
  const page = await open(browser, { width: 360, height: 740, touch: true });
  await paste(page, network());
  await ask(page, '198.51.100.7 -> eni-00000002 tcp/443');
  await fate(page, 'denied');
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0);
  const place = await page.$('.step .place');
  await place.scrollIntoView();
  const before = await page.evaluate(() => scrollY);
  await place.click();
  await page.waitForSelector('.back');
  const box = await page.$eval('.text', text => ({ top: text.getBoundingClientRect().top, bottom: text.getBoundingClientRect().bottom }));
  assert.ok(box.top >= -1 && box.bottom <= 740, 'the text is in view');
  await page.waitForFunction(() => {
    const lines = [...document.querySelector('[data-editor]').shadowRoot.querySelectorAll('.pc-flash')];
    return lines.some(line => line.getBoundingClientRect().top >= 0 && line.getBoundingClientRect().bottom <= innerHeight);
  });
  await screenshot(page, 'phone-light-jump');
  await page.click('.back');
  await page.waitForFunction(() => !document.querySelector('.back'));
  assert.ok(Math.abs((await page.evaluate(() => scrollY)) - before) < 2);
  await page.close();
});
