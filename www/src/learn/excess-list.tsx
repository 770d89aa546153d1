import type { Grade } from '../session/types';
import { PlaceButton } from '../ui/place-button';
import { capital, sentence } from '../words';

/** So many pieces and lines of each are shown. */
const MOST = { pieces: 12, lines: 3 };

/** What is allowed and not needed, the largest pieces first. Their lines are those of the only file. */
export function ExcessList({ least, single }: { least: Grade['least_privilege']; single: boolean }) {
  return (
    <>
      <p>{sentence(capital(least.said))}</p>
      <ul class="excess">
        {least.excess.slice(0, MOST.pieces).map(({ said, lines }, n) => (
          <li key={n}>
            {sentence(capital(said))} {single && lines.slice(0, MOST.lines).map(line => <PlaceButton key={line} at={{ document: 0, line, column: 1, end_line: line, end_column: 1 }} />)}
          </li>
        ))}
      </ul>
    </>
  );
}
