import { useRef, useState } from 'preact/hooks';
import { useApp } from '../app/context';
import { VerdictLabel, VerdictShape } from '../ui/mark';
import { PlaceButton } from '../ui/place-button';
import { count, number } from '../words';
import { BAR, plan, type Bar, type Placed, type Plan } from './map-bars';
import type { Room } from './picture';
import { fitted } from './picture-text';
import { barWords, openWords, REACH_WORDS, rowPolicy, whoWords } from './picture-words';

type Props = { title: string; bars: Bar[]; room: Room };

/** The map itself. One bar has the focus at a time; arrow keys move between them. */
export function MapPicture({ title, bars, room }: Props) {
  const app = useApp();
  const [current, setCurrent] = useState<string | null>(null);
  const drawing = useRef<SVGSVGElement>(null);
  const drawn = plan(bars, room.width, room.touch ? 44 : 26);
  const { items } = drawn;
  const told = items.find(({ bar }) => keyOf(bar) === current);
  const stop = told ?? items[0];
  const press = ({ first }: Bar) => {
    const [at] = first.places;
    if (at) app.selection.jump(at, null);
    else void app.lists.openPolicy(first.policy);
  };
  const keys = (event: KeyboardEvent) => {
    if (!stop) return;
    if (event.key === 'Enter' || event.key === ' ') press(stop.bar);
    const next = moved(items, stop, event.key);
    if (next) drawing.current?.querySelectorAll<SVGGElement>('.bar')[items.indexOf(next)]?.focus();
    if (next || event.key === 'Enter' || event.key === ' ') event.preventDefault();
  };
  return (
    <>
      <svg class="picture" ref={drawing} width={drawn.width} height={drawn.height} viewBox={`0 0 ${drawn.width} ${drawn.height}`} role="group" aria-label={title} onKeyDown={keys}>
        <Scale plan={drawn} />
        {items.map(item => (
          <BarShape key={keyOf(item.bar)} item={item} lane={drawn.lane} stop={item === stop} told={item === told} tell={() => setCurrent(keyOf(item.bar))} press={() => press(item.bar)} />
        ))}
      </svg>
      <Told bar={told?.bar ?? null} touch={room.touch} />
    </>
  );
}

const keyOf = ({ first }: Bar): string => [first.direction, first.reach, first.protocol, first.ports, first.icmp, first.verdict].join();

/** The bar an arrow key leads to: along the lane and on to the next, or to the nearest one above or below. */
function moved(items: Placed[], from: Placed, key: string): Placed | undefined {
  const here = items.indexOf(from);
  const middle = ({ x, width }: Placed) => x + width / 2;
  const nearest = (lane: number | undefined) => items.filter(({ y }) => y === lane).sort((a, b) => Math.abs(middle(a) - middle(from)) - Math.abs(middle(b) - middle(from)))[0];
  switch (key) {
    case 'ArrowRight':
      return items[here + 1];
    case 'ArrowLeft':
      return items[here - 1];
    case 'ArrowDown':
      return nearest(items.find(({ y }) => y > from.y)?.y);
    case 'ArrowUp':
      return nearest(items.findLast(({ y }) => y < from.y)?.y);
    case 'Home':
      return items[0];
    case 'End':
      return items[items.length - 1];
  }
  return undefined;
}

/** The ranges with their ticks, and who can reach: everything that is no bar. It says nothing that the bars don't. */
function Scale({ plan: { axis, height, width, top, lane, bands } }: { plan: Plan }) {
  return (
    <g aria-hidden="true">
      {axis.ranges.map(range => (
        <g key={range.title}>
          <rect class="picture-ground" x={range.x} y={top} width={range.width} height={Math.max(0, height - top)} />
          <text class="picture-title" x={range.x} y={14}>
            {range.title}
          </text>
        </g>
      ))}
      {axis.ticks.map(({ port, x, anchor }) => (
        <g key={port} class={`anchor-${anchor}`}>
          <path class="picture-grid" d={`M${x} ${top - 6}V${height}`} />
          <text class="picture-small" x={x} y={top - 12}>
            {port}
          </text>
        </g>
      ))}
      {bands.map(({ reach, y, lanes }) => (
        <g key={reach}>
          <path class="picture-rule" d={`M0 ${y + 0.5}H${width}`} />
          <rect class="picture-sheet" x={0} y={y + 1} width={width} height={24} />
          <text class="picture-title" x={0} y={y + 18}>
            {REACH_WORDS[reach]}
          </text>
          {lanes.map(({ label, y, height, scaled }) => (
            <g key={label}>
              {!scaled && <rect class="picture-sheet" x={0} y={y} width={width} height={height} />}
              <text class="picture-small" x={0} y={y + lane / 2 + 4}>
                {fitted(label, 12, 40)}
              </text>
            </g>
          ))}
        </g>
      ))}
    </g>
  );
}

type BarProps = { item: Placed; lane: number; stop: boolean; told: boolean; tell: () => void; press: () => void };

function BarShape({ item: { bar, x, y, width, label, labelX, labelWidth }, lane, stop, told, tell, press }: BarProps) {
  const { verdict } = bar.first;
  const right = Math.max(x + width, labelX + labelWidth);
  return (
    <g class={`bar v-${verdict}`} role="button" tabindex={stop ? 0 : -1} aria-label={barWords(bar.rows)} data-verdict={verdict} data-told={told} onClick={press} onFocus={tell} onPointerEnter={tell}>
      <rect class="screen bar-press" x={Math.min(x, labelX) - 3} y={y - lane / 2 + 1} width={right - Math.min(x, labelX) + 6} height={lane - 2} rx={6} />
      {width > BAR && <rect class="bar-span" x={x} y={y - BAR / 2} width={width} height={BAR} rx={BAR / 2} />}
      <VerdictShape verdict={verdict} x={x} y={y - BAR / 2} />
      <text class="picture-text" x={labelX} y={y + 4}>
        {label}
      </text>
    </g>
  );
}

/** What the bar under the pointer or the focus is. It has its room from the start, so nothing moves. */
function Told({ bar, touch }: { bar: Bar | null; touch: boolean }) {
  const app = useApp();
  if (!bar) return <p class="picture-told quiet">{touch ? 'Touch a bar to see what it is, and the line that decides.' : 'Point at a bar to see what it is. Arrow keys move between bars; Enter shows the line that decides.'}</p>;
  const { first, rows } = bar;
  return (
    <div class="picture-told">
      <p>
        <VerdictLabel verdict={first.verdict} /> <span class="port">{openWords(first)}</span> {whoWords(rows)}
      </p>
      <p class="finding-meta">
        <button type="button" class="link" onClick={() => app.lists.openPolicy(first.policy)}>
          {rowPolicy(first)}
        </button>
        {rows.length > 1 && <span>and {count(rows.length - 1, 'more row')}</span>}
        {first.places.slice(0, 4).map((at, n) => (
          <PlaceButton key={n} at={at} />
        ))}
        {first.places.length > 4 && <span>{number(first.places.length - 4)} more lines</span>}
      </p>
    </div>
  );
}
