import { useState } from 'preact/hooks';
import { useApp } from '../app/context';
import type { Configuration, ExerciseDetail, Solved } from '../session/types';
import { DifferenceList } from './difference-list';

type Props = { opened: ExerciseDetail; entry: Solved; file: Configuration | undefined };

/** One answer that passes, as a difference to the learner's own. */
export function Solution({ opened, entry, file }: Props) {
  const { learning } = useApp();
  const [open, setOpen] = useState(false);
  const solution = opened.solution.find(({ name }) => name === file?.name);
  if (!solution || !file) return null;
  return (
    <section aria-labelledby="learn-solution">
      <h3 id="learn-solution">The solution</h3>
      <p class="hint-bar">
        <button
          type="button"
          class="button"
          aria-expanded={open}
          onClick={() => {
            if (!open) learning.showSolution();
            setOpen(!open);
          }}
        >
          {open ? 'Hide the solution' : 'Show me'}
        </button>
        {open && (
          <button type="button" class="button button-quiet" onClick={() => learning.solving.replace(opened.solution)}>
            Take it over
          </button>
        )}
        <span class="quiet">{entry.solved || open ? 'Any answer that behaves right passes; this is one.' : 'You will learn more by trying first.'}</span>
      </p>
      {open && <DifferenceList own={file.text} solution={solution.text} />}
    </section>
  );
}
