// The sentences around a comparison.
import type { Side } from '../app/comparing';
import type { Assumed } from '../session/protocol';
import type { Comparison } from '../session/types';
import { capital, count } from '../words';

type PolicyChange = Comparison['policies'][number];

export const sideWords = (side: Side, documents: Comparison['before']): string =>
  `${capital(side)}: ${documents.map(document => document.format_title ?? 'not recognised').join(', ')}, ${count(
    documents.reduce((sum, document) => sum + document.policies, 0),
    'policy',
    'policies',
  )}`;

export function comparedWords({ before, after, counts: { policies, interfaces } }: Comparison): string {
  const also = interfaces > 0 ? ` and ${count(interfaces, 'interface')}` : '';
  return `${sideWords('before', before)}. ${sideWords('after', after)}. ${count(policies, 'policy', 'policies')}${also} compared.`;
}

/** The values under which the sides were read. */
export const assumedWords = (assumed: Assumed): string => `Assumed on both sides, as in the review: ${[...assumed].map(([name, value]) => `\`${name}\` is \`${value}\``).join('; ')}.`;

/** Above what changes at the interfaces. */
export const interfacesWords = ({ surfaces, counts }: Comparison): string =>
  surfaces.length > 0
    ? 'Through all of their layers, and the way there: what really opens and closes, as far as they were pasted.'
    : `Through all layers, nothing opens or closes at ${counts.interfaces === 1 ? 'the only interface' : `the ${count(counts.interfaces, 'interface')}`}, whatever changes in the policies.`;

/** How what a policy opens stands to what opens at its interfaces; null where there is nothing to say. */
export function throughWords(policy: PolicyChange, { surfaces, counts }: Comparison): string | null {
  if (counts.interfaces === 0 || policy.opens.length === 0) return null;
  if (!policy.at_interfaces) return 'Its interfaces were not all pasted with their layers, so what it opens counts in full.';
  const index = policy.after?.policy;
  const opens = surfaces.some(surface => surface.not_compared !== null || surface.lines_after.some(line => line.policy === index));
  const counted = policy.kind === 'aws-network-acl' ? 'does not count here' : 'calls for caution at most';
  return opens
    ? `What gets through it is judged at the interfaces; by itself it ${counted}.`
    : `It opens nothing at its interfaces: another layer closes what it opens, or it was open there before. So it ${counted}.`;
}
