// Where the nodes and edges of the tiers stand. `main` runs from layer to layer, `cross` along a layer: turned by a quarter
// it is the same picture. An edge ends in a slot of its own at its node, wide enough for its label, so labels never meet.
import type { Edge, Graph } from './tiers-graph';
import { layersOf, type Directed } from './tiers-layers';

export type Sizes = {
  node(id: number): { main: number; cross: number };
  /** The room of an edge's label before its node and in its slot, and the part of the slot that must stay before the line. */
  slot(edge: Edge): { main: number; cross: number; before: number };
};

export type Box = { id: number; layer: number; main: number; cross: number; mainSize: number; crossSize: number };
/** A line through points, three for each layer it crosses: from the first to the second it bends, to the third it is
 * straight, with the label at the last of them. */
export type Route = { edge: Edge; back: boolean; points: { main: number; cross: number }[] };
export type Layout = { boxes: Box[]; routes: Route[]; mainSize: number; crossSize: number };

/** From one layer to the next: the part where lines bend. */
const CURVE = 28;
/** Between two neighbours in a layer. */
const SPACE = 18;
/** The room of a line that only passes a layer. */
const PASSING = 14;
const SWEEPS = 8;

/** A node, or a place where a long edge passes a layer. */
type Spot = { id: number | null; layer: number; at: number; size: number; before: Link[]; after: Link[] };
type Link = { from: Spot; to: Spot; last: Directed | null };

export function layout(graph: Graph, sizes: Sizes): Layout {
  const { rows, routes } = spotsOf(graph, sizes);
  ordered(rows);
  const crossSize = placed(rows);
  // Along the layers: nodes, then the lines' bends, then the labels.
  const starts: { from: number; to: number }[] = [];
  let main = 0;
  for (const row of rows) {
    const labels = row.flatMap(spot => spot.before.flatMap(({ last }) => (last ? [sizes.slot(last.edge).main] : [])));
    if (starts.length > 0) main += CURVE + Math.max(0, ...labels);
    const size = Math.max(0, ...row.map(({ id }) => (id === null ? 0 : sizes.node(id).main)));
    starts.push({ from: main, to: main + size });
    main += size;
  }
  const along = (layer: number) => starts[layer] ?? { from: 0, to: 0 };
  const boxes = rows.flatMap(row => row.flatMap(({ id, layer, at, size }): Box[] => (id === null ? [] : [{ id, layer, main: along(layer).from, cross: at - size / 2, mainSize: along(layer).to - along(layer).from, crossSize: size }])));
  return {
    boxes,
    routes: routes.map(({ directed, links }) => ({
      edge: directed.edge,
      back: directed.back,
      points: links.flatMap(link => {
        const [start, end] = [along(link.from.layer).to, along(link.to.layer).from];
        const [leaves, enters] = [leaving(link), entering(link, sizes)];
        return [
          { main: start, cross: leaves },
          { main: start + CURVE, cross: enters },
          { main: end, cross: enters },
        ];
      }),
    })),
    mainSize: main,
    crossSize,
  };
}

function spotsOf(graph: Graph, sizes: Sizes) {
  const { layerOf, directed } = layersOf(graph);
  const rows: Spot[][] = Array.from({ length: 1 + Math.max(0, ...layerOf.values()) }, () => []);
  const add = (id: number | null, layer: number, size: number): Spot => {
    const spot: Spot = { id, layer, at: 0, size, before: [], after: [] };
    rows[layer]?.push(spot);
    return spot;
  };
  const spots = new Map(graph.nodes.map(id => [id, add(id, layerOf.get(id) ?? 0, sizes.node(id).cross)]));
  const routes = directed.flatMap(one => {
    const [begin, end] = [spots.get(one.from), spots.get(one.to)];
    if (!begin || !end) return [];
    const links: Link[] = [];
    let from = begin;
    for (let layer = begin.layer + 1; layer <= end.layer; layer += 1) {
      const last = layer === end.layer;
      const to = last ? end : add(null, layer, PASSING);
      const link = { from, to, last: last ? one : null };
      from.after.push(link);
      to.before.push(link);
      links.push(link);
      from = to;
    }
    return [{ directed: one, links }];
  });
  for (const spot of spots.values()) spot.size = Math.max(spot.size, sum(spot.before.map(link => slotOf(link, sizes).cross)));
  return { rows, routes };
}

