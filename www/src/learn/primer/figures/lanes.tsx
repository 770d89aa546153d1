import { textWidth } from '../../../views/picture-text';
import type { Lane, Lanes } from '../chapter';
import type { Drawn, Sized } from './figure';

const HEAD = 34;
const ROW = 42;
const TIP = 8;
/** What stands above a wall. */
const ABOVE = 20;

/** Two machines, and a packet in each row between them. */
export function LanesPicture({ of: { left, right, wall, lanes }, width }: Drawn<Lanes>): Sized {
  const side = (name: string) => Math.max(90, textWidth(name, 13, 600) + 16);
  const [from, to] = [side(left), width - side(right)];
  const top = wall ? ABOVE : 0;
  const height = top + HEAD + ROW * lanes.length + 2;
  const middle = Math.round((from + to) / 2);
  return {
    height,
    children: (
      <>
        {wall && (
          <>
            <text class="picture-small anchor-middle" x={middle} y={14}>
              {wall}
            </text>
            <path class="fig-wall" d={`M${middle} ${top}V${height}`} />
          </>
        )}
        {[
          { name: left, x: 1, wide: from - 1 },
          { name: right, x: to, wide: width - to - 1 },
        ].map(({ name, x, wide }) => (
          <g key={x}>
            <rect class="fig-box" x={x} y={top + 1} width={wide} height={height - top - 2} rx={6} />
            <text class="picture-title anchor-middle" x={x + wide / 2} y={top + 22}>
              {name}
            </text>
          </g>
        ))}
        {lanes.map((lane, n) => (
          <Row key={n} lane={lane} y={top + HEAD + ROW * n + ROW / 2} from={from} to={to} middle={wall ? middle : null} />
        ))}
      </>
    ),
  };
}

function Row({ lane: { left, right, says, back, stopped }, y, from, to, middle }: { lane: Lane; y: number; from: number; to: number; middle: number | null }) {
  const way = back ? -1 : 1;
  const [start, end] = back ? [to - 4, from + 4] : [from + 4, to - 4];
  const stop = stopped && middle !== null ? middle - 12 * way : end;
  const wide = textWidth(says, 12) + 8;
  // On its own side of the wall where that has room.
  const side = middle === null ? 0 : (middle - from) / 2;
  const label = (from + to) / 2 - (side > wide / 2 + 8 ? side * way : 0);
  return (
    <>
      <text class="fig-code anchor-end" x={from - 8} y={y + 4}>
        {left}
      </text>
      <text class="fig-code" x={to + 8} y={y + 4}>
        {right}
      </text>
      {middle !== null && !stopped && <path class="fig-gap" d={`M${middle} ${y - 7}v14`} />}
      <path class="edge-line" d={`M${start} ${y}H${stop}`} stroke-dasharray={stopped ? '5 4' : undefined} />
      {stopped ? <path class="fig-cross" d={`M${stop - 5} ${y - 5}l10 10m0-10l-10 10`} /> : <path class="edge-tip" d={`M${end} ${y}l${-TIP * way} -4v8z`} />}
      <rect class="picture-ground" x={label - wide / 2} y={y - 21} width={wide} height={15} />
      <text class="anchor-middle" x={label} y={y - 9}>
        {says}
      </text>
    </>
  );
}
