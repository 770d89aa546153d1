import { Fragment } from 'preact';
import { useEffect } from 'preact/hooks';
import { useApp, useValue } from '../app/context';
import { findingKey } from '../app/keys';
import type { Result } from '../session/protocol';
import type { Finding, Summary } from '../session/types';
import { MoreButton } from '../ui/more-button';
import { amongWords, count } from '../words';
import { arrange, matches } from './arrange';
import { ArrangeBar } from './arrange-bar';
import { Filter } from './filter';
import { FindingCard } from './finding-card';
import { revealInPane } from './reveal';
import { moveByKey } from './walk';

/** Opened from the start: enough to read the worst without a click, and still see the rest of the list. */
const OPEN_AT_FIRST = 2;

/** Findings that ask for something; those with the verdict "secure" are notes and stand apart. */
export const openFindings = ({ findings }: Summary): number => findings.dangerous + findings.unknown + findings.caution;

/** What is arranged is fetched up to here by itself, beyond it on request. */
const ARRANGED = 200;

export function FindingsView({ result }: { result: Result }) {
  const app = useApp();
  const filter = useValue(state => state.filter);
  const selected = useValue(state => state.selected);
  const toggled = useValue(state => state.toggled);
  const arrangement = useValue(state => state.arrangement);
  const cut = useValue(state => state.detached || state.lastGood !== null);
  const { findings: counts } = result.summary;
  const fetched = result.findings.items.filter(finding => finding.verdict !== 'secure');
  const total = filter ? (filter === 'secure' ? 0 : counts[filter]) : openFindings(result.summary);
  const groups = arrange(fetched, arrangement);
  const listed = groups.flatMap(group => group.findings);
  const notes = !filter || filter === 'secure' ? result.notes.items.filter(finding => matches(finding, arrangement.text)) : [];
  const elsewhere = selected && ![...listed, ...notes].some(finding => finding.index === selected.index) ? selected : null;
  const arranged = arrangement.order !== 'worst' || arrangement.group !== 'none' || arrangement.text !== '';
  const among = arranged ? amongWords(fetched.length, total) : null;
  const short = arranged && !cut && fetched.length < Math.min(total, ARRANGED);

  useEffect(() => {
    if (selected) revealInPane(cardId(selected));
  }, [selected]);
  useEffect(() => {
    if (short) void app.lists.more('findings', ARRANGED - fetched.length);
  }, [app, short, fetched.length]);

  const atFirst = new Set(fetched.slice(0, OPEN_AT_FIRST));
  const card = (finding: Finding, openAtFirst: boolean) => {
    const isSelected = finding.index === selected?.index;
    const open = toggled.get(findingKey(finding)) ?? (openAtFirst || isSelected);
    return <FindingCard key={finding.index} id={cardId(finding)} finding={finding} open={open} selected={isSelected} />;
  };
  const allOpen = listed.length > 0 && listed.every(finding => toggled.get(findingKey(finding)) === true);
  return (
    <div onKeyDown={moveByKey}>
      <div class="view-head">
        <Filter counts={counts} secureWord="Notes" />
      </div>
      {openFindings(result.summary) + counts.secure > 1 && (
        <ArrangeBar>
          {listed.length > OPEN_AT_FIRST && (
            <button type="button" class="button button-quiet open-all" onClick={() => listed.forEach(finding => app.toggleFinding(finding, !allOpen))}>
              {allOpen ? 'Close all' : 'Open all'}
            </button>
          )}
        </ArrangeBar>
      )}
      {among && <p class="among">{among}</p>}
      {elsewhere && (
        <>
          <h3 class="list-title">At the chosen line</h3>
          <ul class="findings">{card(elsewhere, true)}</ul>
        </>
      )}
      {groups.map(group => (
        <Fragment key={group.key}>
          {group.title !== null && (
            <h3 class="list-title group-title">
              {group.title} <span class="group-count">{count(group.findings.length, 'finding')}</span>
            </h3>
          )}
          <ul class="findings">{group.findings.map(finding => card(finding, atFirst.has(finding)))}</ul>
        </Fragment>
      ))}
      {listed.length === 0 && filter !== 'secure' && <p class="quiet">{fetched.length > 0 ? `No finding matches "${arrangement.text}".` : nothing(result.summary, filter !== undefined)}</p>}
      <MoreButton list="findings" shown={fetched.length} total={total} what="findings" />
      {notes.length > 0 && (
        <section class="notes" aria-labelledby="notes-title">
          <h3 id="notes-title" class="list-title">
            {count(counts.secure, 'note')}: nothing to do, good to know
          </h3>
          <ul class="findings findings-quiet">{notes.map(finding => card(finding, false))}</ul>
          <MoreButton list="notes" shown={result.notes.items.length} total={counts.secure} what="notes" />
        </section>
      )}
    </div>
  );
}

const cardId = (finding: Finding): string => `finding-${finding.index}`;

const nothing = (summary: Summary, filtered: boolean): string => {
  if (filtered) return 'No finding has this verdict.';
  if (summary.judged.not_understood > 0) return 'No finding in what was understood.';
  return summary.judged.rules > 0 ? 'No findings: nothing here asks for a change.' : 'No rules, so no findings.';
};
