// Which part of the tiers is drawn.
import type { Tiers } from '../session/types';

/** The internet among the nodes, which are policies by index. */
export const INTERNET = -1;

/** More than that is no picture any more. */
const MOST = 60;
const MOST_EDGES = 200;

export type Edge = { from: number; to: number; services: string[] };

export type Graph = {
  nodes: number[];
  edges: Edge[];
  /** The policies that serve data. */
  stores: ReadonlySet<number>;
  /** How many nodes there are in all; more than are drawn where only the ways to data stores are. */
  all: number;
};

export function graphOf({ edges, paths }: Tiers): Graph {
  const stores = new Set(paths.map(path => path.to));
  // That members of one policy reach each other is no step between tiers.
  const ends = edges.map(({ from, to, services }): Edge => ({ from: from ?? INTERNET, to, services })).filter(({ from, to }) => from !== to);
  const nodes = ascending([...ends.flatMap(({ from, to }) => [from, to]), ...stores]);
  const all = nodes.length;
  if (all <= MOST && ends.length <= MOST_EDGES) return { nodes, edges: ends, stores, all };
  const ways = waysOf({ edges, paths });
  return { nodes: ascending(ways.flatMap(({ from, to }) => [from, to])), edges: ways, stores, all };
}

/** The hops of the shortest ways from the internet to data, as many whole ways as fit. */
function waysOf({ paths }: Tiers): Edge[] {
  const edges = new Map<string, Edge>();
  const nodes = new Set<number>();
  for (const { hops, length } of [...paths].sort((a, b) => a.length - b.length)) {
    // Of a very long way only the end is known: that it begins at the internet can't be drawn.
    if (length === 0 || hops.length < length) continue;
    const fresh = hops.filter(({ policy }) => !nodes.has(policy));
    if (nodes.size + fresh.length >= MOST || edges.size + hops.length > MOST_EDGES) break;
    let from = INTERNET;
    for (const { policy, services } of hops) {
      nodes.add(policy);
      edges.set(`${from} ${policy}`, { from, to: policy, services });
      from = policy;
    }
  }
  return [...edges.values()];
}

const ascending = (nodes: number[]): number[] => [...new Set(nodes)].sort((a, b) => a - b);
