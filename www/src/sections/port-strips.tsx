import { useRef, useState } from 'preact/hooks';
import type { CatalogEntry } from '../session/types';
import { severityHeight } from '../ui/severity';
import { SEVERITIES } from '../meanings';
import { number } from '../words';
import { bounds, type Range, RANGES } from './catalog-words';

type Props = { entries: readonly CatalogEntry[]; port: number | null; pick: (port: number) => void };

/** The three ranges of RFC 6335, each with the catalog's ports as ticks. The list below is the same in words. */
export function PortStrips(props: Props) {
  return (
    <div class="strips">
      {RANGES.map(range => (
        <Strip key={range.first} range={range} {...props} entries={props.entries.filter(entry => bounds(entry)[0] >= range.first && bounds(entry)[0] <= range.last)} />
      ))}
    </div>
  );
}

/** The inner width of a strip, whatever room it has. */
const WIDTH = 1000;
/** A pointer this near to a tick means the tick, in pixels. */
const NEAR = 8;

function Strip({ range, entries, port, pick }: Props & { range: Range }) {
  const { title, first, last, means } = range;
  const [over, setOver] = useState<number | null>(null);
  const field = useRef<HTMLDivElement>(null);
  const here = port !== null && port >= first && port <= last ? port : null;
  const known = [...new Set(entries.map(entry => bounds(entry)[0]))].sort((a, b) => a - b);
  const portAt = (event: MouseEvent): number => {
    const box = field.current?.getBoundingClientRect();
    if (!box) return first;
    const part = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    const away = (port: number) => Math.abs(range.at(port) - part) * box.width;
    const near = known.reduce((best, each) => (away(each) < away(best) ? each : best), first);
    return known.length > 0 && away(near) <= NEAR ? near : Math.round(range.portAt(part));
  };
  const step = (event: KeyboardEvent) => {
    const now = here ?? first - 1;
    const to = {
      ArrowRight: known.find(each => each > now),
      ArrowUp: known.find(each => each > now),
      ArrowLeft: known.findLast(each => each < now),
      ArrowDown: known.findLast(each => each < now),
      Home: known[0],
      End: known.at(-1),
    }[event.key];
    if (!event.key.startsWith('Arrow') && event.key !== 'Home' && event.key !== 'End') return;
    event.preventDefault();
    if (to !== undefined) pick(to);
  };
  const shown = over ?? here;
  const named = shown === null ? null : `${shown} ${nameAt(entries, shown)}`;
  return (
    <div class="strip">
      <p class="strip-title" aria-hidden="true">
        <span>
          <strong>{title}</strong> {number(first)} to {number(last)}
        </span>
        <span>{named ?? means}</span>
      </p>
      <div
        class="strip-field"
        ref={field}
        role="slider"
        tabIndex={0}
        aria-label={`${title}, ${first} to ${last}: ${means}`}
        aria-valuemin={first}
        aria-valuemax={last}
        aria-valuenow={here ?? first}
        aria-valuetext={here === null ? 'none chosen' : `${here} ${nameAt(entries, here)}`}
        onClick={event => pick(portAt(event))}
        onPointerMove={event => setOver(portAt(event))}
        onPointerLeave={() => setOver(null)}
        onKeyDown={step}
      >
        <svg viewBox={`0 0 ${WIDTH} 100`} preserveAspectRatio="none" aria-hidden="true">
          {SEVERITIES.map(severity => (
            <path key={severity} class={`tick sev-${severity}`} d={entries.filter(entry => entry.severity === severity).map(entry => tick(entry, range)).join('')} />
          ))}
          {shown !== null && <path class="strip-here" d={`M${WIDTH * range.at(shown)} 0V100`} />}
        </svg>
      </div>
    </div>
  );
}

/** A worse port stands taller, so that colour is not alone; a run of ports is as wide as it is. */
function tick(entry: CatalogEntry, range: Range): string {
  const [from, to] = bounds(entry).map(port => (WIDTH * range.at(Math.min(port, range.last))).toFixed(1));
  const top = 100 - 92 * severityHeight(entry.severity);
  return from === to ? `M${from} 100V${top}` : `M${from} 100V${top}H${to}V100`;
}

function nameAt(entries: readonly CatalogEntry[], port: number): string {
  const names = entries.filter(entry => bounds(entry)[0] <= port && port <= bounds(entry)[1]).map(entry => entry.name);
  return names.length > 0 ? [...new Set(names)].join(', ') : 'not listed';
}
