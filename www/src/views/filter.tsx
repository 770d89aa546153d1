import { useApp, useValue } from '../app/context';
import type { Verdict } from '../session/types';
import { VerdictMark } from '../ui/mark';
import { number, VERDICTS, verdictWord } from '../words';

type Props = { counts?: Record<Verdict, number>; secureWord?: string };

/** Narrows every view to one verdict. The counts are those of the view it stands in. */
export function Filter({ counts, secureWord = verdictWord('secure') }: Props) {
  const app = useApp();
  const filter = useValue(state => state.filter);
  return (
    <div class="filter" role="group" aria-label="Show only">
      <button type="button" class="filter-button" aria-pressed={filter === undefined} onClick={() => app.setFilter(undefined)}>
        All
      </button>
      {VERDICTS.map(verdict => (
        <button
          key={verdict}
          type="button"
          class={`filter-button v-${verdict}`}
          data-filter={verdict}
          data-none={counts && counts[verdict] === 0}
          aria-pressed={filter === verdict}
          onClick={() => app.setFilter(filter === verdict ? undefined : verdict)}
        >
          <VerdictMark verdict={verdict} />
          {verdict === 'secure' ? secureWord : verdictWord(verdict)}
          {counts && <span class="filter-count">{number(counts[verdict])}</span>}
        </button>
      ))}
    </div>
  );
}
