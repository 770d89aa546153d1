// The training ground: the track, and exercises that are solved with the keyboard, with the mouse and with help.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { clickText, launch, lineOf, open, textOf, texts } from './harness.mjs';
import { answer, graded, learn, meters, openExercise, passed, textOfExercise, written } from './learning.mjs';

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

const solved = page => page.waitForSelector('.tally[data-passed=true]');
const said = page => page.$eval('[role=status]', region => region.textContent.trim());

/** Presses Tab until the focus is where `arrived` says. */
async function tabTo(page, arrived, ...args) {
  for (let n = 0; n < 80; n++) {
    await page.keyboard.press('Tab');
    if (await page.evaluate(arrived, ...args)) return;
  }
  assert.fail('the focus did not come there');
}
const onText = start => document.activeElement.textContent.trim().startsWith(start);
const inAnswer = () => document.activeElement.matches('[data-side-editor]');
const chord = async (page, keys, key) => {
  for (const each of keys) await page.keyboard.down(each);
  await page.keyboard.press(key);
  for (const each of keys) await page.keyboard.up(each);
};
/** Puts the caret on a text, by the editor's own search. */
async function find(page, text) {
  await chord(page, ['Control'], 'f');
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
}

test('the track names all exercises, their state, and one that is coming', async () => {
  const page = await open(browser);
  await learn(page);
  const rows = await page.$$eval('.track-entry', all => all.map(({ dataset: { id, coming } }) => ({ id, coming })));
  assert.deepEqual(rows.map(({ id }) => id.slice(0, 2)), Array.from({ length: rows.length }, (_, n) => String(n).padStart(2, '0')));
  assert.ok(rows.length >= 20);
  assert.deepEqual(rows.filter(({ coming }) => coming === 'true').map(({ id }) => id), ['17-flow-logs']);
  assert.equal(await page.$('[data-id="17-flow-logs"] button'), null);
  assert.equal(await textOf(page, '[data-id="00-read-a-verdict"] .track-state'), 'Suggested next');
  assert.equal(await textOf(page, '[data-id="03-bastion"] .track-state'), 'After 01');
  assert.equal(await textOf(page, '[data-id="03-bastion"] .quiet'), 'A source can be a group instead of an address');
  const ideas = await page.$$eval('.track-entry[data-coming=false] .track-words .quiet', all => all.map(each => each.textContent));
  assert.equal(ideas.length, rows.length - 1);
  assert.equal(new Set(ideas).size, ideas.length, 'each exercise has an idea of its own');
  assert.deepEqual(page.complaints, []);
  await page.close();
});

test('exercise 00 is solved by keyboard alone', async () => {
  const page = await open(browser, { width: 1920, height: 1000 });
  await tabTo(page, onText, 'Learn');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.track-entry[data-id]');
  await tabTo(page, onText, 'Begin: 00');
  await page.keyboard.press('Enter');
  await graded(page, '00-read-a-verdict');
  assert.deepEqual(await meters(page), [false, false, false]);
  await tabTo(page, inAnswer);
  await find(page, '"FromPort": 23');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowUp');
  // The permission: a brace, two lines and a brace.
  for (let n = 0; n < 4; n++) await chord(page, ['Control', 'Shift'], 'k');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('End');
  await page.keyboard.press('Backspace');
  await solved(page);
  assert.deepEqual(await meters(page), [true, true, true]);
  // Out of the editor again, and on to the next one.
  await tabTo(page, onText, 'Next');
  await page.keyboard.press('Enter');
  await graded(page, '01-office-only');
  assert.deepEqual(page.complaints, []);
  await page.close();
});

