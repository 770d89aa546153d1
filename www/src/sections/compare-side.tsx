import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Side } from '../app/comparing';
import { useApp, useStore, useValue } from '../app/context';
import { isBlank, nothingPasted } from '../app/documents';
import { createEditor } from '../editor/editor';
import type { Note, Surface } from '../editor/surface';
import type { Comparison } from '../session/types';
import { chosen } from '../source/files';
import { capital, count, sentence, size } from '../words';

type Props = { side: Side; attach(surface: Surface | null): void };

/** One side: a text to edit, or the names of the documents it was filled with. */
export function CompareSide({ side, attach }: Props) {
  const app = useApp();
  const { comparing } = app;
  const sources = useStore(comparing.store, state => state.sides[side]);
  const nothing = useValue(nothingPasted);
  const plain = useValue(state => state.plain);
  const input = useRef<HTMLInputElement>(null);
  const [source] = sources;
  const single = sources.length === 1 && source?.kind === 'text';
  const title = side === 'before' ? 'Before' : 'After';
  return (
    <section class="compare-side" aria-labelledby={`compare-${side}`} data-side={side}>
      <div class="pane-head">
        <h3 id={`compare-${side}`}>{title}</h3>
        <div class="compare-tools">
          <input
            ref={input}
            type="file"
            multiple
            hidden
            onChange={event => {
              void comparing.open(side, chosen(event.currentTarget.files ?? []));
              event.currentTarget.value = '';
            }}
          />
          <button type="button" class="button button-quiet" onClick={() => input.current?.click()}>
            Open
          </button>
          <button type="button" class="button button-quiet" disabled={nothing} onClick={() => comparing.fill(side, app.state.docs.map(doc => doc.source))}>
            From the review
          </button>
          {side === 'before' ? (
            <button type="button" class="button button-quiet" onClick={() => comparing.swap()}>
              Swap
            </button>
          ) : null}
          <button type="button" class="button button-quiet" disabled={sources.every(isBlank)} onClick={() => comparing.fill(side, [])}>
            Clear
          </button>
        </div>
      </div>
      {!single ? (
        <ul class="compare-documents">
          {sources.map(({ name, ...rest }) => (
            <li key={name}>
              {name} <span class="quiet">{size(rest.kind === 'text' ? rest.text.length : rest.blob.size)}</span>
            </li>
          ))}
        </ul>
      ) : plain ? (
        <div class="plain">
          <label for={`plain-${side}`}>Configuration {side}</label>
          <textarea id={`plain-${side}`} value={source.text} spellcheck={false} autocomplete="off" onInput={event => comparing.edit(side, event.currentTarget.value)} />
        </div>
      ) : (
        <SideEditor side={side} attach={attach} />
      )}
    </section>
  );
}

function SideEditor({ side, attach }: Props) {
  const { comparing } = useApp();
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<(Surface & { destroy(): void }) | null>(null);
  const comparison = useStore(comparing.store, state => state.comparison);
  const replaced = useStore(comparing.store, state => state.replaced);
  const text = () => {
    const [source] = comparing.store.state.sides[side];
    return source?.kind === 'text' ? source.text : '';
  };
  useLayoutEffect(() => {
    if (!host.current) return;
    const made = createEditor(host.current, 0, text(), 'Tab leaves the editor.', `Configuration ${side}`, {
      changed: changed => comparing.edit(side, changed),
      caret: () => {},
      step: () => {},
      probe: () => {},
    });
    editor.current = made;
    attach(made);
    return () => {
      attach(null);
      editor.current = null;
      made.destroy();
    };
  }, [side]);
  const first = useRef(true);
  useLayoutEffect(() => {
    // The editor was made with the text.
    if (first.current) return void (first.current = false);
    editor.current?.setText(text());
  }, [replaced]);
  useLayoutEffect(() => editor.current?.setNotes(comparison ? notesOf(comparison, side) : []), [comparison]);
  return <div class="editor" ref={host} data-side-editor={side} />;
}

/** Beside the text stand the rules that open or close something, and what could not be read. */
function notesOf(comparison: Comparison, side: Side): Note[] {
  const documents = comparison[side];
  const changes = comparison.policies.flatMap(policy => (side === 'after' ? policy.opens : policy.closes));
  const rules = changes.flatMap(({ places, message, verdict_after: opened, verdict_before: closed }) =>
    places.map((at): Note => ({ at, verdict: side === 'after' ? opened : closed, text: sentence(message) })),
  );
  const problems = documents.flatMap(document => document.problems.map(({ at, message }): Note => ({ at, verdict: 'unknown', text: sentence(message) })));
  return [...rules, ...problems];
}

export const sideWords = (side: Side, documents: Comparison['before']): string =>
  `${capital(side)}: ${documents.map(document => document.format_title ?? 'not recognised').join(', ')}, ${count(
    documents.reduce((sum, document) => sum + document.policies, 0),
    'policy',
    'policies',
  )}`;
