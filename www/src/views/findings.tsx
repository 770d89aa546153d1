import { useEffect } from 'preact/hooks';
import { useApp, useValue } from '../app/context';
import { findingKey } from '../app/keys';
import type { Result } from '../session/protocol';
import type { Finding, Summary } from '../session/types';
import { MoreButton } from '../ui/more-button';
import { count } from '../words';
import { Filter } from './filter';
import { FindingCard } from './finding-card';
import { revealInPane } from './reveal';

/** Opened from the start: enough to read the worst without a click, and still see the rest of the list. */
const OPEN_AT_FIRST = 2;

/** Findings that ask for something; those with the verdict "secure" are notes and stand apart. */
export const openFindings = ({ findings }: Summary): number => findings.dangerous + findings.unknown + findings.caution;

export function FindingsView({ result }: { result: Result }) {
  const app = useApp();
  const filter = useValue(state => state.filter);
  const selected = useValue(state => state.selected);
  const toggled = useValue(state => state.toggled);
  const { findings: counts } = result.summary;
  const listed = result.findings.items.filter(finding => finding.verdict !== 'secure');
  const total = filter ? (filter === 'secure' ? 0 : counts[filter]) : openFindings(result.summary);
  const notes = !filter || filter === 'secure' ? result.notes.items : [];
  const elsewhere = selected && ![...listed, ...notes].some(finding => finding.index === selected.index) ? selected : null;

  useEffect(() => {
    if (selected) revealInPane(cardId(selected));
  }, [selected]);

  const card = (finding: Finding, openAtFirst: boolean) => {
    const isSelected = finding.index === selected?.index;
    const open = toggled.get(findingKey(finding)) ?? (openAtFirst || isSelected);
    return <FindingCard key={finding.index} id={cardId(finding)} finding={finding} open={open} selected={isSelected} />;
  };
  const allOpen = listed.length > 0 && listed.every(finding => toggled.get(findingKey(finding)) === true);
  return (
    <>
      <div class="view-head">
        <Filter counts={counts} secureWord="Notes" />
        {listed.length > OPEN_AT_FIRST && (
          <button type="button" class="button button-quiet" onClick={() => listed.forEach(finding => app.toggleFinding(finding, !allOpen))}>
            {allOpen ? 'Close all' : 'Open all'}
          </button>
        )}
      </div>
      {elsewhere && (
        <>
          <h3 class="list-title">At the chosen line</h3>
          <ul class="findings">{card(elsewhere, true)}</ul>
        </>
      )}
      {listed.length > 0 ? (
        <ul class="findings">{listed.map((finding, n) => card(finding, n < OPEN_AT_FIRST))}</ul>
      ) : (
        filter !== 'secure' && <p class="quiet">{nothing(result.summary, filter !== undefined)}</p>
      )}
      <MoreButton list="findings" shown={listed.length} total={total} what="findings" />
      {notes.length > 0 && (
        <section class="notes" aria-labelledby="notes-title">
          <h3 id="notes-title" class="list-title">
            {count(counts.secure, 'note')}: nothing to do, good to know
          </h3>
          <ul class="findings findings-quiet">{notes.map(finding => card(finding, false))}</ul>
          <MoreButton list="notes" shown={notes.length} total={counts.secure} what="notes" />
        </section>
      )}
    </>
  );
}

const cardId = (finding: Finding): string => `finding-${finding.index}`;

const nothing = (summary: Summary, filtered: boolean): string => {
  if (filtered) return 'No finding has this verdict.';
  if (summary.judged.not_understood > 0) return 'No finding in what was understood.';
  return summary.judged.rules > 0 ? 'No findings: nothing here asks for a change.' : 'No rules, so no findings.';
};
