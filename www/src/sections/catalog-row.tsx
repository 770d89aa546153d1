import { useState } from 'preact/hooks';
import { useAsked } from '../app/asked';
import { useApp, useValue } from '../app/context';
import type { CatalogEntry, PortRow } from '../session/types';
import { Chevron } from '../ui/icons';
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
      <h3>
        <button type="button" class="entry-toggle" aria-expanded={open} aria-controls={id} onClick={() => setToggled(!open)}>
          <span class="port entry-port">{entry.ports}</span>
          <span class="entry-protocol">{entry.protocols}</span>
          <span class="entry-name">{entry.name}</span>
          <span class="entry-category">{categoryWords(entry.category)}</span>
          <SeverityLabel severity={entry.severity} />
          <Chevron />
        </button>
      </h3>
      <div class="entry-body" id={id} hidden={!open}>
        {open && <Facts entry={entry} />}
      </div>
    </li>
  );
}

function Facts({ entry }: { entry: CatalogEntry }) {
  const place = useAsked('catalog', String(bounds(entry)[0]))?.port;
  return (
    <dl class="facts">
      <dt>Risk</dt>
      <dd>
        <Prose text={entry.risk} />
      </dd>
      <dt>Instead</dt>
      <dd>
        <Prose text={entry.alternative} />
      </dd>
      {entry.amplifies && (
        <>
          <dt>Amplifies</dt>
          <dd>Over UDP it answers forged requests with more bytes than it was sent, so it can be turned on others.</dd>
        </>
      )}
      <dt>Service</dt>
      <dd>
        <code>{entry.service}</code> over {protocolWords(entry)}
      </dd>
      <dt>Class</dt>
      <dd>{place ? sentence(capital(place.class_text)) : '…'}</dd>
      <dt>Certainty</dt>
      <dd>{basisWords(entry.documented)}</dd>
      {entry.lists.length > 0 && (
        <>
          <dt>Lists</dt>
          <dd class="tags">
            {entry.lists.map(list => (
              <span key={list} class="tag">
                {list}
              </span>
            ))}
          </dd>
        </>
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
    <>
      <dt>Open here</dt>
      <dd>
        <ul class="open-here">
          {rows.slice(0, MOST).map((row, n) => (
            <OpenRow key={n} row={row} />
          ))}
        </ul>
        {rows.length > MOST && <span class="quiet">{number(rows.length - MOST)} more under Open ports</span>}
      </dd>
    </>
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
