import { useMemo, useRef } from 'preact/hooks';
import type { Side } from '../app/comparing';
import { useApp, useStore, useValue } from '../app/context';
import { isBlank, nothingPasted } from '../app/documents';
import type { Note, Surface } from '../editor/surface';
import type { Comparison } from '../session/types';
import { chosen } from '../source/files';
import { TextBox } from '../ui/text-box';
import { LargeDocument } from '../ui/large-document';
import { sentence, size } from '../words';

type Props = { side: Side; attach(surface: Surface | null): void };

/** One side: a text to edit, and the names of the documents where it was filled with several. */
export function CompareSide({ side, attach }: Props) {
  const app = useApp();
  const { comparing } = app;
  const sources = useStore(comparing.store, state => state.sides[side]);
  const viewed = useStore(comparing.store, state => state.viewed[side]);
  const place = useStore(comparing.store, state => state.place[side]);
  const nothing = useValue(nothingPasted);
  const replaced = useStore(comparing.store, state => state.replaced);
  const comparison = useStore(comparing.store, state => state.comparison);
  const notes = useMemo(() => (comparison ? notesOf(comparison, side, viewed) : []), [comparison, side, viewed]);
  const input = useRef<HTMLInputElement>(null);
  const source = sources[viewed];
  const label = sources.length > 1 ? `Configuration ${side}: ${source?.name}` : `Configuration ${side}`;
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
          <button type="button" class="button button-quiet" disabled={nothing} onClick={() => comparing.fill(side, app.state.docs.map(doc => doc.source), app.state.assumed)}>
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
      {sources.length > 1 && (
        <ul class="compare-documents">
          {sources.map((each, n) => (
            <li key={n}>
              <button type="button" class="link" aria-current={n === viewed ? 'true' : undefined} onClick={() => comparing.view(side, n)}>
                {each.name}
              </button>{' '}
              <span class="quiet">{size(each.kind === 'text' ? each.text.length : each.blob.size)}</span>
            </li>
          ))}
        </ul>
      )}
      {source?.kind === 'large' && <LargeDocument source={source} place={place} told="what opens or closes" />}
      {source?.kind === 'text' && (
        <TextBox
          key={label}
          name={side}
          label={label}
          text={source.text}
          replaced={replaced}
          notes={notes}
          changed={text => comparing.edit(side, text)}
          attach={attach}
        />
      )}
    </section>
  );
}

/** Beside the text stand the rules that open or close something, and what could not be read. */
function notesOf(comparison: Comparison, side: Side, viewed: number): Note[] {
  const documents = comparison[side];
  const changes = [...comparison.surfaces, ...comparison.policies].flatMap(({ opens, closes }) => (side === 'after' ? opens : closes));
  const rules = changes.flatMap(({ places, message, verdict_after: opened, verdict_before: closed }) =>
    places.map((at): Note => ({ at, verdict: side === 'after' ? opened : closed, text: sentence(message) })),
  );
  const problems = documents.flatMap(document => document.problems.map(({ at, message }): Note => ({ at, verdict: 'unknown', text: sentence(message) })));
  return [...rules, ...problems].filter(({ at }) => at.document === viewed);
}
