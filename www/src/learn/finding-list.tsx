import { useState } from 'preact/hooks';
import type { Finding } from '../session/types';
import { Chevron } from '../ui/icons';
import { VerdictMark } from '../ui/mark';
import { PlaceButton } from '../ui/place-button';
import { Prose } from '../ui/prose';
import { Facts } from '../views/finding-card';
import { References } from '../views/references';
import { capital, verdictWord } from '../words';

/** What is said about the answer, the worst first: the same findings as in the review. */
export function FindingList({ findings }: { findings: Finding[] }) {
  return (
    <ul class="findings">
      {findings.map((finding, n) => (
        <Row key={`${finding.audit}${finding.policy_id}${n}`} id={`learn-finding-${n}`} finding={finding} />
      ))}
    </ul>
  );
}

function Row({ id, finding }: { id: string; finding: Finding }) {
  const [open, setOpen] = useState(false);
  return (
    <li class={`finding v-${finding.verdict}`} data-audit={finding.audit}>
      <VerdictMark verdict={finding.verdict} size={22} />
      <div class="finding-head">
        <h4>
          <button type="button" class="finding-toggle" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
            <span>
              <Prose text={capital(finding.message)} />
            </span>
            <Chevron />
          </button>
        </h4>
        <p class="finding-meta">
          <strong class="finding-word">{finding.verdict === 'secure' ? 'Note' : verdictWord(finding.verdict)}</strong>
          {finding.places.map((at, n) => (
            <PlaceButton key={n} at={at} />
          ))}
        </p>
      </div>
      <div class="finding-body" id={id} hidden={!open}>
        {open && (
          <Facts finding={finding}>
            <References references={finding.references} />
          </Facts>
        )}
      </div>
    </li>
  );
}
