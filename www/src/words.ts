// Every sentence the page forms itself. Plain functions of plain data.
import type { Probe } from './editor/surface';
import type { At, Finding, Summary, Verdict, Witness } from './session/types';

export const VERDICTS: readonly Verdict[] = ['dangerous', 'unknown', 'caution', 'secure'];

const VERDICT_WORDS: Record<Verdict, string> = {
  dangerous: 'Dangerous',
  unknown: "Can't tell",
  caution: 'Caution',
  secure: 'Secure',
};

/** The word that always stands beside a verdict's shape and colour. */
export const verdictWord = (verdict: Verdict | null): string => (verdict ? VERDICT_WORDS[verdict] : 'Nothing to judge');

/** Begins a sentence. Identifiers such as `pl-0a1b` and `tcp/22` keep their own spelling. */
export const capital = (text: string): string => (/^[a-z]+(?=[\s,:]|$)/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text);

export const sentence = (text: string): string => {
  const begun = capital(text);
  return /[.!?…]$/.test(begun) ? begun : `${begun}.`;
};

/** Made once: making it takes longer than anything else about a list. */
const grouping = new Intl.NumberFormat('en-US');
export const number = (n: number): string => grouping.format(n);

export const count = (n: number, one: string, many = `${one}s`): string => `${number(n)} ${n === 1 ? one : many}`;

export const size = (bytes: number): string =>
  bytes < 1000 ? count(bytes, 'byte') : bytes < 1e6 ? `${number(Math.round(bytes / 1e3))} KB` : `${(bytes / 1e6).toFixed(1)} MB`;

export const lineWords = (at: At): string => `line ${number(at.line)}`;

export const policyName = (policy: { id?: string | null; name?: string | null; address?: string | null }): string => {
  const { id, name, address } = policy;
  if (name && id && name !== id) return `${name} (${id})`;
  return name ?? address ?? id ?? 'unnamed';
};

const packet = (witness: Witness): string => {
  const kind = witness.icmp === null ? '' : ` type ${witness.icmp}`;
  const port = witness.port === null ? '' : ` to port ${witness.port}`;
  return `${witness.protocol === 'all' ? 'any packet' : witness.protocol}${kind} from ${witness.source}${port}`;
};

/** The witness packet as a sentence: one packet that proves the verdict. */
export function witnessWords(finding: Pick<Finding, 'witness' | 'verdict' | 'direction'>): string | null {
  if (!finding.witness) return null;
  const way = finding.direction === 'egress' ? 'out' : 'in';
  const gets = finding.verdict === 'unknown' ? `could get ${way}` : `gets ${way}`;
  return `For example, ${packet(finding.witness)} ${gets}.`;
}

/** The headline. Where no policy was read the tally is empty, so the reason stands in its place. */
export function headlineWords({ headline, verdict, counts, documents }: Summary): string {
  if (verdict !== 'unknown' || VERDICTS.some(each => counts[each] > 0)) return capital(headline);
  return documents.every(document => document.format) ? "Can't tell: this could not be read" : "Can't tell: this was not recognised";
}

/** What a list that is fetched in parts was arranged from, where that is not all of it. */
export const amongWords = (fetched: number, total: number): string | null =>
  fetched < total ? `Among the first ${number(fetched)} of ${number(total)} findings.` : null;

/** What was not understood, in the order of the text. */
export const problemsOf = ({ documents }: Summary) =>
  documents.flatMap(document => document.problems).sort(({ at: a }, { at: b }) => a.document - b.document || a.line - b.line || a.column - b.column);

type Open = Summary['unresolved'][number];

/** What the text leaves open, each name once. */
export const openOnce = ({ unresolved }: Summary): Open[] => [...new Map(unresolved.map(open => [open.name, open])).values()];

/** What is missing may have no name under which a value could be given, but be said in words. */
export const isPhrase = ({ name }: Open): boolean => /^(the|an?) /.test(name);

