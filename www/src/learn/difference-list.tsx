import { count } from '../words';
import { difference, type Piece } from './difference';

const WORDS: Record<Piece['kind'], string> = { same: 'The same', removed: 'Only in yours', added: 'Only in the solution' };

/** The solution beside the learner's own text: what to take out and what to put in. */
export function DifferenceList({ own, solution }: { own: string; solution: string }) {
  const pieces = difference(own, solution);
  if (pieces.every(({ kind }) => kind === 'same')) return <p>Yours is the solution, line by line.</p>;
  return (
    <ol class="difference" aria-label="From your answer to the solution">
      {pieces.map((piece, n) => (
        <li key={n} class={`piece piece-${piece.kind}`}>
          <p class="piece-title">
            {WORDS[piece.kind]}: {count(piece.lines.length, 'line')} from {piece.first}
          </p>
          {piece.kind !== 'same' && (
            <pre>
              <code>{piece.lines.map(line => `${piece.kind === 'added' ? '+' : '−'} ${line}`).join('\n')}</code>
            </pre>
          )}
        </li>
      ))}
    </ol>
  );
}
