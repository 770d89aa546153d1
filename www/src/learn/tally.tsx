import type { RefObject } from 'preact';
import { useApp, useStore } from '../app/context';
import { suggested } from '../app/progress';
import { PlaceButton } from '../ui/place-button';
import { Prose } from '../ui/prose';
import { sentence } from '../words';
import { Meters } from './meters';
import { meters, standingWords } from './words';

/** The three meters and the line below them, which stay in view. */
export function Tally({ lesson }: { lesson: RefObject<HTMLElement | null> }) {
  const { learning } = useApp();
  const { opened, graded, lastGood, result, error } = useStore(learning.solving.store, state => state);
  const { progress, ground, track, pack } = useStore(learning.store, state => state);
  if (!opened) return null;
  const next = suggested((ground === 'own' ? track?.exercises : pack?.exercises) ?? [], progress[ground]);
  // Where to go on, when half an edit can't be read.
  const problem = lastGood && result?.summary.documents.flatMap(({ problems }) => problems).find(({ level }) => level === 'error');
  const toLesson = () => {
    lesson.current?.scrollIntoView({ block: 'start' });
    lesson.current?.focus({ preventScroll: true });
  };
  return (
    <div class="tally" data-passed={graded?.passed}>
      {graded && result && <Meters meters={meters(graded, result, opened.exercise)} />}
      <div class="tally-line">
        {problem ? (
          <p class="tally-problem">
            <PlaceButton at={problem.at} /> <Prose text={sentence(problem.message)} />
          </p>
        ) : (
          <p>{error ? sentence(error) : graded && standingWords(graded)}</p>
        )}
        {graded?.passed && (
          <span class="tally-next">
            <button type="button" class="link" onClick={toLesson}>
              What you learnt
            </button>
            {next && next.id !== opened.exercise.id && (
              <button type="button" class="button" aria-label={`Next exercise: ${next.title}`} onClick={() => learning.open(next.id, ground)}>
                Next exercise
              </button>
            )}
          </span>
        )}
      </div>
    </div>
  );
}
