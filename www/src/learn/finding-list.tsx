import { useState } from 'preact/hooks';
import type { Finding } from '../session/types';
import { Chevron } from '../ui/icons';
import { VerdictMark } from '../ui/mark';
import { PlaceButton } from '../ui/place-button';
import { Prose } from '../ui/prose';
import { Facts } from '../views/finding-card';
import { References } from '../views/references';
import { capital, count, verdictWord } from '../words';

/** So many lines of a finding are named. */
const MOST = 8;

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
  // A loop makes thousands of rules from one line.
  const places = [...new Map(finding.places.map(at => [`${at.document}:${at.line}`, at])).values()];
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
          {places.slice(0, MOST).map((at, n) => (
            <PlaceButton key={n} at={at} />
          ))}
          {places.length > MOST && <span>and {count(places.length - MOST, 'more line')}</span>}
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
