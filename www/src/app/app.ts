// What the page can do. The state is in the store; the components only show it and call these.
import type { Note, Probe, Surface } from '../editor/surface';
import { Engine } from '../session/engine';
import { watchRequests } from '../session/ledger';
import type { Result } from '../session/protocol';
import type { Example, Finding, Verdict } from '../session/types';
import { EDITOR_LIMIT, textOf } from '../source/files';
import type { LineIndex } from '../source/lines';
import { probeChange, sentence } from '../words';
import { Announcer } from './announcer';
import { Asking, NOTHING_ASKED } from './asking';
import { findingKey } from './keys';
import { Lists } from './lists';
import { Selection } from './selection';
import { EMPTY, initialState, isEmpty, type SectionId, type Source, type State, type Theme, type ViewId } from './state';
import { Store } from './store';

/** A run that takes longer than this shows its progress: a frame or two, and no flicker for the usual few milliseconds. */
const SLOW = 80;
/** Typing pauses before a run, in milliseconds, for short and for long texts. */
const PAUSE = { short: 16, long: 140, longFrom: 200_000 };
/** How much the first answer brings along; more is fetched on demand. */
const FIRST = { findings: 50, notes: 20, policies: 50, ports: 100, marks: 20_000 };

export class App {
  readonly store = new Store<State>(initialState);
  readonly engine: Engine;
  readonly lists: Lists;
  readonly selection: Selection;
  readonly asking: Asking;
  private surface: Surface | null = null;
  private readonly announcer = new Announcer(said => this.store.set({ said }));
  private pause = 0;
  private slowness = 0;
  /** The document of the shown result. */
  private shownDocument = 0;
  /** The filter of the run that was asked for last. */
  private askedFilter: Verdict | undefined;
  private readonly ledger = { page: { made: 0, blocked: 0 }, worker: { made: 0, blocked: 0 } };

  constructor() {
    this.engine = new Engine({
      ready: (examples, tool) => this.store.set({ phase: 'ready', examples, tool }),
      progress: (run, progress) => run === this.state.wanted && this.store.set({ progress }),
      done: (run, result, lines) => this.show(run, result, lines),
      failed: (run, message) => this.failed(run, message),
      requests: (made, blocked) => this.enter('worker', made, blocked),
    });
    this.lists = new Lists(this.store, this.engine);
    this.selection = new Selection(this.store, this.engine, this.lists, () => this.surface);
    this.asking = new Asking(this.store, this.engine, this.announcer);
  }

  get state(): State {
    return this.store.state;
  }

  start(): void {
    watchRequests((made, blocked) => this.enter('page', made, blocked));
    void this.engine.start();
  }

  attach(surface: Surface | null): void {
    this.surface = surface;
    if (surface) this.refreshMarks();
  }

  /** The user changed the text in the editor or the text box. */
  edit(text: string, replacedAll: boolean): void {
    const { source } = this.state;
    if (text.length > EDITOR_LIMIT) return void this.open(new File([text], EMPTY.name));
    if (source.kind === 'text' && !replacedAll) {
      this.store.set({ source: { ...source, text } });
    } else {
      this.store.set(this.fresh({ kind: 'text', name: EMPTY.name, text, example: null }));
    }
    this.schedule();
  }

  /** Puts a whole new text into the editor. */
  load(name: string, text: string, example: Example | null = null): void {
    this.store.set(this.fresh({ kind: 'text', name, text, example }));
    this.surface?.setText(text);
    this.schedule();
  }

  async open(file: File): Promise<void> {
    if (file.size > EDITOR_LIMIT) {
      this.store.set(this.fresh({ kind: 'large', name: file.name, blob: file, lines: null }));
      return this.schedule();
    }
    try {
      this.load(file.name, await textOf(file));
    } catch (error) {
      this.store.set({ error: `${file.name} could not be read (${String(error)}): open it again` });
    }
  }

  clear(): void {
    this.load(EMPTY.name, '');
    this.surface?.focus();
  }

  cancel(): void {
    clearTimeout(this.pause);
    clearTimeout(this.slowness);
    this.engine.cancel();
    const error = 'the review was cancelled: change the text or open the file again to start anew';
    this.store.set({ shown: this.state.wanted, slow: false, detached: true, error });
  }

  /** Gives a value for something that the text leaves open, and judges again; an empty value takes it back. */
  assume(name: string, value: string): void {
    const assumed = new Map(this.state.assumed);
    if (value.trim()) assumed.set(name, value.trim());
    else assumed.delete(name);
    this.store.set({ assumed });
    this.schedule();
  }

  /** The arrow keys changed an address or a port, or could do so at the caret. */
  probe(probe: Probe | null): void {
    const { probe: before } = this.state;
    if (before?.was === probe?.was && before?.now === probe?.now) return;
    this.store.set({ probe });
    const change = probeChange(before, probe);
    if (change) this.announcer.later('probe', () => change);
  }

  setSection(section: SectionId): void {
    this.store.set({ section });
    scrollTo({ top: 0 });
  }

  setView(view: ViewId): void {
    this.store.set({ view });
  }

  setFilter(filter: Verdict | undefined): void {
    this.store.set({ filter });
    void this.lists.refilter();
  }

  setPlain(plain: boolean): void {
    this.store.set({ plain });
  }

