import { useApp, useValue } from '../app/context';
import type { Result } from '../session/protocol';
import type { At, PortRow } from '../session/types';
import { VerdictLabel } from '../ui/mark';
import { MoreButton } from '../ui/more-button';
import { PlaceButton } from '../ui/place-button';
import { Filter } from './filter';
import { Services } from './services';

/** What may reach what, one row per run of ports with the same sources. */
export function PortsView({ result }: { result: Result }) {
  const filtered = useValue(state => state.filter !== undefined);
  const caretLine = useValue(state => state.caretLine);
  const { items, total } = result.ports;
  return (
    <>
      <div class="view-head">
        <Filter />
      </div>
      {items.length === 0 ? (
        <p class="quiet">{filtered ? 'No port has this verdict.' : 'Nothing is open: no rule admits a packet.'}</p>
      ) : (
        <table class="ports">
          <caption class="only-heard">Open ports, worst first</caption>
          <PortsHead />
          <tbody>
            {items.map((row, n) => (
              <Row key={n} row={row} current={row.places.some(at => covers(at, caretLine))} />
            ))}
          </tbody>
        </table>
      )}
      <MoreButton list="ports" shown={items.length} total={total} what="rows" />
    </>
  );
}

/** The columns of a table of open ports. */
export function PortsHead() {
  return (
    <thead>
      <tr>
        <th scope="col">Verdict</th>
        <th scope="col">Port</th>
        <th scope="col">Who</th>
        <th scope="col">Policy</th>
        <th scope="col">Decided at</th>
      </tr>
    </thead>
  );
}

function Row({ row, current }: { row: PortRow; current: boolean }) {
  const app = useApp();
  const out = row.direction === 'egress';
  return (
    <tr aria-current={current ? 'true' : undefined} data-verdict={row.verdict}>
      <td class="cell-verdict">
        <VerdictLabel verdict={row.verdict} />
      </td>
      <td class="cell-port">
        <span class="port">{portWords(row)}</span>
        <span class="services">
          <Services ports={row.ports} names={row.services} />
        </span>
      </td>
      <td class="cell-who">
        <span class="way">{out ? 'out to' : 'in from'}</span> {row.reach_text}
      </td>
      <td class="cell-policy">
        <button type="button" class="link" onClick={() => app.lists.openPolicy(row.policy)}>
          {row.policy_name ?? row.policy_id ?? 'unnamed'}
        </button>
        {row.policy_name && row.policy_id && row.policy_name !== row.policy_id && <span class="id">{row.policy_id}</span>}
      </td>
      <td class="places">
        {row.places.map((at, n) => (
          <PlaceButton key={n} at={at} />
        ))}
      </td>
    </tr>
  );
}

/** "tcp/22", "every protocol", "icmp 8/0". */
export function portWords({ protocol, ports, icmp }: { protocol: string; ports: string | null; icmp: string | null }): string {
  if (protocol === 'all') return 'every protocol';
  if (protocol === 'other') return 'other protocols';
  if (icmp !== null) return icmp === 'all' ? `${protocol}, all types` : `${protocol} ${icmp}`;
  if (ports === null) return protocol;
  return ports === 'all' ? `${protocol}, all ports` : `${protocol}/${ports}`;
}

const covers = (at: At, line: number): boolean => at.line <= line && line <= at.end_line;
