// The editor's own comforts: colours and folding in every format.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inEditor, open, paste, screenshot, suite } from './harness.mjs';

const { browser } = await suite();

const parts = (page, name) => inEditor(page, (root, name) => [...root.querySelectorAll(`.cm-content .pc-${name}`)].map(element => element.textContent), name);

const TERRAFORM = `# who may come in
resource "aws_security_group" "web" {
  name = "web"
  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"] // everyone
    self        = true
  }
}
`;
const YAML = `Resources:
  Web:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: "a # in a string is no comment"
      SecurityGroupIngress:
        - IpProtocol: tcp # the only one
          FromPort: 443
          ToPort: 443
          CidrIp: 10.0.0.0/8
`;

test('keys, strings, values and comments are told apart in JSON, Terraform and YAML', async () => {
  const page = await open(browser);
  await paste(page, '{"SecurityGroups": [{"GroupId": "sg-1", "IpPermissions": [{"FromPort": 22, "self": true}]}]}');
  assert.deepEqual((await parts(page, 'name')).slice(0, 3), ['"SecurityGroups"', '"GroupId"', '"IpPermissions"']);
  assert.deepEqual(await parts(page, 'string'), ['"sg-1"']);
  assert.deepEqual(await parts(page, 'value'), ['22', 'true']);
  await paste(page, TERRAFORM);
  assert.deepEqual(await parts(page, 'comment'), ['# who may come in', '// everyone']);
  assert.ok((await parts(page, 'name')).includes('cidr_blocks'));
  assert.ok((await parts(page, 'string')).includes('"0.0.0.0/0"'));
  assert.deepEqual(await parts(page, 'value'), ['443', '443', 'true']);
  await screenshot(page, 'editor-terraform');
  await paste(page, YAML);
  assert.deepEqual(await parts(page, 'comment'), ['# the only one']);
  assert.ok((await parts(page, 'name')).includes('FromPort'));
  assert.ok((await parts(page, 'value')).includes('10.0.0.0/8'));
  await page.close();
});

test('a block is folded by its brackets or by how deep it stands', async () => {
  const page = await open(browser);
  for (const [text, head, hidden] of [
    [TERRAFORM, 'ingress {', 'cidr_blocks'],
    [YAML, 'Properties:', 'FromPort'],
  ]) {
    await paste(page, text);
    await inEditor(
      page,
      (root, head) => {
        const line = [...root.querySelectorAll('.cm-line')].find(each => each.textContent.includes(head));
        const top = line.getBoundingClientRect().top;
        const arrow = [...root.querySelectorAll('.cm-foldGutter .cm-gutterElement')].find(each => each.textContent && Math.abs(each.getBoundingClientRect().top - top) < 4);
        (arrow.firstElementChild ?? arrow).dispatchEvent(new MouseEvent('click', { bubbles: true, clientX: 1, clientY: top + 5 }));
      },
      head,
    );
    const shown = await inEditor(page, root => root.querySelector('.cm-content').textContent);
    assert.ok(shown.includes(head) && !shown.includes(hidden), shown);
  }
  await page.close();
});

test('the keys that would follow a grammar do what they do without one', async () => {
  const page = await open(browser);
  await paste(page, 'a: {\n  b: [1,\n    2]\n}\n');
  await inEditor(page, root => root.querySelector('.cm-content').focus());
  const held = async (key, ...keys) => {
    for (const each of keys) await page.keyboard.down(each);
    await page.keyboard.press(key);
    for (const each of keys.reverse()) await page.keyboard.up(each);
  };
  const text = () => inEditor(page, root => [...root.querySelectorAll('.cm-line')].map(line => line.textContent).join('\n'));
  await held('i', 'Control');
  await held('End');
  await page.keyboard.press('ArrowLeft');
  await page.waitForFunction(() => document.querySelector('[data-editor]').shadowRoot.querySelectorAll('.cm-matchingBracket').length === 2);
  await page.keyboard.press('End');
  // A new line is indented as the one before it.
  await held('Home', 'Control');
  await page.keyboard.press('Enter');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await page.keyboard.type('c');
  assert.equal(await text(), '\na: {\n  b: [1,\n  c\n    2]\n}\n');
  // Folded from the bracket's line, and opened again.
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  await held('BracketLeft', 'Control', 'Shift');
  await page.waitForFunction(() => document.querySelector('[data-editor]').shadowRoot.querySelector('.cm-foldPlaceholder'));
  await held('BracketRight', 'Control', 'Shift');
  await page.waitForFunction(() => !document.querySelector('[data-editor]').shadowRoot.querySelector('.cm-foldPlaceholder'));
  assert.deepEqual(page.complaints, []);
  await page.close();
});
