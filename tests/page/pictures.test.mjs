// The pictures of a result: the exposure map, the tiers and the interfaces, each with the same in words.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { violations } from './axe.mjs';
import { clickText, groups, open, paste, screenshot, suite, textOf, texts } from './harness.mjs';

const { browser } = await suite();

const sample = fs.readFileSync(new URL('../samples/three-tiers/main.tf', import.meta.url), 'utf8');
/** The bastion's own group lets everyone in, and only the network ACL keeps them out. */
const weakened = sample.replace('cidr_ipv4         = "198.51.100.10/32"', 'cidr_ipv4         = "0.0.0.0/0"');
assert.notEqual(weakened, sample);

/** A describe-security-groups answer. Each group: its name, then rules of protocol, ports and source, such as ['tcp', '22', 'web']. */
function network(...list) {
  const names = list.map(([name]) => name);
  const permission = ([protocol, ports, source]) => {
    const [from, to = from] = ports.split('-').map(Number);
    const range = protocol === '-1' ? {} : { FromPort: from, ToPort: to };
    const peer = names.includes(source) ? { UserIdGroupPairs: [{ GroupId: `sg-${source}` }] } : { IpRanges: [{ CidrIp: source }] };
    return { IpProtocol: protocol, ...range, ...peer };
  };
  const groups = list.map(([name, ...rules]) => ({
    GroupId: `sg-${name}`,
    GroupName: name,
    OwnerId: '123456789012',
    VpcId: 'vpc-00000001',
    IpPermissions: rules.map(permission),
    IpPermissionsEgress: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
  }));
  return JSON.stringify({ SecurityGroups: groups }, null, 2);
}

const everyone = '0.0.0.0/0';
const estate = network(
  ['web', ['tcp', '443', everyone], ['tcp', '80', everyone], ['tcp', '22', 'bastion'], ['icmp', '8-0', everyone]],
  ['bastion', ['tcp', '22', '198.51.100.10/32']],
  ['app', ['tcp', '8080', 'web'], ['tcp', '8443', 'web'], ['tcp', '22', 'bastion'], ['tcp', '9090', 'jobs']],
  ['jobs', ['tcp', '5671-5672', 'app'], ['tcp', '5671-5672', 'jobs'], ['tcp', '22', 'bastion']],
  ['search', ['tcp', '9200', everyone], ['tcp', '9300', 'search'], ['tcp', '9200', 'app']],
  ['orders', ['tcp', '3306', 'app'], ['tcp', '3306', 'jobs'], ['tcp', '3306', 'web']],
  ['cache', ['tcp', '6379', 'app'], ['tcp', '6379', '10.0.0.0/8']],
  ['games', ['udp', '27000-27100', everyone], ['udp', '49152-65535', everyone]],
);

async function show(page, view) {
  await page.waitForSelector(`#tab-${view}`);
  await page.evaluate(id => document.querySelector(id).click(), `#tab-${view}`);
  await page.waitForSelector(`#tab-${view}[aria-selected=true]`);
  await page.waitForSelector(view === 'interfaces' ? '.surface' : 'svg.picture, .ports, .quiet');
}

const bars = page => page.$$eval('.bar', list => list.map(bar => bar.getAttribute('aria-label')));

test('the map has a bar for each exposure, with its verdict in words and shape', async () => {
  const page = await open(browser);
  await paste(page, network(['db', ['tcp', '3306', everyone]], ['old', ['tcp', '3306', everyone]], ['web', ['tcp', '443', everyone], ['tcp', '22', '10.0.1.0/24']]));
  await show(page, 'map');
  assert.deepEqual(await bars(page), [
    'Secure: tcp/443 (https) in from the whole IPv4 internet; web (sg-web)',
    'Dangerous: tcp/3306 (mysql) in from the whole IPv4 internet; db (sg-db), old (sg-old)',
    'Secure: tcp/22 (ssh) in from 256 private IPv4 addresses; web (sg-web)',
  ]);
  assert.equal(await textOf(page, '.picture-note'), '3 bars for 4 rows; equal ones are drawn once.');
  const shapes = await page.$$eval('.bar', list => list.map(bar => [bar.dataset.verdict, bar.querySelector('.mark-body').getAttribute('d')]));
  assert.equal(new Set(shapes.map(([, shape]) => shape)).size, new Set(shapes.map(([verdict]) => verdict)).size);
  // Further right is a higher port, in the range's own part of the width.
  const [https, mysql, ssh] = await page.$$eval('.bar .mark-body', marks => marks.map(mark => mark.getBoundingClientRect().x));
  assert.ok(ssh < https && https < mysql);
  await clickText(page, '.filter-button', 'What may go out');
  assert.deepEqual(await bars(page), ['Secure: every protocol out to the whole IPv4 internet; db (sg-db), old (sg-old), web (sg-web)']);
  await page.close();
});

