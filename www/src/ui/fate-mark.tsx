import type { Fate } from '../session/types';
import type { Standing } from '../ask-words';

// What becomes of a packet is neither good nor bad by itself, so these have shapes and no verdict's colour.
const FATES: Record<Fate, string> = {
  // An arrow through a gate.
  allowed: 'M1.5 8h12M10 4.5 13.5 8 10 11.5M7 1.5v3M7 11.5v3',
  // An arrow up to a wall.
  denied: 'M1.5 8h7M5.5 4.8 8.7 8l-3.2 3.2M12.5 1.8v12.4',
  // One arrow passes a wall, one does not.
  partly: 'M1.5 4.5h12M10.8 1.8l2.7 2.7-2.7 2.7M1.5 11.5h6M5.3 9.3l2.2 2.2-2.2 2.2M11 9v5.5',
  unknown: 'M5.6 5.9a2.45 2.45 0 1 1 3.7 2.1c-.9.6-1.3 1-1.3 1.8M8 12.6v.3M8 1.2a6.8 6.8 0 1 1 0 13.6A6.8 6.8 0 0 1 8 1.2z',
};

const STANDINGS: Record<Standing, string> = {
  kept: 'm3 8.5 3.3 3.3L13 4.5',
  broken: 'm3.5 3.5 9 9M12.5 3.5l-9 9',
  lost: FATES.unknown,
};

/** The word stands beside it, so the picture itself is silent. */
const Mark = ({ path, size }: { path: string; size: number }) => (
  <svg class="fate" width={size} height={size} viewBox="0 0 16 16" aria-hidden="true">
    <path d={path} />
  </svg>
);

export const FateMark = ({ fate, size = 16 }: { fate: Fate; size?: number }) => <Mark path={FATES[fate]} size={size} />;
export const StandingMark = ({ standing }: { standing: Standing }) => <Mark path={STANDINGS[standing]} size={14} />;

/** A star: filled while the answer is kept. */
export const Star = () => (
  <svg class="icon star" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
    <path d="m8 1.8 1.9 4 4.3.6-3.1 3 .7 4.3L8 11.6l-3.8 2.1.7-4.3-3.1-3 4.3-.6z" />
  </svg>
);
