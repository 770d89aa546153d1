import { useApp, useValue } from '../app/context';
import type { At, Finding } from '../session/types';
import { capital, lineWords } from '../words';

/** A place in the text, as a button that goes there. */
export function PlaceButton({ at, finding = null }: { at: At; finding?: Finding | null }) {
  const app = useApp();
  // With several documents a line alone says too little.
  const document = useValue(state => (state.docs.length > 1 ? (state.docs.find(({ key }) => key === state.reviewed[at.document])?.source.name ?? null) : null));
  return (
    <button type="button" class="place" onClick={() => app.selection.jump(at, finding)} title={`Show ${lineWords(at)}, column ${at.column} in the text`}>
      {document ? `${document}, ${lineWords(at)}` : capital(lineWords(at))}
    </button>
  );
}
