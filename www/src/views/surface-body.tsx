import type { Closed, Surface } from '../session/types';
import { VerdictLabel } from '../ui/mark';
import { Places } from '../ui/place-button';
import { Prose } from '../ui/prose';
import { sentence, services } from '../words';
import { BothWays } from './both-ways';
import { closedWords, depthWords } from './picture-words';
import { portWords } from './ports';

const WAYS = { ingress: 'What gets through every layer', egress: 'What may go out through every layer' } as const;

/** What passes all layers of an interface, and what only other layers than its own keep out. */
export function SurfaceBody({ surface }: { surface: Surface }) {
  return (
    <div class="policy-body">
      <BothWays titles={WAYS} exposures={surface.exposures} row={exposure => <Through exposure={exposure} lines={surface.lines} />} />
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
