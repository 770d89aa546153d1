import { type ComponentChildren, Fragment } from 'preact';
import type { Direction } from '../session/types';

type Props<E> = { titles: Record<Direction, string>; exposures: readonly E[]; row: (exposure: E) => ComponentChildren };

/** What may come in and what may go out. */
export function BothWays<E extends { direction: Direction }>({ titles, exposures, row }: Props<E>) {
  return (
    <>
      {(['ingress', 'egress'] as const).map(way => {
        const here = exposures.filter(({ direction }) => direction === way);
        return (
          <section key={way}>
            <h4>{titles[way]}</h4>
            {here.length === 0 ? (
              <p class="quiet">Nothing.</p>
            ) : (
              <ul class="exposures">
                {here.map((exposure, n) => (
                  <Fragment key={n}>{row(exposure)}</Fragment>
                ))}
              </ul>
            )}
          </section>
        );
      })}
    </>
  );
}
