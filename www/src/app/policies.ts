import { useMemo } from 'preact/hooks';
import type { Result } from '../session/protocol';
import type { PolicySummary } from '../session/types';
import { policyTotal } from '../words';
import { useAnswer } from './answer';

/** Every policy by its index, for what speaks of policies by index; undefined until they are there. */
export function usePolicies(result: Result): ReadonlyMap<number, PolicySummary> | undefined {
  const total = policyTotal(result.summary);
  // The list of a short text came with the result.
  const complete = result.policies.items.length === total;
  const asked = useAnswer('policies', [undefined, 0, total], !complete);
  const items = complete ? result.policies.items : asked?.items;
  return useMemo(() => items && new Map(items.map(policy => [policy.index, policy])), [items]);
}