test('exercise 03 is solved by keyboard alone, and a screen reader is told', async () => {
  const page = await open(browser, { width: 1920, height: 1000 });
  await tabTo(page, onText, 'Learn');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.track-entry[data-id]');
  await tabTo(page, onText, 'SSH without the internet');
  await page.keyboard.press('Enter');
  await graded(page, '03-bastion');
  await tabTo(page, inAnswer);
  await find(page, '"SSH" }]');
  await page.keyboard.press('Home');
  await chord(page, ['Shift'], 'End');
  await page.keyboard.type('"UserIdGroupPairs": [{ "GroupId": "sg-0590b5d9e4748aee2" }]');
  await solved(page);
  await page.waitForFunction(() => /^Solved, with an excess of 0\./.test(document.querySelector('[role=status]').textContent));
  assert.match(await textOf(page, '.learnt'), /trusts a role/);
  await page.waitForFunction(() => /the best known 0/.test(document.querySelector('.learnt').textContent));
  await clickText(page, '.exercise-title .link', 'All exercises');
  assert.equal(await page.$eval('[data-id="03-bastion"]', row => row.dataset.solved), 'true');
  await page.close();
});

test('the plain text box does as well', async () => {
  const page = await open(browser);
  await learn(page);
  await openExercise(page, '00-read-a-verdict');
  await clickText(page, '.attempt .button', 'Plain text box');
  const box = await page.waitForSelector('.attempt textarea');
  const text = textOfExercise('00-read-a-verdict');
  assert.equal(await box.evaluate(element => element.value), text);
  await clickText(page, '.flow .place', `Line ${lineOf(text, '"CidrIp": "0.0.0.0/0", "Description": "console')}`);
  assert.match(await box.evaluate(element => element.value.slice(element.selectionStart).split('\n')[0]), /console/);
  await box.evaluate((element, solution) => {
    element.value = solution;
    element.dispatchEvent(new InputEvent('input', { bubbles: true }));
  }, textOfExercise('00-read-a-verdict', 'solution'));
  await solved(page);
  await page.close();
});

/** Selects from the line with a text to that with another one, with the mouse. */
async function select(page, first, last = first) {
  const at = (part, side) =>
    page.evaluate(
      (part, side) => {
        const lines = [...document.querySelector('[data-side-editor]').shadowRoot.querySelectorAll('.cm-line')];
        const line = lines.find(each => each.textContent.includes(part));
        line.scrollIntoView({ block: 'center' });
        const range = document.createRange();
        range.selectNodeContents(line);
        const boxes = [...range.getClientRects()];
        const box = side === 'start' ? boxes[0] : boxes.at(-1);
        return { x: side === 'start' ? box.left + 1 : box.right + 1, y: box.top + box.height / 2 };
      },
      part,
      side,
    );
  const start = await at(first, 'start');
  await page.mouse.click(start.x, start.y);
  const end = await at(last, 'end');
  await page.keyboard.down('Shift');
  await page.mouse.click(end.x, end.y);
  await page.keyboard.up('Shift');
}

const BY_MOUSE = {
  '01-office-only': [['"0.0.0.0/0", "Description": "SSH', '          "IpRanges": [{ "CidrIp": "203.0.113.0/24" }]']],
  '14-acl-replies': [
    ['"From": 22', '        { "RuleNumber": 110, "Egress": false, "Protocol": "6", "RuleAction": "allow", "CidrBlock": "203.0.113.0/24", "PortRange": { "From": 22, "To": 22 } },'],
    ['"Egress": true, "Protocol": "6"', '        { "RuleNumber": 100, "Egress": true, "Protocol": "6", "RuleAction": "allow", "CidrBlock": "0.0.0.0/0", "PortRange": { "From": 1024, "To": 65535 } },'],
  ],
  '15-azure-priorities': [['"sourceAddressPrefix": "*"', '        "sourceAddressPrefix": "10.0.1.0/26", "sourcePortRange": "*", "destinationAddressPrefix": "*", "destinationPortRange": "3389"']],
  // From the name of one rule to that of the next: the first one is gone.
  '16-gcp-tags': [['"name": "allow-ssh",', '    "name": "deny-ssh", "network": "https://www.googleapis.com/compute/v1/projects/example/global/networks/shop",', '"name": "deny-ssh"']],
};

