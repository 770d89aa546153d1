// What the page and the worker say to each other.
import type {
  Answer,
  AuditDoc,
  Catalog,
  Comparison,
  DecisionTable,
  Example,
  Finding,
  Mark,
  Page,
  PolicyDetail,
  PolicySummary,
  PortRow,
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
};

/** One review, with the first pages of its lists. */
export type Result = {
  summary: Summary;
  findings: Page<Finding>;
  notes: Page<Finding>;
  policies: Page<PolicySummary>;
  ports: Page<PortRow>;
  marks: Page<Mark>;
  /** What opens and closes since the documents before, where there were any. */
  comparison: Comparison | null;
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
  report(): Record<string, unknown>;
  markdown(): string;
  csv(): string;
  // These need no session.
  audit(id: string): AuditDoc | undefined;
  audit_ids(): { id: string; title: string }[];
  catalog(text: string): Catalog;
  decision_table(): DecisionTable;
  pseudonymise(names: string[], texts: string[], open: string[], values: string[]): Pseudonymised;
};
export type Question = keyof Questions;

export type ToWorker =
  | { kind: 'init'; module: WebAssembly.Module }
  | { kind: 'warm' }
  // A review: begun, each document in one text or in chunks, and judged.
  | { kind: 'begin'; assumed: Assumed }
  | { kind: 'document'; name: string; size: number }
  | { kind: 'text'; text: string }
  | { kind: 'chunk'; bytes: Uint8Array }
  /** The documents so far are what was before; those that follow are compared with them. */
  | { kind: 'before' }
  | { kind: 'review'; run: number; wanted: Wanted }
  | { kind: 'ask'; id: number; question: Question; args: unknown[] };

export type FromWorker =
  | { kind: 'ready'; examples: Example[]; tool: Tool }
  | { kind: 'progress'; run: number; part: number }
  | { kind: 'done'; run: number; result: Result }
  | { kind: 'answer'; id: number; value: unknown }
  | { kind: 'failed'; run: number | null; message: string }
  | { kind: 'requests'; made: number; blocked: number };