test('the map narrows with the filter, and equals its table', async () => {
  const page = await open(browser);
  await paste(page, estate);
  await show(page, 'map');
  const drawn = await page.$$eval('.bar', list => list.map(bar => bar.dataset.verdict).sort());
  await clickText(page, '.button', 'As a table');
  const listed = await page.$$eval('.ports tbody tr', rows => rows.map(row => row.dataset.verdict).sort());
  assert.deepEqual(listed, drawn);
  await clickText(page, '.button', 'As a table');
  await page.click('[data-filter=dangerous]');
  await page.waitForFunction(() => [...document.querySelectorAll('.bar')].every(bar => bar.dataset.verdict === 'dangerous'));
  assert.equal((await bars(page)).length, drawn.filter(verdict => verdict === 'dangerous').length);
  await page.close();
});

test('arrow keys move between bars, Enter goes to the line that decides', async () => {
  const page = await open(browser);
  const text = network(['web', ['tcp', '443', everyone], ['tcp', '8888', everyone]], ['db', ['tcp', '3306', '10.0.0.0/24']]);
  await paste(page, text);
  await show(page, 'map');
  const focused = () => page.evaluate(() => document.activeElement.getAttribute('aria-label')?.match(/\S+\/\d+/)?.[0]);
  assert.equal(await page.$$eval('.bar[tabindex="0"]', list => list.length), 1, 'one stop for the tab key');
  await page.$eval('.bar[tabindex="0"]', bar => bar.focus());
  assert.equal(await focused(), 'tcp/443');
  for (const [key, there] of [['ArrowRight', 'tcp/8888'], ['ArrowDown', 'tcp/3306'], ['ArrowDown', 'tcp/3306'], ['Home', 'tcp/443'], ['End', 'tcp/3306'], ['ArrowUp', 'tcp/8888']]) {
    await page.keyboard.press(key);
    assert.equal(await focused(), there, key);
  }
  assert.match(await textOf(page, '.picture-told'), /^Dangerous tcp\/8888/);
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.querySelector('[data-editor]').shadowRoot.querySelector('.pc-flash'));
  await page.close();
});

test('a map of thousands of rows says how much of them it shows', async () => {
  const page = await open(browser);
  const many = Array.from({ length: 420 }, (_, n) => [`g${n}`, ['tcp', String(20_000 + n), everyone], ['tcp', '22', `10.0.${n % 250}.0/24`], ['tcp', '443', everyone]]);
  await paste(page, network(...many));
  await show(page, 'map');
  await page.waitForFunction(() => document.querySelector('.picture-note')?.textContent.includes('1,680'));
  assert.equal(await textOf(page, '.picture-note'), 'The 300 worst of 422 bars for 1,000 rows among the 1,000 worst of 1,680; equal ones are drawn once.');
  assert.equal((await bars(page)).length, 300);
  await page.$eval('.bar[tabindex="0"]', bar => bar.focus());
  for (const key of ['End', 'ArrowUp', 'ArrowUp', 'Home', ...Array(60).fill('ArrowDown')]) {
    await page.keyboard.press(key);
    const [bar, told, tabs] = await page.evaluate(() => [document.activeElement, document.querySelector('.picture-told'), document.querySelector('.tabs')].map(element => element.getBoundingClientRect().toJSON()));
    assert.ok(bar.bottom <= told.top + 1 && bar.top >= tabs.bottom - 1, `the focus is hidden after ${key}`);
  }
  await screenshot(page, 'map-thousands');
  await clickText(page, '.more .button', 'Show more');
  await page.waitForFunction(() => !document.querySelector('.more'));
  assert.match(await textOf(page, '.picture-note'), /^The 300 worst of 422 bars for 1,260 rows/);
  await page.close();
});

