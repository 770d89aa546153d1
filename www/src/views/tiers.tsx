import { useState } from 'preact/hooks';
import { useApp } from '../app/context';
import { usePolicies } from '../app/policies';
import type { PolicySummary, Tiers } from '../session/types';
import { VerdictLabel } from '../ui/mark';
import { More } from '../ui/more-button';
import { count, number, sentence } from '../words';
import { Picture } from './picture';
import { shortName, tiersAbout } from './picture-words';
import { graphOf, INTERNET } from './tiers-graph';
import { TiersPicture } from './tiers-picture';
import type { ViewProps } from './views';

const TITLE = 'Tiers: who can reach whom';
/** Ways and edges that are told at once. */
const WAYS = 5;
const EDGES = 200;

/** From the internet over load balancers and applications to the data, with the ports on the way. */
export function TiersView({ result, tiers }: ViewProps) {
  const names = usePolicies(result);
  if (!tiers || !names) return <p class="quiet">Working out who can reach whom…</p>;
  const graph = graphOf(tiers);
  const drawn = graph.nodes.filter(node => node !== INTERNET).length;
  const all = graph.all - (tiers.edges.some(({ from }) => from === null) ? 1 : 0);
  return (
    <>
      <Ways tiers={tiers} />
      {graph.nodes.length === 0 ? (
        <p class="quiet">{graph.all === 0 ? 'No group admits another one or the internet, so there is nothing to draw.' : `${number(all)} groups are too many for a picture, and no way ${tiers.paths.some(path => path.perhaps) ? 'is known' : 'leads'} from the internet to data. The ways between them:`}</p>
      ) : (
        drawn < all && (
          <p class="picture-note">
            The picture shows only the ways from the internet to data: {number(drawn)} of {number(all)} groups. The table has the others.
          </p>
        )
      )}
      {graph.nodes.length > 0 ? (
        <Picture title={TITLE} about={tiersAbout(tiers)} file="tiers" twin={() => <Twin tiers={tiers} names={names} />} draw={room => <TiersPicture title={TITLE} graph={graph} names={names} room={room} />} />
      ) : (
        tiers.edges.length > 0 && <Twin tiers={tiers} names={names} />
      )}
    </>
  );
}

/** The ways from the internet to data as sentences, the shortest first; then what has none. */
function Ways({ tiers: { paths } }: { tiers: Tiers }) {
  const [all, setAll] = useState(false);
  const rank = (length: number) => length || Number.MAX_SAFE_INTEGER;
  const sorted = [...paths].sort((a, b) => rank(a.length) - rank(b.length));
  if (sorted.length === 0) return <p class="quiet">Nothing here serves data, as far as its ports tell.</p>;
  const shown = sorted.slice(0, all ? EDGES : WAYS);
  return (
    <>
      <ul class="tier-ways">
        {shown.map(({ to, said }) => (
          <li key={to}>{sentence(said)}</li>
        ))}
      </ul>
      {sorted.length > WAYS && (
        <p>
          <button type="button" class="button button-quiet" aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? 'Show fewer' : `Show ${count(Math.min(sorted.length, EDGES) - WAYS, 'more way')}`}
          </button>
          {sorted.length > EDGES && all && <span class="quiet">{number(sorted.length - EDGES)} more not listed</span>}
        </p>
      )}
    </>
  );
}

/** Every edge, as a table. */
function Twin({ tiers: { edges }, names }: { tiers: Tiers; names: ReadonlyMap<number, PolicySummary> }) {
  const [shown, setShown] = useState(EDGES);
  return (
    <>
      <table class="ports edges">
        <caption class="only-heard">{TITLE}</caption>
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col">To</th>
            <th scope="col">What gets through</th>
            <th scope="col">Verdict of the receiver</th>
          </tr>
        </thead>
        <tbody>
          {edges.slice(0, shown).map(({ from, to, services }) => (
            <tr key={`${from} ${to}`}>
              <td>
                <Name index={from} names={names} />
              </td>
              <td>
                <span class="way">to</span> <Name index={to} names={names} />
              </td>
              <td>
                <span class="port">{services.join(', ')}</span>
              </td>
              <td>
                <VerdictLabel verdict={names.get(to)?.verdict ?? null} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <More shown={shown} total={edges.length} what="ways" more={() => setShown(shown + EDGES)} />
    </>
  );
}

function Name({ index, names }: { index: number | null; names: ReadonlyMap<number, PolicySummary> }) {
  const app = useApp();
  if (index === null) return <>internet</>;
  return (
    <button type="button" class="link" onClick={() => app.lists.openPolicy(index)}>
      {shortName(names, index)}
    </button>
  );
}