for (const [id, edits] of Object.entries(BY_MOUSE)) {
  test(`exercise ${id} is solved with the mouse`, async () => {
    const page = await open(browser, { width: 1600, height: 1000 });
    await learn(page);
    await openExercise(page, id);
    assert.equal(await passed(page), false);
    for (const [first, replacement, last] of edits) {
      await select(page, first, last);
      await page.keyboard.sendCharacter(replacement);
      await graded(page);
    }
    assert.deepEqual(await meters(page), [true, true, true], `${await texts(page, '.meter')} ${await texts(page, '.flow[data-passed=false]')} ${await texts(page, '.excess li')}`);
    assert.deepEqual(page.complaints, []);
    await page.close();
  });
}

test('a failing flow names the line that decides, and the button goes there', async () => {
  const page = await open(browser);
  await learn(page);
  await openExercise(page, '03-bastion');
  const line = lineOf(textOfExercise('03-bastion'), '"SSH" }]');
  const flow = '.flow[data-passed=false]';
  assert.match(await textOf(page, flow), new RegExp(`line ${line} allows it`));
  assert.match(await textOf(page, flow), /Password guessing/);
  await page.click(`${flow} .place`);
  assert.match(await page.evaluate(() => document.querySelector('[data-side-editor]').shadowRoot.querySelector('.cm-activeLine').textContent), /"SSH" \}\]/);
  assert.ok(await page.evaluate(() => document.querySelector('[data-side-editor]').shadowRoot.querySelector('.pc-gutter .pc-dangerous') !== null), 'the margin has the verdict');
  await answer(page, textOfExercise('03-bastion').replace('"IpRanges": [{ "CidrIp": "203.0.113.0/24", "Description": "SSH from the office" }]', '"IpRanges": []'));
  assert.match((await texts(page, flow)).join(), /no line .*(allows|admits)/);
  await page.close();
});

test('what an edit breaks is named, until it is mended', async () => {
  const page = await open(browser);
  await learn(page);
  await openExercise(page, '03-bastion');
  const solution = textOfExercise('03-bastion', 'solution');
  await answer(page, solution.replaceAll('443', '444'));
  assert.match(await textOf(page, '.tally-line'), /That fixed internet -> web tcp\/22 and 1 more, but internet -> web tcp\/443 no longer works/);
  await page.waitForFunction(() => /no longer works/.test(document.querySelector('[role=status]').textContent));
  // It is not forgotten by the next key.
  await answer(page, `${solution.replaceAll('443', '444')}\n`);
  assert.match(await textOf(page, '.tally-line'), /no longer works/);
  await answer(page, solution);
  await solved(page);
  assert.doesNotMatch(await textOf(page, '.tally-line'), /no longer/);
  await page.close();
});

test('a text that is half written keeps its flows, greyed, and says where to go on', async () => {
  const page = await open(browser);
  await learn(page);
  await openExercise(page, '03-bastion');
  const before = await texts(page, '.flow');
  const text = textOfExercise('03-bastion');
  await answer(page, text.slice(0, text.length / 2));
  assert.deepEqual((await meters(page))[0], false);
  assert.match(await textOf(page, '.tally-line .tally-problem'), /^Line \d+/);
  assert.deepEqual(await texts(page, '.view-stale .flow'), before);
  assert.ok((await page.$$('.learn-problems .place')).length > 0);
  await answer(page, text);
  assert.equal(await page.$('.exercise .view-stale'), null);
  await page.close();
});

test('nothing that is worth no points passes', async () => {
  const page = await open(browser);
  await learn(page);
  await openExercise(page, '03-bastion');
  for (const text of ['', '{"SecurityGroups": []}', textOfExercise('03-bastion').replaceAll('203.0.113.0/24', '0.0.0.0/0'), '{', '<b>']) {
    await answer(page, text);
    assert.equal(await passed(page), false, text.slice(0, 40));
  }
  assert.deepEqual(page.complaints, []);
  await page.close();
});

