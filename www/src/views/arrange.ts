// Which findings are listed, in which order and under which titles. Plain functions of plain data.
import type { Arrangement } from '../app/state';
import type { Finding } from '../session/types';
import { policyName, verdictWord } from '../words';

export type Group = { key: string; title: string | null; findings: Finding[] };

/** Whether every word of the text stands somewhere in what is said of the finding. */
export function matches(finding: Finding, text: string): boolean {
  const { message, title, audit, policy_id: id, policy_name: name, severity, verdict } = finding;
  const said = [message, title, audit, id, name, severity, verdictWord(verdict)].join('\n').toLowerCase();
  return text.toLowerCase().split(/\s+/).every(word => said.includes(word));
}

/** The findings as they are to be shown. They come worst first, and groups stand in the order of their first finding. */
export function arrange(findings: readonly Finding[], { order, group, text }: Arrangement): Group[] {
  const left = findings.filter(finding => matches(finding, text));
  if (order === 'text') left.sort(byPlace);
  if (group === 'none') return left.length > 0 ? [{ key: '', title: null, findings: left }] : [];
  const groups = new Map<string, Group>();
  for (const finding of left) {
    const key = group === 'policy' ? String(finding.policy) : finding.audit;
    const title = group === 'policy' ? policyName({ id: finding.policy_id, name: finding.policy_name }) : finding.title;
    const into = groups.get(key) ?? { key, title, findings: [] };
    into.findings.push(finding);
    groups.set(key, into);
  }
  return [...groups.values()];
}

/** What has no place comes last. */
function byPlace(a: Finding, b: Finding): number {
  const [at, other] = [a.places[0], b.places[0]];
  if (!at || !other) return Number(!at) - Number(!other);
  return at.document - other.document || at.line - other.line || at.column - other.column;
}
