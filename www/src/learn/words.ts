// The sentences of the training ground.
import type { Exercise, Grade, Meter, Solved } from '../session/types';
import type { Result } from '../session/protocol';
import { capital, count, number, sentence } from '../words';

const TITLES: Record<Meter, string> = { verdicts: 'Verdicts', connectivity: 'Connectivity', 'least-privilege': 'Least privilege' };

/** A meter as it is drawn: `part` of it is full, from 0 to 1; `value` is its number without words. */
export type Shown = { id: Meter; title: string; full: boolean; word: string; amount: string; value: string; part: number };

/** The number of an exercise, which its id begins with; empty in packs that do without. */
export const numberOf = (id: string): string => /^\d+(?=-)/.exec(id)?.[0] ?? '';

/** Sources x ports, in words short enough for a meter. */
export function amountWords(total: string): string {
  const amount = BigInt(total);
  if (amount < 1_000_000_000n) return amount.toLocaleString('en-US');
  if (amount >= 10n ** 15n) return '> 10¹⁵';
  return amount.toLocaleString('en-US', { notation: 'compact', compactDisplay: 'long', maximumFractionDigits: 0 });
}

/** So many things are wrong by the exercise's own measure. */
function toMend({ summary, notes }: Result, { forbid, silence }: Exercise): number {
  const { dangerous, unknown, caution } = summary.findings;
  const noted = notes.items.filter(({ audit }) => silence.includes(audit)).length;
  return dangerous + unknown + (forbid === 'caution' ? caution : 0) + noted;
}

/** The three meters. */
export function meters(grade: Grade, result: Result, exercise: Exercise): Shown[] {
  const { verdicts, connectivity, least_privilege: least } = grade;
  const flows = connectivity.flows.length;
  const mend = toMend(result, exercise);
  // Excess that is little enough and does not fill the meter was not measured to its end.
  const unmeasured = !least.full && Number(least.total) <= least.slack;
  const unclear: Record<Meter, boolean> = { verdicts: verdicts.verdict === 'unknown', connectivity: false, 'least-privilege': unmeasured };
  const shown = (id: Meter, full: boolean, value: string, amount: string, part: number): Shown => ({
    id,
    title: TITLES[id],
    full,
    word: full ? 'Full' : unclear[id] ? "Can't tell" : 'Not yet',
    amount,
    value,
    part: full ? 1 : part,
  });
  // Excess reaches from one address to all of IPv4 on all ports: each doubling is one step of the meter.
  const steps = Math.log2(Number(least.total) + 1) / 48;
  return [
    shown('verdicts', verdicts.full, String(mend), verdicts.full ? 'Nothing to mend' : mend > 0 ? `${number(mend)} to mend` : verdicts.verdict === null ? 'Nothing to judge' : 'Not all is read', 1 / (1.5 + mend)),
    shown('connectivity', connectivity.full, String(connectivity.passed), `${connectivity.passed} of ${count(flows, 'flow')}`, flows > 0 ? connectivity.passed / flows : 0),
    shown('least-privilege', least.full, least.total, unmeasured ? 'Too intricate' : least.total === '0' ? 'Nothing extra' : `${amountWords(least.total)} extra`, unmeasured ? 0.04 : Math.max(0.04, 0.9 - 0.85 * Math.min(1, steps))),
  ];
}

/** The line below the meters: what broke before what is missing. */
export function standingWords(grade: Grade): string {
  const [first, ...rest] = grade.regressions;
  if (grade.passed) return `Solved, with an excess of ${amountWords(grade.least_privilege.total)}.`;
  if (first) return rest.length > 0 ? `${capital(first)}; and ${rest.length} more.` : sentence(capital(first));
  const lacking = [grade.verdicts, grade.connectivity, grade.least_privilege].filter(({ full }) => !full).length;
  return lacking === 3 ? 'All three meters have to be full at once.' : `${lacking === 1 ? 'One meter is' : 'Two meters are'} not full yet.`;
}

/** What a screen reader is told after an edit: what changed since it was told last. */
export function gradeChange(told: Grade | null, grade: Grade): string {
  const all = ({ verdicts, connectivity, least_privilege: least }: Grade) => [verdicts.full, connectivity.full, least.full];
  if (grade.passed) return told?.passed && told.score === grade.score ? '' : `Solved, with an excess of ${amountWords(grade.least_privilege.total)}.`;
  const { passed, flows } = grade.connectivity;
  const now = `Verdicts ${grade.verdicts.full ? 'full' : 'not yet'}, ${passed} of ${count(flows.length, 'flow')}, excess ${amountWords(grade.least_privilege.total)}.`;
  const same = told && String(all(told)) === String(all(grade)) && told.connectivity.passed === passed && told.least_privilege.total === grade.least_privilege.total;
  const broken = grade.regressions.map(each => sentence(capital(each))).join(' ');
  return same ? '' : broken ? `${broken} ${now}` : now;
}

/** The flows that have to pass, or those that must not, where there are many. */
export const groupWords = (allow: boolean, done: number, all: number): string => `${allow ? 'Has to work' : 'Must not get through'}: ${done} of ${all}`;

export const doneWords = (allow: boolean, done: number): string => `${allow ? 'What gets through' : 'What does not get through'}, as it should (${done})`;

/** The golf score beside the best ones. */
export function scoreWords(grade: Grade, best: number | null, par: number | null): string {
  const parts = [`Excess ${amountWords(grade.least_privilege.total)}`];
  if (best !== null) parts.push(`your best ${amountWords(String(best))}`);
  if (par !== null) parts.push(`the best known ${amountWords(String(Math.min(par, best ?? par)))}`);
  return `${parts.join(', ')}. Less is better.`;
}

/** What an exercise asks for beside its flows. */
export const rulesWords = ({ forbid, slack }: Exercise): string =>
  `${forbid === 'caution' ? 'Nothing worth caution' : 'Nothing dangerous'}, nothing unknown; excess at most ${number(slack)} sources × ports.`;

export const hintsWords = (entry: Solved, all: number): string => (entry.hints === 0 ? `Hints are free, and counted: none of ${all} taken.` : `${entry.hints} of ${count(all, 'hint')} taken.`);
