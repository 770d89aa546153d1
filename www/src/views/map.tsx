import { useState } from 'preact/hooks';
import { useAnswer } from '../app/answer';
import { useApp, useValue } from '../app/context';
import type { Result } from '../session/protocol';
import type { Direction } from '../session/types';
import { VerdictLabel } from '../ui/mark';
import { MoreAsked } from '../ui/more-button';
import { PlaceButton } from '../ui/place-button';
import { count, services } from '../words';
import { Filter } from './filter';
import { barsOf, MOST_BARS, type Bar } from './map-bars';
import { MapPicture } from './map-picture';
import { Picture } from './picture';
import { drawnWords, mapTitle, rowPolicy, whoWords } from './picture-words';
import { PortsHead, portWords } from './ports';

/** Rows that are fetched at once. */
const ROWS = 1000;

/** Ports across, who can reach them down, a bar for each exposure. */
export function MapView({ result }: { result: Result }) {
  const filter = useValue(state => state.filter);
  const [pages, setPages] = useState(1);
  const [chosen, setChosen] = useState<Direction>('ingress');
  // The rows of a short text came with the result.
  const complete = result.ports.items.length === result.ports.total;
  const asked = useAnswer('ports', [0, pages * ROWS, filter], !complete);
  const gone = useValue(state => state.lastGood !== null || state.detached);
  const rows = complete || (gone && !asked) ? result.ports : asked;
  if (!rows) return <p class="quiet">Drawing the map…</p>;
  const { items, total } = rows;
  const both = (['ingress', 'egress'] as const).filter(way => items.some(row => row.direction === way));
  const direction = both.includes(chosen) ? chosen : (both[0] ?? 'ingress');
  const here = items.filter(row => row.direction === direction);
  const bars = barsOf(here);
  const shown = bars.slice(0, MOST_BARS);
  const title = mapTitle(direction);
  const drawn = drawnWords({ bars: bars.length, drawn: shown.length, rows: here.length, fetched: items.length, total });
  const ways = both.length > 1 && (
    <div class="filter" role="group" aria-label="Direction">
      {both.map(way => (
        <button key={way} type="button" class="filter-button" aria-pressed={way === direction} onClick={() => setChosen(way)}>
          {way === 'ingress' ? 'What may come in' : 'What may go out'}
        </button>
      ))}
    </div>
  );
  return (
    <>
      <div class="view-head">
        <Filter />
      </div>
      {shown.length === 0 ? (
        <p class="quiet">{filter ? 'No port has this verdict.' : 'Nothing is open: no rule admits a packet, so there is nothing to draw.'}</p>
      ) : (
        <>
          <Picture title={title} about={drawn} file="exposure-map" choices={ways} twin={() => <Twin title={title} bars={shown} />} draw={room => <MapPicture title={title} bars={shown} room={room} />} />
          {(shown.length < here.length || items.length < total) && <p class="picture-note">{drawn}</p>}
        </>
      )}
      <MoreAsked shown={items.length} total={total} what="rows" more={() => setPages(pages + 1)} />
    </>
  );
}

/** The same bars as a table. */
function Twin({ title, bars }: { title: string; bars: Bar[] }) {
  const app = useApp();
  return (
    <table class="ports">
      <caption class="only-heard">{title}</caption>
      <PortsHead />
      <tbody>
        {bars.map(({ first, rows }, n) => (
          <tr key={n} data-verdict={first.verdict}>
            <td class="cell-verdict">
              <VerdictLabel verdict={first.verdict} />
            </td>
            <td class="cell-port">
              <span class="port">{portWords(first)}</span>
              {first.services.length > 0 && <span class="services">{services(first.services)}</span>}
            </td>
            <td class="cell-who">{whoWords(rows)}</td>
            <td class="cell-policy">
              <button type="button" class="link" onClick={() => app.lists.openPolicy(first.policy)}>
                {rowPolicy(first)}
              </button>
              {rows.length > 1 && ` and ${count(rows.length - 1, 'other')}`}
            </td>
            <td class="places">
              {first.places.map((at, place) => (
                <PlaceButton key={place} at={at} />
              ))}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
