// One silhouette per verdict, so that colour never stands alone. Drawn on 16 by 16; `body` is filled with the verdict's
// colour, `sign` is stroked on top of it.
import type { Verdict } from '../session/types';

export type Shape = { body: string; sign: string };

export const SHAPES: Record<Verdict, Shape> = {
  // An octagon, as a stop sign.
  dangerous: { body: 'M5.1.9h5.8L15.1 5.1v5.8l-4.2 4.2H5.1L.9 10.9V5.1z', sign: 'M8 4.2v4.4M8 11.5v.3' },
  // A disc with a question mark.
  unknown: { body: 'M8 .8a7.2 7.2 0 1 1 0 14.4A7.2 7.2 0 0 1 8 .8z', sign: 'M5.9 6.1a2.15 2.15 0 1 1 3.3 1.9c-.8.5-1.2.9-1.2 1.6M8 11.9v.2' },
  // A triangle, as a warning sign.
  caution: { body: 'M8 1.2c.4 0 .7.2.9.5l6.3 11.3c.4.7-.1 1.6-.9 1.6H1.7c-.8 0-1.3-.9-.9-1.6L7.1 1.7c.2-.3.5-.5.9-.5z', sign: 'M8 6v3.5M8 12v.2' },
  // A shield with a check.
  secure: { body: 'M8 .7 14 2.7v4.7c0 3.7-2.4 6.4-6 7.9-3.6-1.5-6-4.2-6-7.9V2.7z', sign: 'm5.2 7.7 2.1 2.1 3.6-4' },
};

/** A rule that admits nothing: a ring, empty. */
export const NOTHING: Shape = { body: '', sign: 'M8 2.2a5.8 5.8 0 1 1 0 11.6A5.8 5.8 0 0 1 8 2.2zM5.2 8h5.6' };

export const shapeOf = (verdict: Verdict | null): Shape => (verdict ? SHAPES[verdict] : NOTHING);
