import type { Anatomy } from '../chapter';
import type { Drawn, Sized } from './figure';
import { LINE, Lines, wrapped } from './text';

/** The widest letters, and how wide a letter of a fixed width is for its height. */
const LARGEST = 18;
const WIDTH = 0.602;
const TEXT = 30;

/** A line of text; numbers lead from its parts to what they mean. */
export function AnatomyPicture({ of: { parts }, width }: Drawn<Anatomy>): Sized {
  const letters = parts.reduce((sum, [text]) => sum + text.length, 0);
  const letter = Math.min(LARGEST * WIDTH, (width - 4) / letters);
  const size = letter / WIDTH;
  let [x, n, y] = [2, 0, 84];
  const drawn = parts.map(([text, means]) => {
    const [start, wide] = [x, text.length * letter];
    x += wide;
    if (means === undefined) return { text, start, wide, told: null };
    const told = { n: ++n, y, lines: wrapped(means, 13, width - TEXT) };
    y += LINE * told.lines.length + 10;
    return { text, start, wide, told };
  });
  return {
    height: y - 8,
    children: drawn.map(({ text, start, wide, told }) => (
      <g key={start}>
        {text.trim() && (
          <text class={told ? 'fig-code fig-part' : 'fig-code picture-small'} style={{ fontSize: `${size}px` }} x={start} y={24} textLength={wide} lengthAdjust="spacingAndGlyphs">
            {text}
          </text>
        )}
        {told && (
          <>
            <path class="fig-line" d={`M${start + 1} 32h${wide - 2}M${start + wide / 2} 32v8`} />
            <Numbered n={told.n} x={start + wide / 2} y={50} />
            <Numbered n={told.n} x={10} y={told.y - 4} />
            <Lines class="fig-text" lines={told.lines} x={TEXT} y={told.y} />
          </>
        )}
      </g>
    )),
  };
}

/** A number in a ring, for what stands elsewhere. */
export function Numbered({ n, x, y }: { n: number; x: number; y: number }) {
  return (
    <>
      <circle class="fig-ring" cx={x} cy={y} r={9} />
      <text class="fig-number anchor-middle" x={x} y={y + 4}>
        {n}
      </text>
    </>
  );
}
