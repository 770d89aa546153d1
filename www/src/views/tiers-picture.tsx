import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useApp } from '../app/context';
import type { PolicySummary } from '../session/types';
import { VerdictShape } from '../ui/mark';
import { verdictWord } from '../words';
import type { Room } from './picture';
import { fitted, textWidth } from './picture-text';
import { nodeWords, shortName, trafficWords } from './picture-words';
import { INTERNET, type Edge, type Graph } from './tiers-graph';
import { layout, type Box, type Layout, type Route, type Sizes } from './tiers-layout';

type Names = ReadonlyMap<number, PolicySummary> | undefined;
type Props = { title: string; graph: Graph; names: Names; room: Room };
type Point = { x: number; y: number };

/** The longest name and the longest label that are drawn in full, in pixels. */
const NAME = 170;
const LABEL = 130;
/** A line of text in a node, and the room for an edge's end beside another one. */
const LINE = 18;
const SLOT = 22;
/** As far as letters may shrink; what fingers touch does not. */
const SMALLEST = 0.9;

/** The graph itself. One node has the focus at a time; arrow keys move to the next one in their direction. */
export function TiersPicture({ title, graph, names, room }: Props) {
  const app = useApp();
  const [current, setCurrent] = useState(INTERNET);
  const drawing = useRef<SVGSVGElement>(null);
  const { laid, across, scale } = fitting(graph, names, room);
  const [width, height] = across ? [laid.mainSize, laid.crossSize] : [laid.crossSize, laid.mainSize];
  const at = (main: number, cross: number): Point => (across ? { x: main, y: cross } : { x: cross, y: main });
  const boxes = [...laid.boxes].sort((a, b) => a.layer - b.layer || a.cross - b.cross);
  const stop = boxes.find(({ id }) => id === current) ?? boxes[0];
  const open = (id: number) => id !== INTERNET && void app.lists.openPolicy(id);
  const keys = (event: KeyboardEvent) => {
    const press = event.key === 'Enter' || event.key === ' ';
    const next = stop && toward(boxes, stop, event.key, across);
    if (press && stop) open(stop.id);
    if (next) drawing.current?.querySelectorAll<SVGGElement>('.node')[boxes.indexOf(next)]?.focus();
    if (press || next) event.preventDefault();
  };
  // Where it is wider than its frame, it is first seen at the internet.
  const start = boxes[0] && at(boxes[0].main, boxes[0].cross).x * scale;
  useLayoutEffect(() => {
    const frame = drawing.current?.parentElement;
    if (frame && start !== undefined) frame.scrollLeft = start - frame.clientWidth / 3;
  }, [start]);
  const [wide, high] = [Math.ceil(width) + 4, Math.ceil(height) + 4];
  return (
    <div class="picture-scroll">
      <svg class="picture" ref={drawing} width={wide * scale} height={high * scale} viewBox={`-2 -2 ${wide} ${high}`} role="group" aria-label={title} onKeyDown={keys}>
        {laid.routes.map(route => (
          <Line key={`${route.edge.from} ${route.edge.to}`} route={route} at={at} across={across} />
        ))}
        {boxes.map(box => (
          <NodeShape key={box.id} box={box} at={at} across={across} graph={graph} names={names} stop={box === stop} tell={() => setCurrent(box.id)} press={() => open(box.id)} />
        ))}
      </svg>
    </div>
  );
}

/** From left to right where that has room, a little smaller if that helps, else from top to bottom. */
function fitting(graph: Graph, names: Names, { width, touch }: Room): { laid: Layout; across: boolean; scale: number } {
  const across = layout(graph, sizesOf(graph, names, true));
  const scale = Math.min(1, width / (across.mainSize + 4));
  const smallest = touch ? 1 : SMALLEST;
  if (scale >= smallest) return { laid: across, across: true, scale };
  const down = layout(graph, sizesOf(graph, names, false));
  if (down.crossSize >= across.mainSize) return { laid: across, across: true, scale: 1 };
  return { laid: down, across: false, scale: Math.max(smallest, Math.min(1, width / (down.crossSize + 4))) };
}

function sizesOf(graph: Graph, names: Names, across: boolean): Sizes {
  return {
    node: id => {
      const lines = linesOf(id, graph, names);
      const width = (id === INTERNET ? 24 : 42) + Math.max(...lines.map((line, n) => textWidth(line, n === 0 ? 13 : 12, 600)));
      const height = 46;
      return across ? { main: width, cross: height } : { main: height, cross: width };
    },
    slot: edge => {
      const width = textWidth(labelOf(edge), 12);
      return across ? { main: width + 14, cross: SLOT, before: SLOT - 5 } : { main: 26, cross: width + 18, before: width + 12 };
    },
  };
}

