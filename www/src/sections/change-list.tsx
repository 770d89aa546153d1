import { type ComponentChildren, Fragment } from 'preact';
import { useState } from 'preact/hooks';
import type { Assumed, Compared } from '../session/protocol';
import type { Change, Comparison, Verdict } from '../session/types';
import { VerdictMark } from '../ui/mark';
import { More } from '../ui/more-button';
import { Prose } from '../ui/prose';
import { capital, sentence } from '../words';
import { ChangeRows, type Places, SidePlace } from './change-rows';
import { assumedWords, comparedWords, interfacesWords, throughWords } from './compare-words';

/** So many policies or interfaces are drawn at once. */
const STEP = 50;

type Props = { comparison: Compared; assumed: Assumed; places: Places; /** Stands over the headline while a newer run takes its time. */ running: ComponentChildren };

/** What opens and what closes: at the interfaces, where both sides have some, then policy by policy, the worst first. */
export function ChangeList({ comparison, assumed, places, running }: Props) {
  const { headline, equal, opens_worst: worst, policies, surfaces, before, after, counts, in_doubt: inDoubt } = comparison;
  const problems = [...before, ...after].flatMap(document => document.problems);
  const doubt = worst !== 'dangerous' && inDoubt;
  const verdict: Verdict = doubt || problems.some(({ level }) => level === 'error') ? 'unknown' : (worst ?? 'secure');
  const atInterfaces = counts.interfaces > 0 && !equal;
  return (
    <>
      <div class={`headline v-${verdict} ${running ? 'headline-stale' : ''}`} data-equal={equal} data-verdict={verdict}>
        <VerdictMark verdict={verdict} size={36} />
        <div class="headline-words">
          <h2>{capital(headline)}</h2>
          <p>{comparedWords(comparison)}</p>
          {assumed.size > 0 && (
            <p>
              <Prose text={assumedWords(assumed)} />
            </p>
          )}
        </div>
        {running}
      </div>
      {problems.length > 0 && (
        <section class="problems" aria-label="Problems">
          <ul>
            {(['before', 'after'] as const).flatMap(side =>
              (side === 'before' ? before : after).flatMap(document =>
                document.problems.slice(0, 20).map(({ at, message }, n) => (
                  <li key={`${side}${n}`}>
                    <SidePlace side={side} at={at} places={places} />
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
      {atInterfaces && (
        <Part id="compare-interfaces" title="At the interfaces" said={interfacesWords(comparison)}>
          <Changes
            all={surfaces}
            what="interfaces"
            total={surfaces.length}
            item={surface => (
              <Item change={surface} places={places} kind="interface">
                <InterfacePlaces surface={surface} places={places} />
              </Item>
            )}
          />
        </Part>
      )}
      {atInterfaces ? (
        policies.length > 0 && (
          <Part id="compare-policies" title="In the policies" said={null}>
            <Policies comparison={comparison} places={places} />
          </Part>
        )
      ) : (
        <Policies comparison={comparison} places={places} />
      )}
    </>
  );
}

function Part({ id, title, said, children }: { id: string; title: string; said: string | null; children: ComponentChildren }) {
  return (
    <section class="changes-part" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {said && <p class="quiet">{said}</p>}
      {children}
    </section>
  );
}

function Policies({ comparison, places }: { comparison: Compared; places: Places }) {
  return (
    <Changes
      all={comparison.policies}
      what="policies"
      total={comparison.policy_total}
      item={policy => {
        const through = throughWords(policy, comparison);
        return (
          <Item change={policy} places={places} kind={policy.kind_title}>
            {through && <p class="change-through">{through}</p>}
          </Item>
        );
      }}
    />
  );
}

function Changes<C>({ all, total, what, item }: { all: readonly C[]; /** Of which these may be the first. */ total: number; what: string; item: (change: C) => ComponentChildren }) {
  const [shown, show] = useState(STEP);
  if (all.length === 0) return null;
  return (
    <>
      <ul class="changes">
        {all.slice(0, shown).map((change, n) => (
          <Fragment key={n}>{item(change)}</Fragment>
        ))}
      </ul>
      <More shown={Math.min(shown, all.length)} total={total} what={what} more={() => show(shown + STEP)} unavailable={shown >= all.length} />
    </>
  );
}

type Told = { label: string; status: string; message: string; not_compared: string | null; opens: Change[]; closes: Change[] };

/** A policy or an interface: what it is called, why it is here, and what opens and closes. */
function Item({ change, kind, places, children }: { change: Told; kind: string; places: Places; children: ComponentChildren }) {
  return (
    <li class="change-policy" data-status={change.status}>
      <h3>
        {change.label} <span class="quiet">{kind}</span>
      </h3>
      <p class="quiet">{sentence(capital(change.message))}</p>
      {change.not_compared && <p class="quiet">{sentence(capital(change.not_compared))}</p>}
      {children}
      <ChangeRows title="Opens" side="after" changes={change.opens} places={places} />
      <ChangeRows title="Closes" side="before" changes={change.closes} places={places} />
    </li>
  );
}

/** Where the interface itself stands. */
function InterfacePlaces({ surface: { before, after }, places }: { surface: Comparison['surfaces'][number]; places: Places }) {
  return (
    <p class="places">
      {before && <SidePlace side="before" at={before.at} places={places} />}
      {after && <SidePlace side="after" at={after.at} places={places} />}
    </p>
  );
}
