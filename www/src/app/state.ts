// Everything the page knows, as plain data.
import type { Probe } from '../editor/surface';
import type { Fingerprint } from '../take/fingerprint';
import type { Result } from '../session/protocol';
import { NOTHING_ASKED, type AskState } from './asking';
import { type Doc, newDoc } from './documents';
import type { At, AuditDoc, Cell, Example, Finding, Mark, PolicyDetail, Severity, Tool, Verdict } from '../session/types';
import type { Keeping } from './keep';

/** The parts of the page: the desk with the text and the truth about it, and what stands beside it. */
export type SectionId = 'review' | 'compare' | 'catalog' | 'checks' | 'learn';
export type ViewId = 'findings' | 'ports' | 'policies' | 'map' | 'tiers' | 'interfaces';
export type Theme = 'system' | 'light' | 'dark';

/** How the findings are listed. */
export type Arrangement = { order: 'worst' | 'text'; group: 'none' | 'policy' | 'audit'; text: string };
/** What is looked for in the catalog of ports. */
export type Browsing = { text: string; category: string | null; severity: Severity | null };
/** What lies over the page until it is closed. */
export type Dialog = { kind: 'legend' } | { kind: 'why'; verdict: Verdict; because: string; cell: Cell | null };

export type State = {
  /** 'loading' until the first worker is ready. */
  phase: 'loading' | 'ready' | 'failed';
  examples: Example[];
  tool: Tool | null;

  /** What is reviewed together, in the order of the tabs. */
  docs: readonly Doc[];
  /** The document that is shown, by its key. */
  active: number;
  /** The documents of the shown result, by their keys: a place names its document by the index in here. */
  reviewed: readonly number[];
  /** Counts up with every new subject; edits and further documents keep it. */
  subject: number;
  /** Values given for what the text leaves open, by name. */
  assumed: ReadonlyMap<string, string>;
  /** Use the plain text box instead of the editor. */
  plain: boolean;
  theme: Theme;

  /** The newest run asked for, and the newest one shown: equal when everything on the page is up to date. */
  wanted: number;
  shown: number;
  /** Set once a run has taken longer than a frame or two. */
  slow: boolean;
  progress: number;
  error: string | null;
  /** Where the text came from, when it came by itself. */
  notice: string | null;
  /** Whether the last work is kept in this browser. */
  keeping: Keeping;

  /** The last result. */
  result: Result | null;
  /** What an edit that can no longer be read replaced: shown greyed below the problem until the text reads again. */
  lastGood: Result | null;
  /** By which the shown result can be reproduced; null until it is known. */
  fingerprint: Fingerprint | null;
  /** The session of the shown result is gone, so no more of its lists can be fetched. */
  detached: boolean;

  section: SectionId;
  view: ViewId;
  filter: Verdict | undefined;
  arrangement: Arrangement;
  browsing: Browsing;
  dialog: Dialog | null;
  /** The finding that is marked on both sides. */
  selected: Finding | null;
  /** The mark under the caret. */
  mark: Mark | null;
  caretLine: number;
  /** The place the excerpt of a large document shows. */
  place: At | null;

  /** Findings opened or closed by hand, by their key. */
  toggled: Map<string, boolean>;
  openPolicies: Set<string>;
  /** The policy that was asked for by name, shown first when the list does not reach it. */
  focusedPolicy: number | null;
  details: Map<number, PolicyDetail>;
  audits: Map<string, AuditDoc | null>;

  /** A jump has scrolled the page away from the result. */
  away: boolean;

  asking: AskState;
  /** What can be changed with the arrow keys at the caret, or is being changed. */
  probe: Probe | null;

  /** The last thing said to screen readers. */
  said: string;
  requests: { made: number; blocked: number };
};

const first = newDoc();

export const initialState: State = {
  phase: 'loading',
  examples: [],
  tool: null,
  docs: [first],
  active: first.key,
  reviewed: [],
  subject: 0,
  assumed: new Map(),
  plain: false,
  theme: 'system',
  wanted: 0,
  shown: 0,
  slow: false,
  progress: 0,
  error: null,
  notice: null,
  keeping: 'off',
  result: null,
  lastGood: null,
  fingerprint: null,
  detached: false,
  section: 'review',
  view: 'findings',
  filter: undefined,
  arrangement: { order: 'worst', group: 'none', text: '' },
  browsing: { text: '', category: null, severity: null },
  dialog: null,
  selected: null,
  mark: null,
  caretLine: 0,
  place: null,
  toggled: new Map(),
  openPolicies: new Set(),
  focusedPolicy: null,
  details: new Map(),
  audits: new Map(),
  away: false,
  asking: NOTHING_ASKED,
  probe: null,
  said: '',
  requests: { made: 0, blocked: 0 },
};

/** The shown document's index among those of the result; -1 where it was not part of it. */
export const shownIndex = ({ reviewed, active }: State): number => reviewed.indexOf(active);
