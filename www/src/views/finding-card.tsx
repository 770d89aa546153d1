import type { ComponentChildren } from 'preact';
import { useApp } from '../app/context';
import type { Finding } from '../session/types';
import { WhyButton } from '../ui/decision';
import { Fact, Tags } from '../ui/fact';
import { Fold } from '../ui/fold';
import { VerdictMark } from '../ui/mark';
import { PlaceButton } from '../ui/place-button';
import { Prose } from '../ui/prose';
import { WhatIs } from '../ui/what-is';
import { capital, policyName, sentence, verdictWord, witnessWords } from '../words';
import { OFFERS } from './offers';
import { References } from './references';

type Props = { id: string; finding: Finding; open: boolean; selected: boolean };

/** One finding: what, why, what to do, the packet that proves it and the lines that decide it. */
export function FindingCard({ id, finding, open, selected }: Props) {
  const app = useApp();
  const { verdict, severity, places } = finding;
  // What is found stands out from what is said about it.
  const [what = '', ...more] = capital(finding.message).split('; ');
  const rest = more.join('; ');
  const word = verdict === 'secure' ? 'Note' : verdictWord(verdict);
  const toggle = () => {
    app.toggleFinding(finding, !open);
    app.store.set({ selected: finding });
  };
  return (
    <li class={`finding v-${verdict}`} id={id} aria-current={selected ? 'true' : undefined} data-verdict={verdict} data-audit={finding.audit}>
      <VerdictMark verdict={verdict} size={22} />
      <Fold
        id={id}
        kind="finding"
        open={open}
        toggle={toggle}
        title={
          <span>
            <Prose text={what} />
            {rest && (
              <span class="finding-rest">
                ; <Prose text={rest} />
              </span>
            )}
          </span>
        }
        head={
          <p class="finding-meta">
            <strong class="finding-word">{word}</strong>
            {verdict !== 'secure' && <span>{severity} severity</span>}
            <button type="button" class="link" onClick={() => app.lists.openPolicy(finding.policy)}>
              {policyName({ id: finding.policy_id, name: finding.policy_name })}
            </button>
            {places.map((at, n) => (
              <PlaceButton key={n} at={at} finding={finding} />
            ))}
          </p>
        }
      >
        <Body finding={finding} />
      </Fold>
    </li>
  );
}

function Body({ finding }: { finding: Finding }) {
  return (
    <>
      <Facts
        finding={finding}
        proof={port => <WhatIs text={port}>What is port {port}?</WhatIs>}
        decided={finding.because && <WhyButton verdict={finding.verdict} because={finding.because} cell={finding.cell} />}
      >
        <References references={finding.references} />
      </Facts>
      {OFFERS.map((Offer, n) => (
        <Offer key={n} finding={finding} />
      ))}
    </>
  );
}

type FactsProps = {
  finding: Finding;
  /** How its references are shown is up to whoever shows it. */
  children: ComponentChildren;
  /** What stands beside the packet that names one port, and beside what decided. */
  proof?: (port: string) => ComponentChildren;
  decided?: ComponentChildren;
};

/** Everything about a finding. */
export function Facts({ finding, children, proof, decided }: FactsProps) {
  const witness = witnessWords(finding);
  // Where everything is open, the packet's port is one of many and no question of its own.
  const port = String(finding.witness?.port ?? '');
  const spoken = port && new RegExp(`\\b${port}\\b`).test(finding.message) ? port : null;
  return (
    <dl class="facts">
      {witness && (
        <Fact term="Proof">
          {witness} {spoken && proof?.(spoken)}
        </Fact>
      )}
      <Fact term="Why">
        <Prose text={sentence(finding.why)} />
      </Fact>
      <Fact term="What to do">
        <Prose text={sentence(finding.fix)} />
      </Fact>
      {finding.because && (
        <Fact term="Decided by">
          {sentence(finding.because)} {decided}
        </Fact>
      )}
      {finding.frameworks.length > 0 && (
        <Fact term="Frameworks">
          <Tags all={finding.frameworks} />
        </Fact>
      )}
      {finding.references.length > 0 && <Fact term="References">{children}</Fact>}
    </dl>
  );
}
