// What the page and the worker say to each other.
import type {
  Answer,
  Answers,
  AuditDoc,
  Catalog,
  Comparison,
  Configuration,
  DecisionTable,
  DrillQuestion,
  Example,
  ExerciseDetail,
  ExerciseList,
  Finding,
  FromFinding,
  Grade,
  HandedIn,
  Mark,
  Page,
  PolicyDetail,
  PolicySummary,
  PortRow,
  Problem,
  Pseudonymised,
  RegisterRow,
  Summary,
  Surface,
  Tiers,
  Tool,
  Verdict,
} from './types';

/** Values that the user gave for what the text leaves open, by name. */
export type Assumed = ReadonlyMap<string, string>;

/** How much of each list a review brings along, so that the first screen needs no second message. */
export type Wanted = {
  filter: Verdict | undefined;
  findings: number;
  notes: number;
  policies: number;
  ports: number;
  /** Of the document that is shown, by its index. */
  marks: { document: number; count: number };
  /** The exercise by which the documents are graded, beside an earlier answer to it. */
  grade?: { pack: string | null; id: string; files: readonly Configuration[]; before: readonly Configuration[] };
};

/** A comparison with the first of its policies: nobody reads more, and handing all of a large one over would hold the page up. */
export type Compared = Comparison & { policy_total: number; /** Something could not be compared, among those that are left out too. */ in_doubt: boolean };

/** One review, with the first pages of its lists. */
export type Result = {
  summary: Summary;
  findings: Page<Finding>;
  notes: Page<Finding>;
  policies: Page<PolicySummary>;
  ports: Page<PortRow>;
  marks: Page<Mark>;
  /** What opens and closes since the documents before, where there were any. */
  comparison: Compared | null;
  /** The three meters, where an exercise was named. */
  grade: Grade | null;
};

/** The questions that can be put to the last reviewed session. */
export type Questions = {
  findings(verdict: Verdict | undefined, offset: number, count: number): Page<Finding>;
  policies(verdict: Verdict | undefined, offset: number, count: number): Page<PolicySummary>;
  ports(offset: number, count: number, verdict: Verdict | undefined): Page<PortRow>;
  policy(index: number): PolicyDetail | undefined;
  surfaces(offset: number, count: number): Page<Surface>;
  tiers(): Tiers;
  marks(document: number, offset: number, count: number): Page<Mark>;
  ask(question: string): { answer: Answer | null; error: string | null };
  names(limit: number): string[];
  register(): RegisterRow[];
  register_csv(): string;
  baseline(): string;
  exercise_from_finding(index: number, names: boolean): { made: FromFinding | null; error: string | null };
  report(): Record<string, unknown>;
  markdown(): string;
  csv(): string;
  // These need no session.
  audit(id: string): AuditDoc | undefined;
  audit_ids(): { id: string; title: string }[];
  catalog(text: string): Catalog;
  decision_table(): DecisionTable;
  pseudonymise(names: string[], texts: string[], open: string[], values: string[]): Pseudonymised;
  exercises(pack: string | null): ExerciseList;
  exercise(pack: string | null, id: string): ExerciseDetail | undefined;
  handed_in(pack: string | null, name: string, text: string): HandedIn;
  grade(pack: string | null, id: string, files: readonly Configuration[], before: readonly Configuration[]): Grade | undefined;
  read_pack(name: string, text: string): Problem[];
  read_answers(name: string, text: string): { answers: Answers; problems: Problem[] };
  write_answers(json: string): { text: string; problems: Problem[] };
  drill(seed: number, count: number): DrillQuestion[];
};
export type Question = keyof Questions;

export type ToWorker =
  | { kind: 'init'; module: WebAssembly.Module }
  | { kind: 'warm' }
  // A review: begun, each document in one text or in chunks, and judged.
  | { kind: 'begin'; assumed: Assumed; /** The day on which approvals have to hold. */ today: string | null }
  | { kind: 'document'; name: string; size: number }
  | { kind: 'text'; text: string }
  | { kind: 'chunk'; bytes: Uint8Array }
  /** The documents so far are what was before; those that follow are compared with them. */
  | { kind: 'before'; run: number }
  | { kind: 'review'; run: number; wanted: Wanted }
  | { kind: 'ask'; id: number; question: Question; args: unknown[] };

export type FromWorker =
  | { kind: 'ready'; examples: Example[]; tool: Tool }
  | { kind: 'progress'; run: number; part: number }
  | { kind: 'done'; run: number; result: Result }
  | { kind: 'answer'; id: number; value: unknown }
  | { kind: 'failed'; run: number | null; message: string }
  | { kind: 'requests'; made: number; blocked: number };
