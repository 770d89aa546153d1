import type { Chain } from '../chapter';
import type { Drawn, Sized } from './figure';

const WIDE = 660;
const [BOX, HIGH, GAP] = [124, 52, 36];

/** Machines behind each other: side by side, or one below the other. */
export function ChainPicture({ of: { links }, width }: Drawn<Chain>): Sized {
  const across = width >= WIDE;
  const gap = across ? (width - 2 - BOX * links.length) / (links.length - 1) : GAP;
  const height = across ? HIGH + 2 : HIGH * links.length + GAP * (links.length - 1) + 2;
  const wide = across ? BOX : Math.min(240, width - 2);
  return {
    height,
    children: links.map(({ name, note, way, taken, reached }, n) => {
      const x = across ? 1 + n * (BOX + gap) : (width - wide) / 2;
      const y = across ? 1 : 1 + n * (HIGH + GAP);
      const state = taken ? 'intruder is here' : reached ? 'tried next' : note;
      return (
        <g key={name} class={taken ? 'v-dangerous' : reached ? 'v-caution' : 'v-none'}>
          {way && across && (
            <>
              <path class="edge-line" d={`M${x - gap + 4} ${HIGH / 2 + 1}h${gap - 12}`} />
              <path class="edge-tip" d={`M${x - 2} ${HIGH / 2 + 1}l-8 -4v8z`} />
              <text class="anchor-middle" x={x - gap / 2 - 2} y={HIGH / 2 - 6}>
                {way}
              </text>
            </>
          )}
          {way && !across && (
            <>
              <path class="edge-line" d={`M${width / 2} ${y - GAP + 4}v${GAP - 12}`} />
              <path class="edge-tip" d={`M${width / 2} ${y - 2}l-4 -8h8z`} />
              <text x={width / 2 + 12} y={y - GAP / 2 + 4}>
                {way}
              </text>
            </>
          )}
          <rect class="node-box" x={x} y={y} width={wide} height={HIGH} rx={n === 0 ? HIGH / 2 : 6} stroke-dasharray={reached ? '5 4' : undefined} />
          <text class="picture-title anchor-middle" x={x + wide / 2} y={y + 22}>
            {name}
          </text>
          <text class={`anchor-middle ${taken || reached ? 'node-verdict' : 'picture-small'}`} x={x + wide / 2} y={y + 40}>
            {state}
          </text>
        </g>
      );
    }),
  };
}
