import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { useApp, useValue } from '../app/context';
import type { At, Finding } from '../session/types';
import { capital, lineWords } from '../words';

/** Where the places of what is shown are, when not in the review: a way to go there, and a document's name where there are several. */
export const Elsewhere = createContext<{ jump(at: At): void; name(document: number): string | null } | null>(null);

/** A place in the text, as a button that goes there. */
export function PlaceButton({ at, finding = null }: { at: At; finding?: Finding | null }) {
  const app = useApp();
  const elsewhere = useContext(Elsewhere);
  // With several documents a line alone says too little.
  const inReview = useValue(state => (state.docs.length > 1 ? (state.docs.find(({ key }) => key === state.reviewed[at.document])?.source.name ?? null) : null));
  const document = elsewhere ? elsewhere.name(at.document) : inReview;
  const jump = () => (elsewhere ? elsewhere.jump(at) : app.selection.jump(at, finding));
  return (
    <button type="button" class="place" onClick={jump} title={`Show ${lineWords(at)}, column ${at.column} in the text`}>
      {document ? `${document}, ${lineWords(at)}` : capital(lineWords(at))}
    </button>
  );
}

/** Places in the text, each line once. */
export function Places({ places, title }: { places: readonly At[]; title?: string }) {
  const distinct = [...new Map(places.map(at => [`${at.document}:${at.line}`, at])).values()];
  return (
    <p class="places">
      {title && <span class="way">{title}</span>}
      {distinct.map((at, n) => (
        <PlaceButton key={n} at={at} />
      ))}
    </p>
  );
}
