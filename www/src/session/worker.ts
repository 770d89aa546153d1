// The worker: holds the session, so that reading and judging never hold up typing.
import { Session, audit, audit_ids, catalog, decision_table, examples, initSync, pseudonymise, tool } from 'portcullis_wasm';
import { today } from './day';
import { watchRequests } from './ledger';
import type { Assumed, Compared, FromWorker, Result, ToWorker, Wanted } from './protocol';
import { schooling } from './schooling';
import type { Comparison } from './types';
import { warmUpSample } from './warm';

const scope = self as unknown as { postMessage(message: FromWorker): void; onmessage: ((event: MessageEvent<ToWorker>) => void) | null };

/** The session that answers questions: always the last one that was reviewed to its end. */
let current: Session | undefined;
/** The session that is being fed. */
let next: Session | undefined;
/** What it is compared with, reviewed before it. */
let before: Session | undefined;
/** What is assumed about either. */
let given: Assumed = new Map();

watchRequests((made, blocked) => scope.postMessage({ kind: 'requests', made, blocked }));

scope.onmessage = ({ data }) => {
  try {
    handle(data);
  } catch (error) {
    // A panic poisons the module's memory: the page starts a new worker with the same compiled module.
    scope.postMessage({ kind: 'failed', run: 'run' in data ? data.run : null, message: String(error) });
  }
};

function handle(message: ToWorker): void {
  switch (message.kind) {
    case 'init':
      // The module comes compiled, so the glue's loader, which could ask a server, is left out of the bundle.
      initSync({ module: message.module });
      scope.postMessage({ kind: 'ready', examples: examples(), tool: tool() });
      break;
    case 'warm':
      warmUp();
      break;
    case 'begin':
      begin(message.assumed, message.today);
      break;
    case 'document':
      session().begin(message.name, message.size);
      break;
    case 'text':
      feed(session(), message.text);
      break;
    case 'chunk':
      session().chunk(message.bytes);
      break;
    case 'before':
      keepAsBefore(message.run);
      break;
    case 'review':
      finish(message.run, message.wanted);
      break;
    case 'ask':
      scope.postMessage({ kind: 'answer', id: message.id, value: answer(message.question, message.args) });
      break;
  }
}

function begin(assumed: Assumed, today: string | null): void {
  next?.free();
  before?.free();
  before = undefined;
  given = assumed;
  next = begun();
  if (today) next.today(today);
}

function begun(): Session {
  const session = new Session();
  session.today(today());
  for (const [open, value] of given) session.assume(open, value);
  return session;
}

function session(): Session {
  if (!next) throw new Error('a document was fed before it was begun');
  return next;
}

/** Encodes in pieces: the whole text as one string argument would need three times its size in wasm memory. */
function feed(into: Session, text: string): void {
  const encoder = new TextEncoder();
  const step = 1 << 16;
  for (let start = 0; start < text.length; ) {
    let end = Math.min(text.length, start + step);
    const last = text.charCodeAt(end - 1);
    const splitsPair = end < text.length && last >= 0xd800 && last < 0xdc00;
    if (splitsPair) end -= 1;
    into.chunk(encoder.encode(text.slice(start, end)));
    start = end;
  }
}

function keepAsBefore(run: number): void {
  const kept = session();
  kept.end();
  kept.review(progress(run, 0, 0.5));
  before = kept;
  next = begun();
}

/** Tells how much of a run is done, when what is judged now is the part of it from there to there. */
const progress = (run: number, from: number, to: number) => (done: number, total: number) =>
  scope.postMessage({ kind: 'progress', run, part: from + (to - from) * (total > 0 ? done / total : 1) });

function finish(run: number, wanted: Wanted): void {
  const reviewed = session();
  reviewed.end();
  const summary = reviewed.review(progress(run, before ? 0.5 : 0, 1));
  current?.free();
  current = reviewed;
  next = undefined;
  const result: Result = {
    summary,
    findings: current.findings(wanted.filter, 0, wanted.findings),
    notes: current.findings('secure', 0, wanted.notes),
    policies: current.policies(wanted.filter, 0, wanted.policies),
    ports: current.ports(0, wanted.ports, wanted.filter),
    marks: current.marks(wanted.marks.document, 0, wanted.marks.count),
    comparison: compared(before?.compare(current)),
    grade: wanted.grade ? (schooling.grade(wanted.grade.pack, wanted.grade.id, wanted.grade.files, wanted.grade.before) ?? null) : null,
  };
  scope.postMessage({ kind: 'done', run, result });
}

/** So many policies of a comparison are handed over. */
const MOST = 2_000;

function compared(whole: Comparison | undefined): Compared | null {
  if (!whole) return null;
  const { policies, surfaces } = whole;
  return { ...whole, policies: policies.slice(0, MOST), policy_total: policies.length, in_doubt: [...policies, ...surfaces].some(each => each.not_compared) };
}

/** Questions that need no session. */
const BESIDE = { audit, audit_ids, catalog, decision_table, pseudonymise, ...schooling } as unknown as Record<string, ((...args: unknown[]) => unknown) | undefined>;

function answer(question: string, args: unknown[]): unknown {
  const beside = BESIDE[question];
  if (beside) return beside(...args);
  const asked = current as unknown as Record<string, (...args: unknown[]) => unknown> | undefined;
  return asked?.[question]?.(...args);
}

/** Browsers compile wasm twice: quickly at first, well once it has run. The idle worker gets that over with. */
function warmUp(): void {
  const trial = new Session();
  trial.begin('warm-up', 0);
  feed(trial, warmUpSample());
  trial.end();
  trial.review(() => {});
  trial.findings(undefined, 0, 20);
  trial.free();
}
