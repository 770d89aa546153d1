import { useState } from 'preact/hooks';
import type { Summary } from '../session/types';
import { count, number, problemsOf, sentence } from '../words';
import { VerdictMark } from './mark';
import { PlaceButton } from './place-button';
import { Prose } from './prose';

/** Shown before and after "show all". A text with more problems than that has one cause. */
const FIRST = 3;
const MOST = 200;

/** What was not understood: always visible, above every good news. */
export function Problems({ summary }: { summary: Summary }) {
  const [all, setAll] = useState(false);
  const problems = problemsOf(summary);
  const total = summary.documents.reduce((sum, document) => sum + document.problem_count, 0);
  if (total === 0) return null;
  const items = problems.map(({ message, at, level }) => ({ at, text: sentence(message), level }));
  const shown = items.slice(0, all ? MOST : FIRST);
  const missing = total - shown.length;
  return (
    <section class="problems" aria-labelledby="problems-title">
      <h3 id="problems-title">
        <VerdictMark verdict="unknown" /> {count(total, 'problem')} reading this
      </h3>
      <ul>
        {shown.map(({ at, text, level }, n) => (
          <li key={n}>
            <PlaceButton at={at} />
            <span>
              {level === 'error' && <strong>Error. </strong>}
              <Prose text={text} />
            </span>
          </li>
        ))}
      </ul>
      {items.length > FIRST && (
        <button type="button" class="button button-quiet" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? 'Show fewer' : 'Show more'}
        </button>
      )}
      {missing > 0 && <span class="quiet">{number(missing)} more {all && 'not listed'}</span>}
    </section>
  );
}
