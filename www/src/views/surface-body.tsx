import type { At, Closed, Surface } from '../session/types';
import { VerdictLabel } from '../ui/mark';
import { PlaceButton } from '../ui/place-button';
import { Prose } from '../ui/prose';
import { sentence, services } from '../words';
import { closedWords, depthWords } from './picture-words';
import { portWords } from './ports';

/** What passes all layers of an interface, and what only other layers than its own keep out. */
export function SurfaceBody({ surface }: { surface: Surface }) {
  const ways = [
    { direction: 'ingress', title: 'What gets through every layer' },
    { direction: 'egress', title: 'What may go out through every layer' },
  ] as const;
  return (
    <div class="policy-body">
      {ways.map(({ direction, title }) => {
        const exposures = surface.exposures.filter(exposure => exposure.direction === direction);
        return (
          <section key={direction}>
            <h4>{title}</h4>
            {exposures.length === 0 ? (
              <p class="quiet">Nothing.</p>
            ) : (
              <ul class="exposures">
                {exposures.map((exposure, n) => (
                  <Through key={n} exposure={exposure} lines={surface.lines} />
                ))}
              </ul>
            )}
          </section>
        );
      })}
      {surface.closed.length > 0 && (
        <section>
          <h4>Open by its own policies, closed by another layer</h4>
          <ul class="exposures">
            {surface.closed.map((closed, n) => (
              <Kept key={n} closed={closed} lines={surface.lines} />
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

type Lines = Surface['lines'];

function Through({ exposure, lines }: { exposure: Surface['exposures'][number]; lines: Lines }) {
  const out = exposure.direction === 'egress';
  return (
    <li class="exposure">
      <VerdictLabel verdict={exposure.verdict} />
      <p>
        <span class="port">{portWords(exposure)}</span>
        {exposure.services.length > 0 && ` (${services(exposure.services)})`} {out ? 'to' : 'from'} {exposure.reach_text}. <span class="because">{!out && sentence(depthWords(exposure.depth))} {sentence(exposure.because)}</span>
      </p>
      <Places places={exposure.decided_by.flatMap(line => lines[line]?.at ?? [])} />
    </li>
  );
}

function Kept({ closed, lines }: { closed: Closed; lines: Lines }) {
  const opened = closed.admitted_by.flatMap(line => lines[line]?.at ?? []);
  const shut = closed.closed_by.flatMap(({ line }) => (line === null ? [] : (lines[line]?.at ?? [])));
  return (
    <li class="exposure" data-only={closed.closed_by.length === 1}>
      <span class="if-open">
        <span class="way">If open:</span> <VerdictLabel verdict={closed.verdict} />
      </span>
      <p>
        <Prose text={sentence(closed.message)} /> <span class="because">{sentence(closedWords(closed.closed_by.length))}</span>
      </p>
      <div class="kept">
        {opened.length > 0 && <Places places={opened} title="Opened at" />}
        {shut.length > 0 && <Places places={shut} title="Closed at" />}
      </div>
    </li>
  );
}

function Places({ places, title }: { places: At[]; title?: string }) {
  const distinct = places.filter((at, n) => places.findIndex(other => other.line === at.line && other.document === at.document) === n);
  return (
    <p class="places">
      {title && <span class="way">{title}</span>}
      {distinct.map((at, n) => (
        <PlaceButton key={n} at={at} />
      ))}
    </p>
  );
}
