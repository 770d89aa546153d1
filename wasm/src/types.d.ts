export type Verdict = 'dangerous' | 'unknown' | 'caution' | 'secure';
export type Severity = 'critical' | 'high' | 'medium' | 'low' | 'info';
export type Reach = 'internet' | 'broad-public' | 'public' | 'private' | 'group' | 'nobody' | 'unknown';
export type Direction = 'ingress' | 'egress';
/** 1-based, columns in UTF-16 units, the end exclusive. */
export type At = { document: number; line: number; column: number; end_line: number; end_column: number };
export type Counts = { dangerous: number; unknown: number; caution: number; secure: number };
export type Problem = { level: 'error' | 'warning'; message: string; at: At };
export type Witness = { source: string; protocol: string; port: number | null; icmp: string | null };
export type DocumentSummary = {
  name: string; format: string | null; format_title: string | null; bytes: number; policies: number; rules: number;
  /** Interfaces, subnets, route tables and associations. */
  facts: number;
  problem_count: number; problems: Problem[];
};
export type Unresolved = { name: string; at: At; would_settle: string };
export type Summary = {
  verdict: Verdict | null; headline: string; counts: Counts; findings: Counts; documents: DocumentSummary[];
  unresolved: Unresolved[]; surfaces: number; judged: { rules: number; not_understood: number };
};
export type PolicySummary = {
  index: number; kind: string; kind_title: string; id: string | null; name: string | null; address: string | null; at: At;
  verdict: Verdict; headline: string; rules: number;
};
export type Exposure = {
  direction: Direction; protocol: string; ports: string | null; services: string[]; icmp: string | null; local: string;
  reach: Reach; reach_text: string; ipv4: number; ipv6_64s: string; groups: string[]; verdict: Verdict;
  if_open: { verdict: Verdict; reach: Reach } | null; decided_by: number[]; witness: Witness | null; because: string;
  cell: Cell | null;
};
export type Rule = {
  id: string | null; name: string | null; address: string | null; description: string | null; priority: number | null; at: At;
  direction: Direction; action: 'allow' | 'deny'; protocol: string; ports: string | null; icmp: string | null; peer: string;
  effect: 'in-effect' | 'redundant' | 'shadowed' | 'dead' | 'disabled';
  admits: { protocol: string; ports: string | null; icmp: string | null; reach: Reach }[]; verdict: Verdict | null;
};
export type Finding = {
  /** Its place among all findings, worst first. */
  index: number;
  audit: string; title: string; severity: Severity; verdict: Verdict; policy: number; policy_id: string | null;
  policy_name: string | null; direction: Direction | null; rules: number[]; related: number[]; message: string; why: string;
  fix: string; places: At[]; frameworks: string[]; references: string[]; witness: Witness | null; because: string | null;
  cell: Cell | null;
};
/** The cell of the decision table that gave a verdict. */
export type Cell = { severity: Severity; column: number };
export type DecisionTable = { columns: string[]; rows: { severity: Severity; verdicts: Verdict[] }[] };
export type PolicyDetail = PolicySummary & { exposures: Exposure[]; rule_list: Rule[]; findings: Finding[] };
export type PortRow = {
  policy: number; policy_id: string | null; policy_name: string | null; direction: Direction; protocol: string;
  ports: string | null; icmp: string | null; services: string[]; reach: Reach; reach_text: string; groups: string[];
  verdict: Verdict; places: At[]; witness: Witness | null;
};
/** `verdict` is null for a rule that admits nothing; `finding` is the index of the worst finding that the rule decides. */
export type Mark = { at: At; verdict: Verdict | null; policy: number; rule: number; finding: number | null; label: string };
export type Page<T> = { total: number; items: T[] };
export type Example = { id: string; title: string; lesson: string; verdict: Verdict; text: string };
export type AuditDoc = {
  id: string; title: string; why: string; dangerous: string; secure: string; fix: string; references: string[];
  /** Of the examples' names; and what has to stand beside both, empty where nothing has to. */
  ending: 'json' | 'tf'; baseline: string;
};
export type Tool = { name: string; version: string; catalog: string };
/** `lines` are the deciding ones; other places are indices into it, `layers` and `policies` into the policies. */
export type Surface = {
  kind: string; id: string; name: string | null; carrier: string | null; at: At; layers: number[];
  layer_list: { kind: 'subnet' | 'interface' | 'host'; policies: number[]; missing: string[] }[]; gate: string[]; assumed: string[];
  lines: { layer: number; policy: number | null; rule: number | null; at: At }[];
  exposures: (Exposure & { depth: number })[]; closed: Closed[]; verdict: Verdict; headline: string;
};
export type Closed = {
  protocol: string; ports: string | null; icmp: string | null; reach: Reach; reach_text: string; verdict: Verdict;
  admitted_by: number[]; packet: Witness; closed_by: { line: number | null; said: string }[]; message: string;
};
/** Policies by index; an edge from null comes from the internet. */
export type Tiers = {
  edges: { from: number | null; to: number; services: string[] }[];
  paths: { to: number; length: number; perhaps: boolean; hops: { policy: number; services: string[] }[]; said: string }[];
};
export type Fate = 'allowed' | 'denied' | 'partly' | 'unknown';
export type LineOf = { policy: number; rule: number; at: At };
export type Step = {
  side: 'leaving' | 'entering'; layer: 'subnet' | 'interface' | 'host' | null; said: string; outcome: 'allowed' | 'denied' | 'unknown';
  decided_by: LineOf | null; perhaps: LineOf[]; passed: (LineOf & { why: string })[];
};
export type Answer = {
  schema: string; source: string; destination: string; protocol: string; port: number | null; icmp: string | null; fate: Fate;
  said: string; suggestion: string | null; more: number; notes: string[];
  ways: {
    source: string; destination: string; fate: Fate; address: string | null; admitted: string[] | null; admitted_text: string | null;
    steps: Step[]; reply: string; reply_ports: string[];
  }[];
};
export type PolicyReference = { policy: number; id: string | null; name: string | null; address: string | null; at: At; verdict: Verdict };
export type Change = {
  message: string; direction: Direction; protocol: string; ports: string | null; icmp: string | null; local: string; certain: boolean;
  reach: Reach; ipv4: number; ipv6_64s: string; sources: string[]; source_count: number; groups: string[]; rules: number[]; places: At[];
  verdict_before: Verdict | null; verdict_after: Verdict | null;
};
/** Places of what opens are in the documents after, of what closes in those before. */
export type Comparison = {
  before: DocumentSummary[]; after: DocumentSummary[]; headline: string; equal: boolean; opens_worst: Verdict | null;
  counts: {
    policies: number; changed: number; new: number; gone: number; renamed: number; opens: number; closes: number;
    interfaces: number; interfaces_open: number; interfaces_close: number;
  };
  policies: {
    kind: string; kind_title: string; label: string; status: 'changed' | 'new' | 'gone' | 'renamed'; matched_by: string | null;
    message: string; not_compared: string | null; before: PolicyReference | null; after: PolicyReference | null; opens: Change[];
    closes: Change[]; at_interfaces: boolean;
  }[];
  surfaces: SurfaceChange[];
};
type LineOf = { policy: number; rule: number; at: At };
type SurfaceReference = { surface: number; id: string; at: At; verdict: Verdict };
/** What opens and closes at an interface, through all of its layers; the changes' `rules` are indices into the lines of their side. */
export type SurfaceChange = {
  label: string; status: 'changed' | 'new' | 'gone'; message: string; not_compared: string | null;
  before: SurfaceReference | null; after: SurfaceReference | null; opens: Change[]; closes: Change[];
  lines_before: LineOf[]; lines_after: LineOf[];
};
export type RegisterRow = {
  policy: number; policy_kind: string; policy_id: string | null; policy_name: string | null; policy_address: string | null;
  protocol: string; ports: string | null; icmp: string | null; services: string[]; sources: string[]; source_count: number; reach: Reach;
  reach_text: string; verdict: Verdict; justification: string | null; justified_by: string; owner: string | null; review: string | null;
  expired: boolean; places: At[];
};
/** Texts that name nobody: `said` tells what was replaced, `remains` what can still be seen. */
export type Pseudonymised = { documents: { name: string; text: string }[]; assumed: { name: string; value: string }[]; said: string; remains: string };
export type CatalogEntry = {
  ports: string; protocols: 'tcp' | 'udp' | 'tcp+udp'; service: string; name: string; category: string; severity: Severity;
  amplifies: boolean; documented: boolean; lists: string[]; risk: string; alternative: string;
};
export type Catalog = {
  port: { port: number; class: 'system' | 'user' | 'dynamic'; class_text: string; first: number; last: number } | null;
  entries: CatalogEntry[];
};
export type Meter = 'verdicts' | 'connectivity' | 'least-privilege';
/** `extent` is one of three: everyone, some prefixes, or a policy by its id, name or address. */
export type Zone = { name: string; internet?: true; addresses?: string[]; group?: string };
export type Flow = { source: string; destination: string; service: string; allow: boolean; because: string };
/** `idea` is one phrase, empty where it is not given. */
export type Exercise = {
  id: string; title: string; idea: string; teaches: string[]; needs: string[]; fails: Meter[]; forbid: Verdict; silence: string[]; slack: number;
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
/** `line` is the line of the text that decides, from 1, where a single one does. */
export type DrillQuestion = { question: string; text: string; choices: string[]; answer: number; because: string; line: number | null };
export type Solved = {
  id: string; solved: boolean; hints: number; score: number | null; shown_solution: boolean; answer: Configuration[] | null;
};
/** `schema` is `portcullis.answers/1`; what it says is solved is worth nothing until it was graded again. */
export type Answers = { schema: string; learner: string | null; pack: string | null; exercises: Solved[] };
/** An answer, graded again; `excess` is null where none was handed in, `claimed` what the file says. */
export type ClassRow = {
  file: string; learner: string | null; exercise: string; title: string; claimed: boolean; passed: boolean; verdicts: boolean;
  connectivity: boolean; least_privilege: boolean; flows: number; flows_passed: number; score: string | null; excess: string | null;
  hints: number; shown_solution: boolean; said: string;
};
/** What one learner handed in; `csv` is the rows with the line that names the columns. */
export type HandedIn = { pack: string | null; rows: ClassRow[]; csv: string; problems: Problem[] };
export type FromFinding = { pack: string; exercise: string; solved: boolean; said: string };
