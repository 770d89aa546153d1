import { useRef } from 'preact/hooks';
import { useApp, useStore } from '../app/context';
import { entryOf, suggested } from '../app/progress';
import type { At } from '../session/types';
import { Prose } from '../ui/prose';
import { capital, sentence } from '../words';
import { FindingList } from './finding-list';
import { AnswerPlace, FlowList } from './flow-list';
import { Hints } from './hints';
import { Meters } from './meters';
import { Solution } from './solution';
import { Text } from './text';
import { meters, scoreWords, standingWords } from './words';

/** The meters, and everything that is said about the answer. */
export function ExerciseSide() {
  const app = useApp();
  const { learning } = app;
  const { solving } = learning;
  const { opened, files, graded, lastGood, result, solved, par, error } = useStore(solving.store, state => state);
  const { progress, ground, track, pack } = useStore(learning.store, state => state);
  const lesson = useRef<HTMLElement>(null);
  if (!opened) return null;
  const { exercise } = opened;
  const jump = (at: At) => {
    if (solving.jump(at)) app.store.set({ away: true });
  };
  const names = files.map(({ name }) => name);
  const shown = lastGood ?? graded;
  const entry = entryOf(progress[ground], exercise.id);
  const next = suggested((ground === 'own' ? track?.exercises : pack?.exercises) ?? [], progress[ground]);
  const findings = result ? [...result.findings.items.filter(({ verdict }) => verdict !== 'secure'), ...result.notes.items.filter(({ audit }) => exercise.silence.includes(audit))] : [];
  const problems = result?.summary.documents.flatMap(document => document.problems) ?? [];
  return (
    <div class="exercise-side">
      <div class="tally" data-passed={graded?.passed}>
        {graded && result && <Meters meters={meters(graded, result, exercise)} />}
        <div class="tally-line">
          <p>{error ? sentence(error) : graded && standingWords(graded, lastGood !== null)}</p>
          {graded?.passed && (
            <span class="tally-next">
              <button type="button" class="link" onClick={() => (lesson.current?.scrollIntoView({ block: 'start' }), lesson.current?.focus({ preventScroll: true }))}>
                What you learnt
              </button>
              {next && next.id !== exercise.id && (
                <button type="button" class="button" aria-label={`Next exercise: ${next.title}`} onClick={() => learning.open(next.id, ground)}>
                  Next exercise
                </button>
              )}
            </span>
          )}
        </div>
      </div>
      <div class="exercise-body">
        {problems.length > 0 && (
          <section class="learn-problems" aria-labelledby="learn-problems">
            <h3 id="learn-problems">Not understood</h3>
            <ul>
              {problems.slice(0, 10).map(({ at, message }, n) => (
                <li key={n}>
                  <AnswerPlace at={at} name={names.length > 1 ? (names[at.document] ?? null) : null} jump={jump} /> <Prose text={sentence(message)} />
                </li>
              ))}
            </ul>
          </section>
        )}
        {shown && (
          <section aria-labelledby="learn-flows" class={lastGood ? 'view-stale' : ''}>
            <h3 id="learn-flows">What has to work, and what must not</h3>
            {lastGood && <p class="quiet">From before this edit, until the text can be read again.</p>}
            {!lastGood && graded && graded.regressions.length > 1 && (
              <ul class="regressions">
                {graded.regressions.map(each => (
                  <li key={each}>{sentence(capital(each))}</li>
                ))}
              </ul>
            )}
            <FlowList flows={shown.connectivity.flows} names={names} jump={jump} />
          </section>
        )}
        {shown && (
          <section aria-labelledby="learn-excess">
            <h3 id="learn-excess">What is allowed beyond that</h3>
            <p>{sentence(capital(shown.least_privilege.said))}</p>
            <ul class="excess">
              {shown.least_privilege.excess.slice(0, 12).map((surplus, n) => (
                <li key={n}>
                  {sentence(capital(surplus.said))}{' '}
                  {names.length === 1 &&
                    surplus.lines.slice(0, 3).map(line => <AnswerPlace key={line} at={{ document: 0, line, column: 1, end_line: line, end_column: 1 }} name={null} jump={jump} />)}
                </li>
              ))}
            </ul>
          </section>
        )}
        {result && (
          <section aria-labelledby="learn-findings">
            <h3 id="learn-findings">What Portcullis says</h3>
            {findings.length > 0 ? <FindingList findings={findings} names={names} jump={jump} /> : <p>{sentence(capital(result.summary.headline))}</p>}
          </section>
        )}
        <Hints exercise={exercise} entry={entry} />
        <Solution opened={opened} entry={entry} file={files[solving.store.state.active]} />
        {solved && (
          <section class="learnt" aria-labelledby="learnt-title" tabIndex={-1} ref={lesson}>
            <h3 id="learnt-title">What you learnt</h3>
            {exercise.lesson && <Text text={exercise.lesson} />}
            {graded?.passed && <p class="quiet">{scoreWords(graded, entry.score, par)}</p>}
          </section>
        )}
      </div>
    </div>
  );
}
