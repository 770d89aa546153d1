import type { Verdict } from '../session/types';
import { verdictWord } from '../words';
import { shapeOf } from './shapes';

/** A verdict's shape. The word stands beside it, so the picture itself is silent. */
export function VerdictMark({ verdict, size = 16 }: { verdict: Verdict | null; size?: number }) {
  return (
    <svg class={`mark v-${verdict ?? 'none'}`} width={size} height={size} viewBox="0 0 16 16" aria-hidden="true">
      <VerdictShape verdict={verdict} />
    </svg>
  );
}

/** The shape as a part of a larger picture, 16 by 16. */
export function VerdictShape({ verdict, x = 0, y = 0 }: { verdict: Verdict | null; x?: number; y?: number }) {
  const { body, sign } = shapeOf(verdict);
  return (
    <g transform={x || y ? `translate(${x} ${y})` : undefined}>
      {body && <path class="mark-body" d={body} />}
      <path class={body ? 'mark-sign' : 'mark-ring'} d={sign} />
    </g>
  );
}

/** Shape, word and colour together. */
export function VerdictLabel({ verdict }: { verdict: Verdict | null }) {
  return (
    <span class={`verdict v-${verdict ?? 'none'}`}>
      <VerdictMark verdict={verdict} />
      {verdictWord(verdict)}
    </span>
  );
}
