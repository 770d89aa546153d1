import type { Direction, DocumentSummary, Verdict } from './types';
export type Meter = 'verdicts' | 'connectivity' | 'least-privilege';
/** `extent` is one of three: everyone, some prefixes, or a policy by its id, name or address. */
export type Zone = { name: string; internet?: true; addresses?: string[]; group?: string };
export type Flow = { source: string; destination: string; service: string; allow: boolean; because: string };
export type Exercise = {
  id: string; title: string; teaches: string[]; needs: string[]; fails: Meter[]; forbid: Verdict; silence: string[]; slack: number;
  measured: 'ingress' | 'egress' | 'both'; zones: Zone[]; flows: Flow[]; hints: string[]; story: string; lesson: string;
  today: string | null;
};
export type ExerciseList = { schema: string; exercises: Exercise[]; coming: { id: string; title: string }[] };
export type Configuration = { name: string; text: string };
/** `solution` is empty where nobody knows one. `baseline` is given, and can't be changed. */
export type ExerciseDetail = {
  schema: string; exercise: Exercise; start: Configuration[]; solution: Configuration[]; baseline: Configuration | null;
};
export type FlowGrade = {
  flow: string; allow: boolean; because: string; passed: boolean; said: string; question: string;
  decided_by: { policy: number; rule: number; document: number; line: number; column: number } | null;
};
export type Surplus = {
  policy: string; direction: Direction; service: string; who: string; said: string; ipv4: number; ipv6_64s: string; groups: number;
  lines: number[];
};
/** `regressions` are sentences beside the grade that is held. */
export type Grade = {
  schema: string; exercise: string; title: string; passed: boolean; said: string;
  verdicts: { full: boolean; verdict: Verdict | null; said: string };
  connectivity: { full: boolean; passed: number; said: string; flows: FlowGrade[] };
  least_privilege: {
    full: boolean; slack: number; ipv4: number; ipv6_64s: string; groups: number; total: string; said: string; excess: Surplus[];
  };
  score: string | null; documents: DocumentSummary[]; regressions: string[];
};
export type DrillQuestion = { question: string; text: string; choices: string[]; answer: number; because: string };
export type Solved = {
  id: string; solved: boolean; hints: number; score: number | null; shown_solution: boolean; answer: Configuration[] | null;
};
/** `schema` is `portcullis.answers/1`; what it says is solved is worth nothing until it was graded again. */
export type Answers = { schema: string; learner: string | null; pack: string | null; exercises: Solved[] };
export type FromFinding = { pack: string; exercise: string; solved: boolean; said: string };
