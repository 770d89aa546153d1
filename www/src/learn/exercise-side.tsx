import { useRef } from 'preact/hooks';
import { useApp, useStore } from '../app/context';
import { entryOf } from '../app/progress';
import type { At, Problem } from '../session/types';
import { Elsewhere, PlaceButton } from '../ui/place-button';
import { Prose } from '../ui/prose';
import { AboutAudit } from '../views/about-audit';
import { capital, count, sentence } from '../words';
import { AskHere } from './ask-here';
import { ExcessList } from './excess-list';
import { FindingList } from './finding-list';
import { FlowList } from './flow-list';
import { Hints } from './hints';
import { Solution } from './solution';
import { Tally } from './tally';
import { Text } from './text';
import { scoreWords } from './words';

/** Everything that is said about the answer. */
export function ExerciseSide() {
  const app = useApp();
  const { learning } = app;
  const { solving } = learning;
  const { opened, files, active, graded, lastGood, result, solved, par } = useStore(solving.store, state => state);
  const { progress, ground } = useStore(learning.store, state => state);
  const lesson = useRef<HTMLElement | null>(null);
  if (!opened) return null;
  const { exercise } = opened;
  const elsewhere = {
    jump(at: At) {
      if (solving.jump(at)) app.store.set({ away: true });
    },
    name: (document: number) => (files.length > 1 ? (files[document]?.name ?? null) : null),
  };
  const shown = lastGood ?? graded;
  const entry = entryOf(progress[ground], exercise.id);
  // Some of what an exercise is about is said in notes.
  const noted = result?.notes.items.filter(({ audit }) => exercise.silence.includes(audit) || exercise.teaches.includes(audit)) ?? [];
  const findings = [...(result?.findings.items.filter(({ verdict }) => verdict !== 'secure') ?? []), ...noted];
  const problems = result?.summary.documents.flatMap(document => document.problems) ?? [];
  return (
    <Elsewhere.Provider value={elsewhere}>
      <div class="exercise-side">
        <Tally lesson={lesson} />
        <div class="exercise-body">
          {shown && (
            <section aria-labelledby="learn-flows" class={lastGood ? 'view-stale' : ''}>
              <h3 id="learn-flows">What has to work, and what must not</h3>
              <p class="quiet flows-line">{lastGood ? 'From before this edit, until the text can be read again.' : `${shown.connectivity.passed} of ${count(shown.connectivity.flows.length, 'flow')} as they should be.`}</p>
              <FlowList flows={shown.connectivity.flows} />
              {!lastGood && shown.regressions.length > 1 && (
                <ul class="regressions">
                  {shown.regressions.map(each => (
                    <li key={each}>{sentence(capital(each))}</li>
                  ))}
                </ul>
              )}
            </section>
          )}
          {shown && (
            <section aria-labelledby="learn-excess">
              <h3 id="learn-excess">What is allowed beyond that</h3>
              <ExcessList least={shown.least_privilege} single={files.length === 1} />
            </section>
          )}
          {result && (
            <section aria-labelledby="learn-findings">
              <h3 id="learn-findings">What Portcullis says</h3>
              {graded && (graded.verdicts.full || findings.length === 0) && <p class="flows-line">{sentence(capital(graded.verdicts.said))}</p>}
              {findings.length > 0 && <FindingList findings={findings} />}
              {problems.length > 0 && <Problems problems={problems} />}
            </section>
          )}
          <AskHere key={exercise.id} />
          <Hints exercise={exercise} entry={entry} />
          <Solution key={exercise.id} opened={opened} entry={entry} file={files[active]} />
          {solved && (
            <section class="learnt" aria-labelledby="learnt-title" tabIndex={-1} ref={lesson}>
              <h3 id="learnt-title">What you learnt</h3>
              {exercise.lesson && <Text text={exercise.lesson} />}
              {graded?.passed && <p class="quiet">{scoreWords(graded, entry.score, par)}</p>}
              {exercise.teaches.map(id => (
                <AboutAudit key={id} id={id} />
              ))}
            </section>
          )}
        </div>
      </div>
    </Elsewhere.Provider>
  );
}

function Problems({ problems }: { problems: Problem[] }) {
  return (
    <div class="learn-problems">
      <h4>Not understood</h4>
      <ul>
        {problems.slice(0, 10).map(({ at, message }, n) => (
          <li key={n}>
            <PlaceButton at={at} /> <Prose text={sentence(message)} />
          </li>
        ))}
      </ul>
    </div>
  );
}
