import { useApp } from '../app/context';
import type { At, Finding } from '../session/types';
import { capital, lineWords } from '../words';

/** A place in the text, as a button that goes there. */
export function PlaceButton({ at, finding = null }: { at: At; finding?: Finding | null }) {
  const app = useApp();
  return (
    <button type="button" class="place" onClick={() => app.selection.jump(at, finding)} title={`Show ${lineWords(at)}, column ${at.column} in the text`}>
      {capital(lineWords(at))}
    </button>
  );
}