test('the tiers stand in layers from the internet to the data', async () => {
  const page = await open(browser, { width: 1700 });
  await paste(page, sample);
  await show(page, 'tiers');
  assert.deepEqual(await texts(page, '.tier-ways li'), ['Internet → load-balancer 80/tcp, 443/tcp → application 8080/tcp → database 3306/tcp: 3 hops.']);
  const nodes = await places(page, '.node .node-box');
  const names = await page.$$eval('.node', list => list.map(node => node.querySelector('text').textContent));
  assert.deepEqual(names, ['internet', 'load-balancer', 'bastion', 'application', 'database']);
  const x = name => nodes[names.indexOf(name)].left;
  assert.ok(x('internet') < x('load-balancer') && x('load-balancer') === x('bastion') && x('bastion') < x('application') && x('application') < x('database'));
  assert.match(await page.$eval('.node[aria-label^="database"]', node => node.getAttribute('aria-label')), /^database Secure, data; reached by application 3306\/tcp$/);
  assert.deepEqual(await texts(page, '.edge text'), ['80, 443/tcp', '8080/tcp', '22/tcp', '3306/tcp']);
  await clickText(page, '.button', 'As a table');
  assert.deepEqual((await texts(page, '.edges .port')).sort(), ['22/tcp', '3306/tcp', '80/tcp, 443/tcp', '8080/tcp']);
  await clickText(page, '.button', 'As a table');
  await page.$eval('.node[tabindex="0"]', node => node.focus());
  for (const key of ['ArrowRight', 'ArrowRight', 'ArrowRight', 'Enter']) await page.keyboard.press(key);
  await page.waitForSelector('#tab-policies[aria-selected=true]');
  await page.waitForSelector('.policy .finding-toggle[aria-expanded=true]');
  assert.match(await textOf(page, '.policy:has([aria-expanded=true]) h3'), /^database/);
  await page.close();
});

for (const [screen, size] of [['wide', { width: 1700, height: 900 }], ['narrow', { width: 1280, height: 900 }], ['phone', { width: 390, height: 844, touch: true }]]) {
  test(`nodes and labels of the tiers never meet: ${screen}`, async () => {
    const page = await open(browser, size);
    await paste(page, estate);
    await show(page, 'tiers');
    const boxes = [...(await places(page, '.node .node-box')), ...(await places(page, '.edge text'))];
    assert.ok(boxes.length > 20);
    for (const [n, a] of boxes.entries()) {
      for (const b of boxes.slice(n + 1)) {
        const apart = a.right <= b.left + 1 || b.right <= a.left + 1 || a.bottom <= b.top + 4 || b.bottom <= a.top + 4;
        assert.ok(apart, `${a.text} and ${b.text} meet`);
      }
    }
    const outside = await page.$eval('svg.picture', svg => [...svg.querySelectorAll('text')].filter(text => text.getBoundingClientRect().left < svg.getBoundingClientRect().left - 1).map(text => text.textContent));
    assert.deepEqual(outside, []);
    // The two that admit each other; what admits itself is no edge.
    assert.equal(await page.$$eval('.edge[data-back=true]', list => list.length), 1);
    const drawn = () => page.$eval('svg.picture', svg => svg.outerHTML);
    const once = await drawn();
    await show(page, 'findings').catch(() => {});
    await show(page, 'tiers');
    assert.equal(await drawn(), once, 'the same graph gives the same picture');
    await page.evaluate(() => document.querySelector('.picture-tools').scrollIntoView());
    await screenshot(page, `tiers-estate-${screen}`);
    await page.close();
  });
}

test('of a large graph only the ways from the internet to data are drawn', async () => {
  const page = await open(browser);
  const many = Array.from({ length: 80 }, (_, n) => [`n${n}`, ['tcp', '8080', `n${(n + 1) % 80}`]]);
  await paste(page, network(['web', ['tcp', '443', everyone]], ['orders', ['tcp', '3306', 'web']], ...many));
  await show(page, 'tiers');
  await page.waitForSelector('.node');
  assert.match(await textOf(page, '.picture-note'), /only the ways from the internet to data: 2 of 82 groups/);
  assert.equal(await page.$$eval('.node', list => list.length), 3);
  await clickText(page, '.button', 'As a table');
  assert.equal(await page.$$eval('.edges tbody tr', list => list.length), 82);
  await page.close();
});

