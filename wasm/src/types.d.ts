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
  problem_count: number; problems: Problem[];
};
export type Unresolved = { name: string; at: At; would_settle: string };
export type Summary = {
  verdict: Verdict | null; headline: string; counts: Counts; findings: Counts; documents: DocumentSummary[];
  unresolved: Unresolved[]; judged: { rules: number; not_understood: number };
};
export type PolicySummary = {
  index: number; kind: string; kind_title: string; id: string | null; name: string | null; address: string | null; at: At;
  verdict: Verdict; headline: string; rules: number;
};
export type Exposure = {
  direction: Direction; protocol: string; ports: string | null; services: string[]; icmp: string | null; local: string;
  reach: Reach; reach_text: string; ipv4: number; ipv6_64s: string; groups: string[]; verdict: Verdict;
  if_open: { verdict: Verdict; reach: Reach } | null; decided_by: number[]; witness: Witness | null; because: string;
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
};
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
};
export type Tool = { name: string; version: string; catalog: string };