const labelOf = ({ services }: Edge): string => fitted(trafficWords(services), 12, LABEL);

/** Name and verdict. */
function linesOf(id: number, { stores }: Graph, names: Names): string[] {
  if (id === INTERNET) return [shortName(names, null)];
  const policy = names?.get(id);
  return [fitted(shortName(names, id), 13, NAME, 600), `${verdictWord(policy?.verdict ?? null)}${stores.has(id) ? ', data' : ''}`];
}

function Line({ route: { edge, back, points }, at, across }: { route: Route; at: (main: number, cross: number) => Point; across: boolean }) {
  const said = (main: number, cross: number) => {
    const { x, y } = at(main, cross);
    return `${round(x)} ${round(y)}`;
  };
  const path = points.map(({ main, cross }, n) => {
    const before = points[n - 1];
    if (!before) return `M${said(main, cross)}`;
    if (n % 3 !== 1) return `L${said(main, cross)}`;
    const middle = (before.main + main) / 2;
    return `C${said(middle, before.cross)} ${said(middle, cross)} ${said(main, cross)}`;
  });
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return null;
  const tip = back ? first : last;
  const tail = back ? 7 : -7;
  const label = at(last.main, last.cross);
  return (
    <g class="edge" data-from={edge.from} data-to={edge.to} data-back={back} aria-hidden="true">
      <path class="edge-line" d={path.join('')} stroke-dasharray={back ? '5 4' : undefined} />
      <path class="edge-tip" d={`M${said(tip.main, tip.cross)}L${said(tip.main + tail, tip.cross - 4)}L${said(tip.main + tail, tip.cross + 4)}z`} />
      <text class="picture-small" x={round(label.x - (across ? 10 : 6))} y={round(across ? label.y - 5 : label.y - 11)} text-anchor="end">
        {labelOf(edge)}
      </text>
    </g>
  );
}

type NodeProps = { box: Box; at: (main: number, cross: number) => Point; across: boolean; graph: Graph; names: Names; stop: boolean; tell: () => void; press: () => void };

function NodeShape({ box, at, across, graph, names, stop, tell, press }: NodeProps) {
  const { id, mainSize, crossSize } = box;
  const { x, y } = at(box.main, box.cross);
  const [width, height] = across ? [mainSize, crossSize] : [crossSize, mainSize];
  const verdict = names?.get(id)?.verdict ?? null;
  const lines = linesOf(id, graph, names);
  const top = round(y + height / 2 - (LINE * lines.length) / 2);
  const internet = id === INTERNET;
  return (
    <g class={`node v-${internet ? 'none' : (verdict ?? 'none')}`} role={internet ? 'img' : 'button'} tabindex={stop ? 0 : -1} aria-label={nodeWords(id, graph, names)} data-policy={id} data-verdict={verdict} onClick={press} onFocus={tell}>
      <rect class="node-box" x={round(x)} y={round(y)} width={round(width)} height={round(height)} rx={internet ? 20 : 6} />
      {!internet && <VerdictShape verdict={verdict} x={round(x) + 10} y={top + 1} />}
      {lines.map((line, n) => [
        // Without the space the two would be read as one word.
        ' ',
        <text key={n} class={n === 0 ? 'picture-title' : 'node-verdict'} x={internet ? round(x + width / 2) : round(x) + 32} y={top + LINE * n + 14} text-anchor={internet ? 'middle' : 'start'}>
          {line}
        </text>,
      ])}
    </g>
  );
}

/** The nearest node in the direction of an arrow key. */
function toward(boxes: Box[], from: Box, key: string, across: boolean): Box | undefined {
  const way = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[key];
  if (key === 'Home') return boxes[0];
  if (key === 'End') return boxes.at(-1);
  const [dx = 0, dy = 0] = way ?? [];
  const [along, aside] = across ? [dx, dy] : [dy, dx];
  const middle = ({ cross, crossSize }: Box) => cross + crossSize / 2;
  const distance = (box: Box) => Math.abs(box.layer - from.layer) * 1000 + Math.abs(middle(box) - middle(from));
  const there = boxes.filter(box => (along ? (box.layer - from.layer) * along > 0 : box.layer === from.layer && (middle(box) - middle(from)) * aside > 0));
  return there.sort((a, b) => distance(a) - distance(b))[0];
}

const round = (n: number): number => Math.round(n * 10) / 10;
