import type { Side } from '../app/comparing';
import type { At, Change } from '../session/types';
import { VerdictLabel } from '../ui/mark';
import { Prose } from '../ui/prose';
import { capital, lineWords, number, sentence } from '../words';

/** The texts of both sides: a way to a place in them, and a document's name where its side has several. */
export type Places = { go(side: Side, at: At): void; name(side: Side, document: number): string | null };

/** So many sources the sentence itself names. */
const SAID = 3;

/** What opens, or what closes: each with its verdict, its sources and its lines. */
export function ChangeRows({ title, side, changes, places }: { title: string; side: Side; changes: Change[]; places: Places }) {
  if (changes.length === 0) return null;
  return (
    <div>
      <h4>
        {title} <span class="quiet">{number(changes.length)}</span>
      </h4>
      <ul>
        {changes.map((change, n) => (
          <li key={n} class="change">
            <VerdictLabel verdict={side === 'after' ? change.verdict_after : change.verdict_before} />
            <div>
              <p>
                <Prose text={sentence(capital(change.message))} />
                {!change.certain && ' This depends on what is not in the text.'}
              </p>
              {change.source_count > SAID && (
                <details class="change-sources">
                  <summary>{number(change.source_count)} prefixes</summary>
                  <p>
                    {change.sources.join(', ')}
                    {change.source_count > change.sources.length && ` and ${number(change.source_count - change.sources.length)} more`}
                  </p>
                </details>
              )}
              <p class="places">
                {change.places.slice(0, 5).map((at, place) => (
                  <SidePlace key={place} side={side} at={at} places={places} />
                ))}
              </p>
            </div>
          </li>
        ))}
      </ul>
    </div>
  );
}

export function SidePlace({ side, at, places }: { side: Side; at: At; places: Places }) {
  const name = places.name(side, at.document);
  return (
    <button type="button" class="place" onClick={() => places.go(side, at)} title={`Show ${lineWords(at)} on the side ${side}`}>
      {[capital(side), name, lineWords(at)].filter(Boolean).join(', ')}
    </button>
  );
}
