import type { Keeping } from '../app/keep';
import { MOST_KEPT } from '../app/keep';
import { size } from '../words';

const WORDS: Record<Keeping, string> = {
  off: 'It then stays in this browser until you switch this off, which deletes it at once.',
  on: 'It stays in this browser until you switch this off, which deletes it at once.',
  'too-large': `What is here now is not kept: it is more than ${size(MOST_KEPT)}, or more than the browser takes.`,
  refused: 'This browser lets a page opened like this store nothing.',
  clean: 'The address ends in #clean, so nothing is stored or restored.',
};

type Props = { title: string; keeping: Keeping; set(on: boolean): void; now(): Keeping };

/** A switch for something that this page stores while it is on, and only then. */
export function KeepBox({ title, keeping, set, now }: Props) {
  return (
    <label class="keep" data-keeping={keeping}>
      <input
        type="checkbox"
        checked={isOn(keeping)}
        disabled={keeping === 'clean'}
        onChange={event => {
          const box = event.currentTarget;
          set(box.checked);
          // Where the browser refused, nothing else puts the box back.
          box.checked = isOn(now());
        }}
      />
      <span>
        <strong>{title}</strong> {WORDS[keeping]}
        {location.protocol === 'file:' && ' Other pages opened from this disk may be able to read it.'}
      </span>
    </label>
  );
}

const isOn = (keeping: Keeping): boolean => keeping === 'on' || keeping === 'too-large';