/** Fewer crossings: each layer in the order of the middles of what it is linked with, forth and back; the best try stays. */
function ordered(rows: Spot[][]): void {
  const number = () => rows.forEach(row => row.forEach((spot, n) => (spot.at = n)));
  number();
  let best = rows.map(row => [...row]);
  let fewest = crossings(rows);
  for (let sweep = 0; sweep < SWEEPS && fewest > 0; sweep += 1) {
    const down = sweep % 2 === 0;
    for (const row of down ? rows : [...rows].reverse()) {
      const middle = new Map(row.map(spot => [spot, mean(down ? spot.before.map(({ from }) => from.at) : spot.after.map(({ to }) => to.at)) ?? spot.at]));
      row.sort((a, b) => (middle.get(a) ?? 0) - (middle.get(b) ?? 0));
      number();
    }
    const now = crossings(rows);
    if (now >= fewest) continue;
    fewest = now;
    best = rows.map(row => [...row]);
  }
  rows.forEach((row, n) => row.splice(0, row.length, ...(best[n] ?? [])));
  number();
}

function crossings(rows: Spot[][]): number {
  let found = 0;
  for (const row of rows) {
    const links = row.flatMap(({ after }) => after);
    links.forEach((a, n) => {
      for (const b of links.slice(n + 1)) if ((a.from.at - b.from.at) * (a.to.at - b.to.at) < 0) found += 1;
    });
  }
  return found;
}

/** Across: each spot as near to the middle of its neighbours as its layer's order allows. Answers the whole extent. */
function placed(rows: Spot[][]): number {
  rows.forEach(row => settle(row, () => 0));
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    for (const row of rows) settle(row, spot => mean(spot.before.map(({ from }) => from.at)) ?? spot.at);
    for (const row of [...rows].reverse()) settle(row, spot => mean(spot.after.map(({ to }) => to.at)) ?? spot.at);
  }
  const all = rows.flat();
  const least = Math.min(0, ...all.map(({ at, size }) => at - size / 2));
  all.forEach(spot => (spot.at -= least));
  return Math.max(0, ...all.map(({ at, size }) => at + size / 2));
}

/** The nearest places to the wished ones without changing the order: spots that meet move on as one block. */
function settle(row: Spot[], wish: (spot: Spot) => number): void {
  let offset = 0;
  const offsets = row.map((spot, n) => {
    const before = row[n - 1];
    if (before) offset += (before.size + spot.size) / 2 + SPACE;
    return offset;
  });
  const blocks: { at: number; spots: number }[] = [];
  row.forEach((spot, n) => {
    let block = { at: wish(spot) - (offsets[n] ?? 0), spots: 1 };
    for (let last = blocks.at(-1); last && last.at > block.at; last = blocks.at(-1)) {
      const spots = last.spots + block.spots;
      block = { at: (last.at * last.spots + block.at * block.spots) / spots, spots };
      blocks.pop();
    }
    blocks.push(block);
  });
  const settled = blocks.flatMap(({ at, spots }) => Array.from({ length: spots }, () => at));
  row.forEach((spot, n) => (spot.at = (settled[n] ?? 0) + (offsets[n] ?? 0)));
}

const slotOf = ({ last }: Link, sizes: Sizes) => (last ? sizes.slot(last.edge) : { cross: PASSING, before: 0 });

/** Where a line comes in: the slots stand in the order in which the lines come. */
function entering(link: Link, sizes: Sizes): number {
  const { to } = link;
  if (to.id === null) return to.at;
  const slots = [...to.before].sort((a, b) => a.from.at - b.from.at);
  // What the node is wider than its slots is shared among them.
  const more = (to.size - sum(slots.map(slot => slotOf(slot, sizes).cross))) / slots.length;
  const earlier = slots.slice(0, slots.indexOf(link));
  const { cross, before } = slotOf(link, sizes);
  return to.at - to.size / 2 + sum(earlier.map(slot => slotOf(slot, sizes).cross + more)) + Math.max((cross + more) / 2, before);
}

/** Where a line goes out: spread over the side of the node. */
function leaving(link: Link): number {
  const { from } = link;
  if (from.id === null) return from.at;
  const outs = [...from.after].sort((a, b) => a.to.at - b.to.at);
  return from.at + from.size * ((outs.indexOf(link) + 1) / (outs.length + 1) - 0.5);
}

const sum = (numbers: number[]): number => numbers.reduce((all, n) => all + n, 0);
const mean = (numbers: number[]): number | undefined => (numbers.length > 0 ? sum(numbers) / numbers.length : undefined);