  setTheme(theme: Theme): void {
    document.documentElement.dataset.theme = theme;
    this.store.set({ theme });
  }

  toggleFinding(finding: Finding, open: boolean): void {
    this.store.set({ toggled: new Map(this.state.toggled).set(findingKey(finding), open) });
  }

  /** A paste over everything, a file and an example are a new document: what was opened in the last one is forgotten. */
  private fresh(source: Source): Partial<State> {
    this.asking.forget();
    return {
      source,
      document: this.state.document + 1,
      assumed: new Map(),
      filter: undefined,
      selected: null,
      mark: null,
      place: null,
      toggled: new Map(),
      openPolicies: new Set(),
      focusedPolicy: null,
      asking: NOTHING_ASKED,
      away: false,
      error: null,
    };
  }

  private schedule(): void {
    const { source, wanted } = this.state;
    const run = wanted + 1;
    clearTimeout(this.pause);
    clearTimeout(this.slowness);
    if (isEmpty(source)) {
      this.engine.cancel();
      this.announcer.forget();
      this.store.set({ wanted: run, shown: run, slow: false, result: null, lastGood: null, details: new Map(), error: null });
      return this.refreshMarks();
    }
    this.store.set({ wanted: run });
    const long = source.kind === 'large' || source.text.length > PAUSE.longFrom;
    this.pause = window.setTimeout(() => this.run(run), long ? PAUSE.long : PAUSE.short);
  }

  private run(run: number): void {
    const { source, filter, result, assumed } = this.state;
    this.slowness = window.setTimeout(() => {
      // A run that takes its time leaves the last result in place, unless that was about another document.
      this.store.set(this.state.document === this.shownDocument ? { slow: true } : { slow: true, result: null, lastGood: null });
    }, SLOW);
    this.store.set({ progress: 0 });
    this.askedFilter = filter;
    const shown = (loaded: number | undefined, first: number) => Math.min(200, Math.max(first, loaded ?? 0));
    this.engine.review({
      run,
      name: source.name,
      body: source.kind === 'text' ? source.text : source.blob,
      assumed,
      wanted: {
        filter,
        findings: shown(result?.findings.items.length, FIRST.findings),
        notes: shown(result?.notes.items.length, FIRST.notes),
        policies: shown(result?.policies.items.length, FIRST.policies),
        ports: shown(result?.ports.items.length, FIRST.ports),
        marks: source.kind === 'text' ? FIRST.marks : 0,
      },
    });
  }

  private show(run: number, result: Result, lines: LineIndex | null): void {
    if (run !== this.state.wanted) return;
    clearTimeout(this.slowness);
    const { source } = this.state;
    const before = this.state.lastGood ?? this.state.result;
    const edited = this.state.document === this.shownDocument;
    // Half an edit away from the next good text: what was known stays, and the problem says where to go on.
    const broken = edited && hasError(result) && policies(result) < policies(before);
    this.shownDocument = this.state.document;
    this.store.set({
      source: source.kind === 'large' && lines ? { ...source, lines } : source,
      result,
      lastGood: broken ? before : null,
      focusedPolicy: broken ? this.state.focusedPolicy : null,
      details: broken ? this.state.details : new Map(),
      detached: false,
      shown: run,
      slow: false,
      error: null,
    });
    this.selection.refresh();
    this.refreshMarks();
    this.asking.refresh();
    this.announcer.result(result.summary);
    if (this.state.filter !== this.askedFilter) void this.lists.refilter();
  }

  private failed(run: number | null, message: string): void {
    clearTimeout(this.slowness);
    if (run === null && this.state.phase === 'loading') return this.store.set({ phase: 'failed', error: message });
    this.store.set({ error: message, said: message, shown: this.state.wanted, slow: false, detached: true });
  }

  /** Gives up the result from before an edit for what can still be read after it. */
  showReadable(): void {
    this.store.set({ lastGood: null, details: new Map() });
    this.selection.refresh();
    this.asking.refresh();
  }

  private enter(where: 'page' | 'worker', made: number, blocked: number): void {
    this.ledger[where] = { made, blocked };
    const { page, worker } = this.ledger;
    this.store.set({ requests: { made: page.made + worker.made, blocked: page.blocked + worker.blocked } });
  }

  private refreshMarks(): void {
    const { result, source } = this.state;
    if (source.kind === 'text') this.surface?.setNotes(result ? notesOf(result) : []);
  }
}

/** What the editor shows in its margin: every rule with what was found about it, and every problem. */
function notesOf({ marks, findings, notes, summary }: Result): Note[] {
  const messages = new Map([...findings.items, ...notes.items].map(({ index, message }) => [index, message]));
  const rules = marks.items.map(({ at, verdict, finding, label }): Note => {
    const message = finding === null ? undefined : messages.get(finding);
    return { at, verdict, text: message ? `${sentence(message)} ${sentence(label)}` : sentence(label) };
  });
  const problems = summary.documents[0]?.problems.map(({ at, message }): Note => ({ at, verdict: 'unknown', text: sentence(message) })) ?? [];
  return [...rules, ...problems];
}

const policies = (result: Result | null): number => result?.summary.documents[0]?.policies ?? 0;
const hasError = (result: Result): boolean => result.summary.documents.some(document => document.problems.some(problem => problem.level === 'error'));
