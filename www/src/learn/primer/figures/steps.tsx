import { VerdictShape } from '../../../ui/mark';
import { textWidth } from '../../../views/picture-text';
import type { Steps } from '../chapter';
import { Numbered } from './anatomy';
import type { Drawn, Sized } from './figure';
import { LINE, Lines, wrapped } from './text';

const START = 32;
/** From here on a step has its two texts side by side. */
const ASIDE = 480;

/** One step below the other. */
export function StepsPicture({ of: { steps }, width }: Drawn<Steps>): Sized {
  const aside = width >= ASIDE ? Math.max(...steps.map(({ when }) => textWidth(when, 13, 600))) + 16 : 0;
  let y = 16;
  const drawn = steps.map(step => {
    const lines = wrapped(step.what, 13, width - START - aside);
    const at = y;
    y += LINE * (lines.length + (aside ? 0 : 1)) + 12;
    return { ...step, lines, at };
  });
  return {
    height: y - 14,
    children: (
      <>
        <path class="picture-rule" d={`M10 ${drawn[0]?.at ?? 0}V${drawn.at(-1)?.at ?? 0}`} />
        {drawn.map(({ when, lines, bad, at }, n) => (
          <g key={when} class={bad ? 'v-dangerous' : undefined}>
            {bad ? (
              <>
                <rect class="picture-ground" x={0} y={at - 14} width={20} height={20} />
                <VerdictShape verdict="dangerous" x={2} y={at - 12} />
              </>
            ) : (
              <Numbered n={n + 1} x={10} y={at - 4} />
            )}
            <text class="picture-title" x={START} y={at}>
              {when}
            </text>
            <Lines class="fig-text" lines={lines} x={START + aside} y={aside ? at : at + LINE} />
          </g>
        ))}
      </>
    ),
  };
}