export function openWords(open: Open): string {
  const { name, would_settle: settle } = open;
  if (name === settle) return `Missing: ${settle}.`;
  return `${isPhrase(open) ? capital(name) : `\`${name}\``} would be settled by ${settle}.`;
}

/** The honesty meter: how many rules were judged, and how many could not be understood. */
export function honestyWords(summary: Summary): string {
  const { rules, not_understood: missed } = summary.judged;
  if (rules === 0) return 'No rules were read.';
  const percent = Math.floor((100 * Math.max(0, rules - missed)) / rules);
  const policies = policyCount(summary);
  return missed === 0
    ? `${policies} judged, ${rules === 1 ? 'the only rule' : `all ${number(rules)} rules`} understood.`
    : `${policies} judged, ${percent} % understood: ${number(missed)} of ${count(rules, 'rule')} not judged in full.`;
}

/** What a screen reader is told after a run: the change, not the whole. Empty when nothing changed. */
export function changeWords(before: Summary | null, after: Summary): string {
  if (!before) return sentence(headlineWords(after));
  const changes = (['dangerous', 'unknown', 'caution'] as const).flatMap(verdict => {
    const was = before.findings[verdict];
    const is = after.findings[verdict];
    if (was === is) return [];
    const word = verdict === 'unknown' ? "can't-tell" : verdict;
    const change = is < was ? `${count(was - is, `${word} finding`)} fixed` : `${count(is - was, `new ${word} finding`)}`;
    return [`${change}, ${is < was ? `${number(is)} ${is === 1 ? 'remains' : 'remain'}` : `${number(is)} in all`}`];
  });
  if (changes.length > 0) return `${changes.join('; ')}.`;
  return headlineWords(before) === headlineWords(after) ? '' : sentence(headlineWords(after));
}

/** What the document itself calls its policies. */
export function policyNoun({ documents }: Pick<Summary, 'documents'>): { one: string; many: string } {
  const groups = documents.every(({ format_title: title }) => title && /group/i.test(title));
  return groups && documents.length > 0 ? { one: 'group', many: 'groups' } : { one: 'policy', many: 'policies' };
}

export const policyCount = (summary: Summary): string => {
  const { one, many } = policyNoun(summary);
  return count(policyTotal(summary), one, many);
};

export const policyTotal = ({ documents }: Summary): number => documents.reduce((sum, document) => sum + document.policies, 0);

/** The chip over the editor: what was recognised, and how much of it. */
export function chipParts(summary: Summary, index: number): string[] {
  const document = summary.documents[index];
  if (!document) return [];
  if (!document.format) return ['Format not recognised', size(document.bytes)];
  const parts = [document.format_title ?? document.format];
  const { one, many } = policyNoun({ documents: [document] });
  // What belongs to another document, such as values for its parameters, has none of its own.
  const beside = document.facts > 0 || summary.documents.length > 1;
  if (document.policies > 0 || !beside) parts.push(count(document.policies, one, many), count(document.rules, 'rule'));
  if (document.facts > 0) parts.push(count(document.facts, 'part of the network', 'parts of the network'));
  const missed = summary.documents.length > 1 ? 0 : summary.judged.not_understood;
  if (missed > 0) parts.push(`${number(missed)} not understood`);
  else if (document.problem_count > 0) parts.push(count(document.problem_count, 'problem'));
  return parts;
}

/** What a screen reader is told while the arrow keys change an address or a port, and at the end. */
export function probeChange(before: Probe | null, after: Probe | null): string {
  if (after?.now) return `Probing ${after.now}.`;
  if (!before?.now) return '';
  return after?.was === before.was ? `Restored ${before.was}.` : `Kept ${before.now}.`;
}

/** So many services of a range are named. */
const MOST_SERVICES = 6;

/** What commonly listens there, in one line. */
export const services = (names: readonly string[]): string =>
  names.slice(0, MOST_SERVICES).join(', ') + (names.length > MOST_SERVICES ? ` and ${names.length - MOST_SERVICES} more` : '');
