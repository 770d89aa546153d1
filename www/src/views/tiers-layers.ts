// The layers of the tiers: each node one step behind the furthest that leads to it. The same graph gives the same layers.
import { INTERNET, type Edge, type Graph } from './tiers-graph';

/** An edge that points from a layer to a later one. `back` where that is against its own direction, in a cycle. */
export type Directed = { edge: Edge; from: number; to: number; back: boolean };

export type Layers = { layerOf: ReadonlyMap<number, number>; directed: Directed[] };

export function layersOf({ nodes, edges, stores }: Graph): Layers {
  const directed = acyclic(nodes, edges);
  const layerOf = new Map<number, number>(nodes.map(node => [node, node === INTERNET ? 0 : 1]));
  const layer = (node: number) => layerOf.get(node) ?? 0;
  // Longest paths: as often as there can be steps, each edge pushes its end behind its beginning.
  for (let moved = true, round = 0; moved && round <= nodes.length; round += 1) {
    moved = false;
    for (const { from, to } of directed) {
      if (layer(to) > layer(from)) continue;
      layerOf.set(to, layer(from) + 1);
      moved = true;
    }
  }
  // What nothing leads to stands right before what it leads to, not far off beside the internet.
  for (const node of nodes) {
    const next = directed.filter(({ from }) => from === node).map(({ to }) => layer(to));
    const led = directed.some(({ to }) => to === node);
    if (!led && node !== INTERNET && next.length > 0) layerOf.set(node, Math.max(1, Math.min(...next) - 1));
  }
  // A data store without any way stands where the others do.
  const linked = (node: number) => directed.some(({ from, to }) => from === node || to === node);
  const reached = nodes.filter(linked);
  const last = Math.max(0, ...reached.map(layer));
  const home = reached.some(node => stores.has(node)) ? Math.max(1, last) : last + 1;
  for (const node of nodes) if (!linked(node)) layerOf.set(node, home);
  const used = [...new Set(layerOf.values())].sort((a, b) => a - b);
  return { layerOf: new Map(nodes.map(node => [node, used.indexOf(layer(node))])), directed };
}

/** Turns the edges that close a cycle, found from the internet on. */
function acyclic(nodes: number[], edges: Edge[]): Directed[] {
  const state = new Map<number, 'open' | 'done'>();
  const back = new Set<Edge>();
  const visit = (node: number): void => {
    state.set(node, 'open');
    for (const edge of edges) {
      if (edge.from !== node) continue;
      const there = state.get(edge.to);
      if (there === 'open') back.add(edge);
      else if (!there) visit(edge.to);
    }
    state.set(node, 'done');
  };
  const roots = [...nodes.filter(node => !edges.some(({ to }) => to === node)), ...nodes];
  for (const node of roots) if (!state.has(node)) visit(node);
  return edges.map(edge => (back.has(edge) ? { edge, from: edge.to, to: edge.from, back: true } : { edge, from: edge.from, to: edge.to, back: false }));
}
