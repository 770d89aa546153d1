// Names that survive a new run, so that what was opened or selected stays so while the text is edited.
import type { Finding, PolicySummary } from '../session/types';

export const findingKey = (finding: Finding): string =>
  [finding.audit, finding.policy_id ?? finding.policy_name ?? finding.policy, finding.message].join('\n');

export const policyKey = (policy: Pick<PolicySummary, 'kind' | 'id' | 'name' | 'address' | 'index'>): string =>
  [policy.kind, policy.id ?? policy.address ?? policy.name ?? policy.index].join('\n');
