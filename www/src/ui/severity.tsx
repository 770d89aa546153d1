import type { Severity } from '../session/types';
import { SEVERITIES } from '../meanings';
import { capital } from '../words';

/** How much of its field a severity fills: the same in the label and in the strips of ports. */
export const severityHeight = (severity: Severity): number => 1 - SEVERITIES.indexOf(severity) * 0.2;

/** A severity's tick. The word stands beside it, so the picture itself is silent. */
export function SeverityMark({ severity }: { severity: Severity }) {
  return (
    <svg class={`severity-mark sev-${severity}`} width="10" height="16" viewBox="0 0 10 16" aria-hidden="true">
      <path class="severity-field" d="M5 1v14" />
      <path class="severity-tick" d={`M5 15V${15 - 14 * severityHeight(severity)}`} />
    </svg>
  );
}

export function SeverityLabel({ severity }: { severity: Severity }) {
  return (
    <span class={`severity sev-${severity}`}>
      <SeverityMark severity={severity} />
      {capital(severity)}
    </span>
  );
}