test('hints come one after the other, are counted, and are said', async () => {
  const page = await open(browser);
  await learn(page);
  await openExercise(page, '03-bastion');
  assert.equal((await page.$$('.hints li')).length, 0);
  for (let n = 1; n <= 3; n++) {
    await clickText(page, '.exercise-side .button', n === 1 ? 'Give me a hint' : 'Another hint');
    await page.waitForSelector(`[data-hints="${n}"]`);
    assert.equal((await page.$$('.hints li')).length, n);
    assert.match(await said(page), new RegExp(`^Hint ${n}: `));
  }
  assert.ok(await page.$eval('[data-hints] button', button => button.disabled));
  await page.close();
});

test('the solution is shown as a difference, taken over, and undone', async () => {
  const page = await open(browser);
  await learn(page);
  await openExercise(page, '03-bastion');
  await clickText(page, '.exercise-side .button', 'Show me');
  await page.waitForSelector('.difference');
  assert.match(await textOf(page, '.piece-removed'), /only in yours[^]*"0\.0\.0\.0\/0"/);
  assert.match(await textOf(page, '.piece-added'), /only in the solution[^]*UserIdGroupPairs/);
  await clickText(page, '.exercise-side .button', 'Take it over');
  await solved(page);
  assert.equal(await written(page), textOfExercise('03-bastion', 'solution').trimEnd() + '\n');
  await page.evaluate(() => document.querySelector('[data-side-editor]').shadowRoot.querySelector('.cm-content').focus());
  await chord(page, ['Control'], 'z');
  await graded(page);
  assert.equal(await passed(page), false);
  await page.close();
});

test('resetting one exercise takes back its text, its hints and its mark', async () => {
  const page = await open(browser);
  await learn(page);
  await openExercise(page, '03-bastion');
  await clickText(page, '.exercise-side .button', 'Give me a hint');
  await answer(page, textOfExercise('03-bastion', 'solution'));
  await solved(page);
  await clickText(page, '.attempt .button', 'Reset');
  await graded(page);
  assert.equal(await written(page), textOfExercise('03-bastion'));
  assert.equal((await page.$$('.hints li')).length, 0);
  await clickText(page, '.exercise-title .link', 'All exercises');
  assert.equal(await page.$eval('[data-id="03-bastion"]', row => row.dataset.solved), 'false');
  await page.close();
});

