import type { Shown } from './words';

/** The three meters: each has a shape, a word and a number, and none moves when another one does. */
export function Meters({ meters }: { meters: Shown[] }) {
  return (
    <ul class="meters" aria-label="Meters">
      {meters.map(({ id, title, full, word, amount, value, part }) => (
        <li key={id} class={`meter ${full ? 'v-secure' : word === 'Not yet' ? 'v-caution' : 'v-unknown'}`} data-meter={id} data-full={full} data-value={value}>
          <span class="meter-head">
            <MeterMark full={full} />
            <strong>{title}</strong>
          </span>
          <svg class="meter-bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
            <rect class="meter-field" width="100" height="6" />
            <rect class="meter-part" width={100 * part} height="6" />
          </svg>
          <span class="meter-words">
            <span class="meter-word">{word}</span> <span class="meter-amount">{amount}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}

/** A disc with a check where it is full, an empty ring where not. */
export const MeterMark = ({ full }: { full: boolean }) => (
  <svg class="meter-mark" width="18" height="18" viewBox="0 0 16 16" aria-hidden="true">
    <circle class={full ? 'mark-body' : 'meter-ring'} cx="8" cy="8" r={full ? 7 : 6} />
    {full && <path class="mark-sign" d="m4.8 8.2 2.2 2.2 4.2-4.6" />}
  </svg>
);
