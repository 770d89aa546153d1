import { useState } from 'preact/hooks';
import { useAsked } from '../app/asked';
import { useApp, useValue } from '../app/context';
import type { CatalogEntry, PortRow } from '../session/types';
import { Fact, Tags } from '../ui/fact';
import { Fold } from '../ui/fold';
import { VerdictLabel } from '../ui/mark';
import { Prose } from '../ui/prose';
import { SeverityLabel } from '../ui/severity';
import { capital, number, sentence } from '../words';
import { portWords } from '../views/ports';
import { basisWords, bounds, categoryWords, opens, protocolWords } from './catalog-words';

/** One entry of the catalog. `asked` ones are open from the start. */
export function CatalogRow({ id, entry, asked }: { id: string; entry: CatalogEntry; asked: boolean }) {
  const [toggled, setToggled] = useState<boolean>();
  const open = toggled ?? asked;
  return (
    <li class="entry" data-service={entry.service} data-severity={entry.severity}>
      <Fold
        id={id}
        kind="entry"
        open={open}
        toggle={() => setToggled(!open)}
        title={
          <>
            <span class="port entry-port">{entry.ports}</span>
            <span class="entry-protocol">{entry.protocols}</span>
            <span class="entry-name">{entry.name}</span>
            <span class="entry-category">{categoryWords(entry.category)}</span>
            <SeverityLabel severity={entry.severity} />
          </>
        }
      >
        <Facts entry={entry} />
      </Fold>
    </li>
  );
}

function Facts({ entry }: { entry: CatalogEntry }) {
  const place = useAsked('catalog', String(bounds(entry)[0]))?.port;
  return (
    <dl class="facts">
      <Fact term="Risk">
        <Prose text={entry.risk} />
      </Fact>
      <Fact term="Instead">
        <Prose text={entry.alternative} />
      </Fact>
      {entry.amplifies && <Fact term="Amplifies">Over UDP it answers forged requests with more bytes than it was sent, so it can be turned on others.</Fact>}
      <Fact term="Service">
        <code>{entry.service}</code> over {protocolWords(entry)}
      </Fact>
      <Fact term="Class">{place ? sentence(capital(place.class_text)) : '…'}</Fact>
      <Fact term="Certainty">{basisWords(entry.documented)}</Fact>
      {entry.lists.length > 0 && (
        <Fact term="Lists">
          <Tags all={entry.lists} />
        </Fact>
      )}
      <OpenHere entry={entry} />
    </dl>
  );
}

const MOST = 3;

/** What the review has open there. Only what it has fetched is looked through, so nothing is said where none is found. */
function OpenHere({ entry }: { entry: CatalogEntry }) {
  const rows = useValue(state => (state.lastGood ? null : state.result))?.ports.items.filter(row => opens(row, entry)) ?? [];
  if (rows.length === 0) return null;
  return (
    <Fact term="Open here">
      <ul class="open-here">
        {rows.slice(0, MOST).map((row, n) => (
          <OpenRow key={n} row={row} />
        ))}
      </ul>
      {rows.length > MOST && <span class="quiet">{number(rows.length - MOST)} more under Open ports</span>}
    </Fact>
  );
}

function OpenRow({ row }: { row: PortRow }) {
  const app = useApp();
  const [at] = row.places;
  return (
    <li>
      <VerdictLabel verdict={row.verdict} />
      <span>
        <span class="port">{portWords(row)}</span> {row.direction === 'egress' ? 'out to' : 'in from'} {row.reach_text}, in {row.policy_name ?? row.policy_id ?? 'an unnamed policy'}
      </span>
      {at && (
        <button type="button" class="place" onClick={() => app.guide.show(at)}>
          Show in the text
        </button>
      )}
    </li>
  );
}