test('what is too intricate to be measured is not called nothing', async () => {
  const page = await open(browser);
  await learn(page);
  await openExercise(page, '30-the-loop');
  assert.match(await textOf(page, '[data-meter=least-privilege]'), /Can't tell Too intricate/);
  assert.match((await texts(page, '.flow-said')).join(), /It may not get through: a policy .+ It may get through and must not: /);
  await page.close();
});

test('of many flows those that are left stand first, and the others are folded', async () => {
  const page = await open(browser);
  await learn(page);
  await openExercise(page, '19-capstone');
  const groups = () => page.$$eval('.flow-group', all => all.map(group => [group.querySelector('h4').textContent, group.querySelectorAll(':scope > ul > [data-passed=false]').length, group.querySelectorAll('details [data-passed=true]').length]));
  assert.deepEqual(await groups(), [['Has to work: 14 of 20', 6, 14], ['Must not get through: 0 of 6', 6, 0]]);
  await page.click('.flow-group .fold summary');
  assert.ok(await page.$eval('.flow-group .fold', fold => fold.open));
  await answer(page, textOfExercise('19-capstone', 'solution').replace('5432', '5433'));
  const [works, not] = await groups();
  assert.ok(works[1] > 0 && works[1] + works[2] === 20, String(works));
  assert.deepEqual(not, ['Must not get through: 6 of 6', 0, 6]);
  assert.ok(await page.$eval('.flow-group .fold', fold => fold.open), 'what was opened stays open');
  await openExercise(page, '03-bastion');
  assert.equal(await page.$('.flow-group'), null, 'a few are shown as they are');
  await page.close();
});

test('the meters stay where they are while they move', async () => {
  const page = await open(browser);
  await learn(page);
  await openExercise(page, '03-bastion');
  const places = () => page.$$eval('.tally, .meter, #learn-flows', all => all.map(each => ['x', 'y', 'width', 'height'].map(side => Math.round(each.getBoundingClientRect()[side]))));
  const before = await places();
  for (const text of [textOfExercise('03-bastion', 'solution'), textOfExercise('03-bastion').replaceAll('443', '444'), '{"SecurityGroups": []}', textOfExercise('03-bastion').slice(0, 700)]) {
    await answer(page, text);
    assert.deepEqual(await places(), before);
  }
  await page.close();
});

test('each start fails and each solution passes, in whatever format it is written', async () => {
  const page = await open(browser);
  await learn(page);
  const ids = await page.$$eval('[data-ground=own] .track-entry[data-coming=false]', rows => rows.map(row => row.dataset.id));
  for (const id of ids) {
    await openExercise(page, id);
    assert.equal(await passed(page), false, id);
    await answer(page, textOfExercise(id, 'solution'));
    assert.deepEqual(await meters(page), [true, true, true], id);
  }
  await clickText(page, '.exercise-title .link', 'All exercises');
  assert.equal((await page.$$('[data-solved=true]')).length, ids.length);
  assert.deepEqual(page.complaints, []);
  await page.close();
});

test('what is open on purpose stands beside the answer, and an approval ends on its day', async () => {
  const page = await open(browser);
  await learn(page);
  await openExercise(page, '27-approved-until');
  assert.match((await texts(page, '.story')).join(), /Open on purpose: baseline\.toml/);
  const audits = await page.$$eval('.exercise .finding', all => all.map(({ dataset }) => dataset.audit));
  for (const audit of ['approval-expired', 'unapproved-exposure']) assert.ok(audits.includes(audit), `${audit} of ${audits}`);
  await page.close();
});

test('a question about the answer is answered again with every edit', async () => {
  const page = await open(browser);
  await learn(page);
  await openExercise(page, '03-bastion');
  await page.type('.exercise-side input[type=text]', 'internet -> web tcp/22');
  await page.waitForSelector('.exercise-side [data-fate=allowed]');
  await page.click('.exercise-side .answer .place');
  assert.match(await page.evaluate(() => document.querySelector('[data-side-editor]').shadowRoot.querySelector('.cm-activeLine').textContent), /"SSH" \}\]/);
  await answer(page, textOfExercise('03-bastion', 'solution'));
  await page.waitForSelector('.exercise-side [data-fate=denied]');
  await page.close();
});

test('the hard way marks what it builds on', async () => {
  const page = await open(browser);
  await learn(page);
  await openExercise(page, '18-incident');
  await answer(page, textOfExercise('18-incident', 'solution'));
  await solved(page);
  await clickText(page, '.exercise-title .link', 'All exercises');
  assert.equal(await textOf(page, '[data-id="01-office-only"] .track-state'), 'Covered by 18');
  assert.equal(await textOf(page, '[data-id="16-gcp-tags"] .track-state').then(text => text.startsWith('Covered')), false);
  await page.close();
});

test('the review stays as it was, and so does the answer', async () => {
  const page = await open(browser);
  await learn(page);
  await openExercise(page, '03-bastion');
  await answer(page, textOfExercise('03-bastion', 'solution'));
  await clickText(page, '.section-link', 'Review');
  assert.equal(await textOf(page, '.desk .chip'), 'Nothing pasted yet');
  await clickText(page, '.section-link', 'Learn');
  await graded(page, '03-bastion');
  assert.ok(await passed(page));
  await page.close();
});
