import { difference, type Piece } from './difference';

const WORDS: Record<Piece['kind'], string> = { same: 'the same', removed: 'only in yours', added: 'only in the solution' };

const linesWords = ({ lines, first }: Piece): string => (lines.length === 1 ? `Line ${first}` : `Lines ${first} to ${first + lines.length - 1}`);

/** The solution beside the learner's own text: what to take out and what to put in. */
export function DifferenceList({ own, solution }: { own: string; solution: string }) {
  const pieces = difference(own, solution);
  if (pieces.every(({ kind }) => kind === 'same')) return <p>Yours is the solution, line by line.</p>;
  return (
    <ol class="difference" aria-label="From your answer to the solution">
      {pieces.map((piece, n) => (
        <li key={n} class={`piece piece-${piece.kind}`}>
          <p class="piece-title">
            {linesWords(piece)}: {WORDS[piece.kind]}
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
