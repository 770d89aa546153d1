import { useApp, useValue } from '../app/context';
import type { Summary } from '../session/types';
import { isPhrase, number, openOnce, openWords } from '../words';
import { PlaceButton } from './place-button';
import { Prose } from './prose';

/** More open names than that have one cause, and no one fills them in by hand. */
const MOST = 20;

/** What the text leaves open: each name with its place, what would settle it, and a box that does. */
export function Assume({ summary }: { summary: Summary }) {
  const app = useApp();
  const assumed = useValue(state => state.assumed);
  const open = openOnce(summary);
  const settled = [...assumed].filter(([name]) => !open.some(missing => missing.name === name));
  if (open.length === 0 && settled.length === 0) return null;
  return (
    <section class="assume" aria-labelledby="assume-title">
      <h3 id="assume-title">What the text leaves open</h3>
      <ul>
        {settled.map(([name, value]) => (
          <li key={name}>
            <span>
              <code>{name}</code> is assumed to be <code>{value}</code>.
            </span>
            <button type="button" class="button button-quiet" onClick={() => app.assume(name, '')} aria-label={`Take back the assumption about ${name}`}>
              Take back
            </button>
          </li>
        ))}
        {open.slice(0, MOST).map(missing => (
          <li key={missing.name}>
            <PlaceButton at={missing.at} />
            {isPhrase(missing) ? (
              <span>
                <Prose text={openWords(missing)} />
              </span>
            ) : (
              <form
                onSubmit={event => {
                  event.preventDefault();
                  app.assume(missing.name, String(new FormData(event.currentTarget).get('value') ?? ''));
                }}
              >
                <label>
                  <span>
                    <Prose text={openWords(missing)} />
                  </span>
                  <input name="value" autocomplete="off" spellcheck={false} placeholder="203.0.113.0/24" />
                </label>
                <button type="submit" class="button">
                  Assume
                </button>
              </form>
            )}
          </li>
        ))}
      </ul>
      {open.length > MOST && <p class="quiet">{number(open.length - MOST)} more</p>}
    </section>
  );
}
