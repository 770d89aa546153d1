import type { Side } from '../app/comparing';
import type { At, Change, Comparison, Verdict } from '../session/types';
import { VerdictLabel, VerdictMark } from '../ui/mark';
import { Prose } from '../ui/prose';
import { capital, count, lineWords, number, sentence } from '../words';
import { sideWords } from './compare-side';

type Jump = (side: Side, at: At) => void;

/** What opens and what closes, policy by policy, the worst first. */
export function ChangeList({ comparison, jump }: { comparison: Comparison; jump: Jump }) {
  const { headline, equal, opens_worst: worst, policies, before, after, counts } = comparison;
  const problems = [...before, ...after].flatMap(document => document.problems);
  const verdict: Verdict = problems.some(({ level }) => level === 'error') ? 'unknown' : (worst ?? 'secure');
  return (
    <>
      <div class={`headline v-${verdict}`} data-equal={equal} data-verdict={verdict}>
        <VerdictMark verdict={verdict} size={36} />
        <div class="headline-words">
          <h2>{capital(headline)}</h2>
          <p>
            {sideWords('before', before)}. {sideWords('after', after)}. {count(counts.policies, 'policy', 'policies')} compared.
          </p>
        </div>
      </div>
      {problems.length > 0 && (
        <section class="problems" aria-label="Problems">
          <ul>
            {(['before', 'after'] as const).flatMap(side =>
              (side === 'before' ? before : after).flatMap(document =>
                document.problems.slice(0, 20).map(({ at, message }, n) => (
                  <li key={`${side}${n}`}>
                    <SidePlace side={side} at={at} jump={jump} />
                    <span>
                      <Prose text={sentence(message)} />
                    </span>
                  </li>
                )),
              ),
            )}
          </ul>
        </section>
      )}
      <ul class="changes">
        {policies.map((policy, n) => (
          <li key={n} class="change-policy" data-status={policy.status}>
            <h3>
              {policy.label} <span class="quiet">{policy.kind_title}</span>
            </h3>
            <p class="quiet">{sentence(capital(policy.message))}</p>
            {policy.not_compared && <p class="quiet">{sentence(capital(policy.not_compared))}</p>}
            <Changes title="Opens" side="after" changes={policy.opens} jump={jump} />
            <Changes title="Closes" side="before" changes={policy.closes} jump={jump} />
          </li>
        ))}
      </ul>
    </>
  );
}

/** So many sources the sentence itself names. */
const SAID = 3;

function Changes({ title, side, changes, jump }: { title: string; side: Side; changes: Change[]; jump: Jump }) {
  if (changes.length === 0) return null;
  return (
    <section aria-label={title}>
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
                  <SidePlace key={place} side={side} at={at} jump={jump} />
                ))}
              </p>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function SidePlace({ side, at, jump }: { side: Side; at: At; jump: Jump }) {
  return (
    <button type="button" class="place" onClick={() => jump(side, at)} title={`Show ${lineWords(at)} on the side ${side}`}>
      {capital(side)}, {lineWords(at)}
    </button>
  );
}