test('a view that has nothing to say has no tab, and the first one is shown instead', async () => {
  const page = await open(browser);
  await paste(page, weakened);
  await show(page, 'interfaces');
  await paste(page, network(['closed']));
  await page.waitForFunction(() => !document.querySelector('#tab-interfaces'));
  assert.deepEqual(await page.$$eval('[role=tab]', tabs => tabs.map(tab => tab.id)), ['tab-findings', 'tab-ports', 'tab-policies', 'tab-map']);
  assert.equal(await page.$eval('[role=tab][aria-selected=true]', tab => tab.id), 'tab-findings');
  await page.close();
});

test('an interface tells its layers, what passes them, and what a single one keeps closed', async () => {
  const page = await open(browser);
  await paste(page, weakened);
  await show(page, 'interfaces');
  const [layers] = await page.$$eval('[data-surface="aws_instance.bastion"] .layers', lists => lists.map(list => [...list.children].map(layer => layer.textContent)));
  assert.deepEqual(layers, ['Way inThe internet can get here', 'Subnetaws_network_acl.public', 'Interfacebastion']);
  const kept = '[data-surface="aws_instance.bastion"] [data-only=true]';
  assert.match(await textOf(page, kept), /closed by the network ACL aws_network_acl\.public.*One layer alone keeps it closed\./);
  await page.click(`${kept} .kept .place`);
  await page.waitForFunction(() => document.querySelector('[data-editor]').shadowRoot.querySelector('.pc-flash'));
  const database = await page.$eval('[data-surface*=db_instance]', card => card.textContent);
  assert.match(database, /Closed by the lack of a public IPv4 address/);
  await page.evaluate(() => document.querySelectorAll('.surface .finding-toggle[aria-expanded=false]').forEach(button => button.click()));
  await page.waitForFunction(() => /4 layers stand between the internet and this/.test(document.querySelector('[data-surface*=db_instance]').textContent));
  await page.close();
});

test('what was not pasted is said to be assumed open', async () => {
  const page = await open(browser);
  await paste(page, weakened.replace(/resource "aws_network_acl" "public"[\s\S]*?\n}\n/, '').replace('vpc_security_group_ids = [aws_security_group.bastion.id]', 'vpc_security_group_ids = ["sg-0elsewhere"]'));
  await show(page, 'interfaces');
  const card = '[data-surface="aws_instance.bastion"]';
  assert.match(await textOf(page, `${card} .layers`), /assumed open, not pasted/);
  assert.match(await textOf(page, `${card} .layers`), /The ACL of aws_subnet\.public was not pasted, so it is assumed open\./);
  await page.close();
});

test('a picture is kept as a file that stands alone', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pictures-'));
  const page = await open(browser, { dark: true });
  const session = await browser.target().createCDPSession();
  await session.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: folder, eventsEnabled: true });
  const saved = async () => {
    const done = new Promise(resolve => session.on('Browser.downloadProgress', event => event.state === 'completed' && resolve()));
    await clickText(page, '.button', 'Save as SVG');
    await done;
    const [name] = fs.readdirSync(folder);
    const text = fs.readFileSync(path.join(folder, name), 'utf8');
    fs.rmSync(path.join(folder, name));
    return { saved: name, text };
  };
  await paste(page, estate.replaceAll('"search"', '"<img src=x onerror=alert(1)>\\u0001"'));
  const files = [];
  for (const [view, name] of [['map', 'pasted-text-exposure-map.svg'], ['tiers', 'pasted-text-tiers.svg']]) {
    await show(page, view);
    files.push({ ...(await saved()), view, name });
  }
  assert.deepEqual(page.complaints, []);
  await page.close();
  fs.rmSync(folder, { recursive: true });
  // The page itself would refuse to read markup from a string.
  const blank = await browser.newPage();
  for (const { view, name, ...file } of files) {
    assert.equal(file.saved, name);
    const read = await blank.evaluate(text => {
      const shown = new DOMParser().parseFromString(text, 'image/svg+xml');
      const all = [...shown.querySelectorAll('*')];
      return {
        error: shown.querySelector('parsererror')?.textContent,
        tags: [...new Set(all.map(element => element.tagName))].sort(),
        attributes: [...new Set(all.flatMap(element => element.getAttributeNames()))],
        title: shown.documentElement.firstElementChild.textContent,
        fills: all.map(element => element.getAttribute('fill')),
      };
    }, file.text);
    assert.equal(read.error, undefined);
    assert.deepEqual(read.tags.filter(tag => !['desc', 'g', 'path', 'rect', 'svg', 'text', 'title'].includes(tag)), []);
    assert.deepEqual(read.attributes.filter(attribute => /^on|class|style|href|id$|aria|tabindex/.test(attribute)), []);
    assert.match(read.title, view === 'map' ? /^Exposure map/ : /^Tiers/);
    assert.ok(read.fills.includes('rgb(253, 238, 236)') || view === 'map', 'in the light colours');
    assert.ok(!/var\(|light-dark|url\(/.test(file.text));
    fs.mkdirSync('shots', { recursive: true });
    fs.writeFileSync(`shots/saved-${view}.svg`, file.text);
  }
  await blank.close();
});

