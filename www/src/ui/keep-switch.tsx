import { useApp, useValue } from '../app/context';
import { type Keeping, MOST_KEPT } from '../app/keep';
import { size } from '../words';

const WORDS: Record<Keeping, string> = {
  off: 'It then stays in this browser until you switch this off, which deletes it at once.',
  on: 'It stays in this browser until you switch this off, which deletes it at once.',
  'too-large': `What is here now is not kept: it is more than ${size(MOST_KEPT)}, or more than the browser takes.`,
  refused: 'This browser lets a page opened like this store nothing.',
  clean: 'The address ends in #clean, so nothing is stored or restored.',
};

/** The one thing that the page ever stores, and only while this is on. */
export function KeepSwitch() {
  const app = useApp();
  const keeping = useValue(state => state.keeping);
  return (
    <label class="keep" data-keeping={keeping}>
      <input
        type="checkbox"
        checked={keeping === 'on' || keeping === 'too-large'}
        disabled={keeping === 'clean'}
        onChange={event => {
          const box = event.currentTarget;
          app.keeper.set(box.checked);
          // Where the browser refused, nothing else puts the box back.
          box.checked = app.state.keeping === 'on' || app.state.keeping === 'too-large';
        }}
      />
      <span>
        <strong>Keep my last work on this computer.</strong> {WORDS[keeping]}
        {location.protocol === 'file:' && ' Other pages opened from this disk may be able to read it.'}
      </span>
    </label>
  );
}
