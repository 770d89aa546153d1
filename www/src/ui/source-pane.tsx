import { useApp, useValue } from '../app/context';
import { activeSource, isBlank, PASTED } from '../app/documents';
import { shownIndex } from '../app/state';
import { chipParts, size } from '../words';
import { BackButton } from './back-button';
import { DocumentTabs } from './document-tabs';
import { EditorBox } from './editor-box';
import { KeepSwitch } from './keep-switch';
import { LargeDocument } from './large-document';
import { LineBar } from './line-bar';
import { Lock } from './icons';
import { PlainBox } from './plain-box';
import { Teach } from './teach';

/** Left: what was pasted. */
export function SourcePane() {
  const source = useValue(activeSource);
  const place = useValue(state => state.place);
  const { kind } = source;
  const plain = useValue(state => state.plain);
  const empty = useValue(state => isBlank(activeSource(state)));
  return (
    <section class="source" aria-label="What was pasted">
      <DocumentTabs />
      <div class="pane-head">
        <Chip />
        {kind === 'text' && <PlainSwitch />}
      </div>
      <Notice />
      <Lesson />
      <div class={`text ${empty ? 'text-empty' : ''}`}>
        {kind === 'large' ? <LargeDocument source={source} place={place} told="a finding, a port or a rule" /> : plain ? <PlainBox /> : <EditorBox />}
        {empty && <Teach />}
        <BackButton />
      </div>
      {kind === 'text' && !empty && <LineBar />}
    </section>
  );
}

/** What holds about the text, and whether it is kept: below the text, on a small page below its result. */
export function Assurance() {
  return (
    <div class="assurance">
      <p class="promise">
        <Lock />
        <span>
          This page asks your browser to forbid it from contacting any server. It contains no code that navigates away or opens a peer connection, and it stores nothing unless you ask it to; a test on every build checks that.
        </span>
      </p>
      <KeepSwitch />
    </div>
  );
}

/** What was recognised, and how much of it. */
function Chip() {
  const result = useValue(state => state.result);
  const source = useValue(activeSource);
  const index = useValue(shownIndex);
  const alone = useValue(state => state.docs.length === 1);
  if (isBlank(source)) return <p class="chip chip-empty">Nothing pasted yet</p>;
  const parts = result && index >= 0 ? chipParts(result.summary, index) : ['Reading'];
  if (source.kind === 'large') parts.push(size(source.blob.size));
  else if (alone && source.name !== PASTED && !source.example) parts.push(source.name);
  return (
    <p class="chip">
      {parts.map((part, n) => (
        <span key={n} class={/not (understood|recognised)/.test(part) ? 'chip-missed' : n === 0 ? 'chip-format' : ''}>
          {part}
        </span>
      ))}
    </p>
  );
}

function PlainSwitch() {
  const app = useApp();
  const plain = useValue(state => state.plain);
  return (
    <button type="button" class="button button-quiet" aria-pressed={plain} onClick={() => app.setPlain(!plain)}>
      Plain text box
    </button>
  );
}

/** Where the text came from, when nobody pasted it here. */
function Notice() {
  const notice = useValue(state => state.notice);
  return notice ? <p class="lesson">{notice}</p> : null;
}

/** What to notice in the example that was chosen. */
function Lesson() {
  const example = useValue(state => {
    const source = activeSource(state);
    return source.kind === 'text' ? source.example : null;
  });
  if (!example) return null;
  return (
    <p class="lesson">
      <strong>{example.title}.</strong> {example.lesson}
    </p>
  );
}
