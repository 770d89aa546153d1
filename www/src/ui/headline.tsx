import { useLayoutEffect, useRef } from 'preact/hooks';
import { useApp, useValue } from '../app/context';
import type { Summary } from '../session/types';
import { headlineWords, honestyWords } from '../words';
import { VerdictMark } from './mark';
import { Progress } from './progress';

/** The result in words, and how much of the text it rests on. */
export function Headline({ summary }: { summary: Summary | null }) {
  const stale = useValue(state => state.slow || state.detached);
  const verdict = summary?.verdict ?? null;
  const box = useRef<HTMLDivElement>(null);
  // The tabs stay below it, however many lines it has.
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(() => document.documentElement.style.setProperty('--headline', `${element.offsetHeight}px`));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return (
    <div ref={box} class={`headline v-${verdict ?? 'none'} ${stale ? 'headline-stale' : ''}`} data-verdict={verdict ?? 'none'}>
      <VerdictMark verdict={verdict} size={36} />
      <div class="headline-words">
        <h2>{summary ? headlineWords(summary) : 'Reading'}</h2>
        {summary && <p>{honestyWords(summary)}</p>}
      </div>
      <Running />
    </div>
  );
}

function Running() {
  const app = useApp();
  const slow = useValue(state => state.slow);
  const progress = useValue(state => (state.slow ? state.progress : 0));
  const cancel = () => {
    app.cancel();
    // The button goes away with the run: the focus stays beside it.
    document.getElementById('truth')?.focus();
  };
  return slow ? <Progress label="Reviewing" part={progress} cancel={cancel} /> : null;
}