for (const [screen, size] of [['wide', { width: 1440, height: 900 }], ['phone', { width: 390, height: 844, touch: true }]]) {
  for (const dark of [false, true]) {
    const theme = dark ? 'dark' : 'light';
    test(`axe finds nothing in the pictures: ${screen}, ${theme}`, async () => {
      const page = await open(browser, { ...size, dark });
      for (const [name, text, views] of [['estate', estate, ['map', 'tiers']], ['sample', weakened, ['map', 'tiers', 'interfaces']]]) {
        await paste(page, text);
        for (const view of views) {
          await show(page, view);
          if (view === 'map') await page.hover('.bar');
          assert.deepEqual(await violations(page), [], `${name} ${view}`);
          await page.evaluate(() => document.querySelector('.truth').scrollIntoView());
          await screenshot(page, `${screen}-${theme}-${name}-${view}`);
          if (view === 'interfaces') continue;
          await clickText(page, '.button', 'As a table');
          assert.deepEqual(await violations(page), [], `${name} ${view} as a table`);
          await screenshot(page, `${screen}-${theme}-${name}-${view}-table`);
          await clickText(page, '.button', 'As a table');
        }
      }
      assert.deepEqual(page.complaints, []);
      await page.close();
    });
  }
}

test('at 360 pixels the page is not scrolled sideways, and everything is large enough for a finger', async () => {
  const page = await open(browser, { width: 360, height: 740, touch: true });
  for (const [text, views] of [[estate, ['map', 'tiers']], [weakened, ['map', 'tiers', 'interfaces']]]) {
    await paste(page, text);
    for (const view of views) {
      await show(page, view);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0, view);
      const small = await page.$$eval('.truth button, .bar-press, .node-box', list => list.filter(element => element.checkVisibility() && element.getBoundingClientRect().height < 42).map(element => element.textContent || element.getAttribute('class')));
      assert.deepEqual(small, [], view);
    }
  }
  await page.close();
});

test('an edit keeps the picture in place and brings it up to date', async () => {
  const page = await open(browser);
  const text = network(['web', ['tcp', '443', everyone]]);
  await paste(page, text);
  await show(page, 'map');
  await clickText(page, '.source .button', 'Plain text box');
  await page.waitForSelector('#plain-text');
  const write = now =>
    page.$eval('#plain-text', (box, now) => {
      box.value = now;
      box.dispatchEvent(new InputEvent('input', { bubbles: true }));
    }, now);
  // Half a text: the last picture stays.
  await write(text.replace('[', '["'));
  await page.waitForSelector('.view-stale .bar');
  assert.match((await bars(page))[0], /^Secure: tcp\/443/);
  await write(text.replaceAll('443', '3306'));
  await page.waitForFunction(() => document.querySelector('.bar').getAttribute('aria-label').startsWith('Dangerous: tcp/3306'));
  await page.close();
});

test('a picture that is left for another part of the page is drawn whole when it is come back to', async () => {
  const page = await open(browser, { width: 1280, height: 900 });
  await paste(page, groups(['web', [443, '0.0.0.0/0'], [8080, '10.0.0.0/8']]));
  await show(page, 'map');
  const before = await bars(page);
  await clickText(page, '.section-link', 'Checks');
  await page.waitForSelector('.entry');
  await clickText(page, '.section-link', 'Review');
  assert.deepEqual(await bars(page), before);
  assert.deepEqual(page.complaints, []);
  await page.close();
});

const places = (page, selector) =>
  page.$$eval(selector, list =>
    list.map(element => {
      const { left, right, top, bottom } = element.getBoundingClientRect();
      return { left, right, top, bottom, text: element.parentElement.textContent };
    }),
  );
