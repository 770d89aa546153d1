import { useApp } from '../app/context';
import type { Exercise, Solved } from '../session/types';
import { Prose } from '../ui/prose';
import { capital } from '../words';
import { hintsWords } from './words';

/** One hint after the other, from the gentlest to the plainest. */
export function Hints({ exercise, entry }: { exercise: Exercise; entry: Solved }) {
  const { learning } = useApp();
  const { hints } = exercise;
  if (hints.length === 0) return null;
  return (
    <section aria-labelledby="learn-hints" data-hints={entry.hints}>
      <h3 id="learn-hints">Hints</h3>
      <p class="hint-bar">
        <button type="button" class="button" disabled={entry.hints >= hints.length} onClick={() => learning.hint()}>
          {entry.hints === 0 ? 'Give me a hint' : 'Another hint'}
        </button>
        <span class="quiet">{hintsWords(entry, hints.length)}</span>
      </p>
      <ol class="hints">
        {hints.slice(0, entry.hints).map(hint => (
          <li key={hint}>
            <Prose text={capital(hint)} />
          </li>
        ))}
      </ol>
    </section>
  );
}
