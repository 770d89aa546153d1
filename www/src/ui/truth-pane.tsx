import { useEffect, useRef } from 'preact/hooks';
import { useValue } from '../app/context';
import { nothingPasted } from '../app/documents';
import { useRested } from '../app/rested';
import { Reproduce } from '../take/reproduce';
import { sentence } from '../words';
import { AskBar } from './ask-bar';
import { Assume } from './assume';
import { ExampleList } from './example-list';
import { Headline } from './headline';
import { Problems } from './problems';
import { Teach } from './teach';
import { ViewTabs } from './view-tabs';

/** Right: the truth about it. */
export function TruthPane() {
  const empty = useValue(nothingPasted);
  const result = useValue(state => state.result);
  const lastGood = useValue(state => state.lastGood);
  // Nothing to list: more use than empty lists is what could be pasted instead.
  const unreadable = result?.summary.verdict === 'unknown' && !lastGood && result.summary.documents.every(document => document.policies === 0);
  const slow = useValue(state => state.slow);
  const error = useValue(state => state.error);
  const subject = useValue(state => state.subject);
  const assumed = useValue(state => state.assumed);
  const told = useRested(result?.summary ?? null, subject, assumed);
  const pane = useRef<HTMLElement>(null);
  // A new subject is read from its top, wherever the last one was left.
  useEffect(() => {
    pane.current?.scrollTo({ top: 0 });
    scrollTo({ top: 0 });
  }, [subject]);
  return (
    <section class="truth" id="truth" tabIndex={-1} aria-label="Result" ref={pane}>
      {error && <p class="error">{sentence(error)}</p>}
      {empty || (!result && !slow) ? (
        <Welcome />
      ) : (
        <>
          <Headline summary={result?.summary ?? null} />
          {result && told && <Problems summary={told} />}
          {result && told && <Assume summary={told} />}
          {result && !unreadable && <AskBar result={lastGood ?? result} />}
          {unreadable ? <Teach /> : <ViewTabs />}
          {result && <Reproduce />}
        </>
      )}
    </section>
  );
}

function Welcome() {
  const phase = useValue(state => state.phase);
  return (
    <div class="welcome">
      <h2>The exact truth about what is open</h2>
      <p>
        Paste a cloud firewall configuration. Every rule, port and group gets a verdict at once, with one packet that proves it, the line that decides it, and what to do. What can't be known from the text is said to be unknown, never secure.
      </p>
      <h3>Or start from an example</h3>
      {phase === 'loading' ? <p class="quiet">Starting the analysis…</p> : phase === 'ready' && <ExampleList />}
    </div>
  );
}
