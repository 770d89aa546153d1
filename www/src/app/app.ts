// What the page can do. The state is in the store; the components only show it and call these.
import type { Probe, Surface } from '../editor/surface';
import { Engine, type Lines } from '../session/engine';
import { watchRequests } from '../session/ledger';
import type { Result } from '../session/protocol';
import type { Example, Finding, Verdict } from '../session/types';
import { type Found, sourceOfText, sourcesOf } from '../source/files';
import { probeChange } from '../words';
import { Announcer } from './announcer';
import { Asking, NOTHING_ASKED } from './asking';
import { breaks } from './breaks';
import { Comparing } from './comparing';
import { activeSource, EMPTY, freeName, isBlank, newDoc, nothingPasted, PASTED, type Source, withDocs } from './documents';
import { Drilling } from './drilling';
import { Guide } from './guide';
import { Keeper } from './keep';
import { findingKey } from './keys';
import { Learning } from './learning';
import { Lists, MARKS } from './lists';
import { notesOf } from './notes';
import { Selection } from './selection';
import { openShared } from './share';
import { SLOW } from './slow';
import { initialState, shownIndex, type SectionId, type State, type Theme, type ViewId } from './state';
import { Store } from './store';

/** Typing pauses before a run, in milliseconds, for short and for long texts. */
const PAUSE = { short: 16, long: 140, longFrom: 200_000 };
/** How much the first answer brings along; more is fetched on demand. */
const FIRST = { findings: 50, notes: 20, policies: 50, ports: 100 };

/** An address with this at its end opens an empty page that keeps nothing. */
const CLEAN = '#clean';

export class App {
  readonly store = new Store<State>(initialState);
  readonly engine: Engine;
  readonly lists: Lists;
  readonly selection: Selection;
  readonly comparing: Comparing;
  readonly asking: Asking;
  readonly guide = new Guide(this);
  readonly keeper = new Keeper(this);
  readonly learning: Learning;
  readonly drilling: Drilling;
  private surface: Surface | null = null;
  private readonly announcer = new Announcer(said => this.store.set({ said }));
  private pause = 0;
  private slowness = 0;
  /** The subject of the shown result. */
  private shownSubject = 0;
  /** The documents of the run that was asked for last, by their keys. */
  private asked: number[] = [];
  /** The filter of the run that was asked for last. */
  private askedFilter: Verdict | undefined;
  /** The document whose marks it brings along. */
  private askedActive = 0;
  private readonly ledger = { page: { made: 0, blocked: 0 }, worker: { made: 0, blocked: 0 }, comparing: { made: 0, blocked: 0 }, solving: { made: 0, blocked: 0 } };

  constructor() {
    this.engine = new Engine({
      ready: (examples, tool) => {
        const first = this.state.phase === 'loading';
        this.store.set({ phase: 'ready', examples, tool });
        if (first) this.guide.start();
        if (first) void this.learning.start(location.hash === CLEAN);
      },
      progress: (run, progress) => run === this.state.wanted && this.store.set({ progress }),
      done: (run, result, lines) => this.show(run, result, lines),
      failed: (run, message) => this.failed(run, message),
      requests: (made, blocked) => this.enter('worker', made, blocked),
    });
    this.lists = new Lists(this.store, this.engine, () => this.refreshMarks());
    this.selection = new Selection(this.store, this.engine, this.lists, () => this.surface, key => this.activate(key));
    this.asking = new Asking(this.store, this.engine, this.announcer);
    this.learning = new Learning(
      this.engine,
      said => this.store.set({ said }),
      () => this.setSection('learn'),
      this.announcer,
      (made, blocked) => this.enter('solving', made, blocked),
    );
    this.drilling = new Drilling(this.engine, said => this.store.set({ said }));
    this.comparing = new Comparing(
      said => this.store.set({ said }),
      (made, blocked) => this.enter('comparing', made, blocked),
    );
  }

  get state(): State {
    return this.store.state;
  }

  start(): void {
    watchRequests((made, blocked) => this.enter('page', made, blocked));
    void this.engine.start();
    const { hash } = location;
    void openShared(this, hash).then(shared => this.keeper.start(hash === CLEAN, !shared && !hash.startsWith('#try=')));
    addEventListener('hashchange', () => void openShared(this, location.hash));
  }

  /** Says what could not be done. */
  tell(error: string): void {
    this.store.set({ error, said: error });
  }

  attach(surface: Surface | null): void {
    this.surface = surface;
    if (!surface) return;
    this.refreshMarks();
    this.selection.attached();
  }

  /** The user changed the text in the editor or the text box. */
  edit(text: string, replacedAll: boolean): void {
    const source = activeSource(this.state);
    const alone = this.state.docs.length === 1;
    const name = replacedAll && alone ? PASTED : source.name;
    const example = source.kind === 'text' && !replacedAll ? source.example : null;
    const edited = sourceOfText(name, text, example);
    // A paste over everything is about something else; the editor keeps its steps for undoing.
    if (replacedAll && alone) this.store.set(this.fresh([{ key: this.state.active, source: edited }]));
    else this.replace(edited);
    this.schedule();
  }

  /** Puts a whole new text in the place of everything. */
  load(name: string, text: string, example: Example | null = null): void {
    this.begin([{ kind: 'text', name, text, example }]);
  }

  /** Reviews these documents, and no others, with values for what they leave open. */
  begin(sources: readonly Source[], assumed: State['assumed'] = new Map()): void {
    const docs = sources.length > 0 ? sources.map(newDoc) : [newDoc()];
    const [first] = docs;
    if (!first) return;
    // A text in the place of another one is a step that can be undone.
    const key = docs.length === 1 ? this.state.active : first.key;
    if (docs.length === 1) docs[0] = { ...first, key };
    this.store.set({ ...this.fresh(docs), assumed, active: key });
    this.present(docs.length === 1);
    this.schedule();
  }

  /** Puts files beside what is there, each as a document of its own. */
  async open(found: Found): Promise<void> {
    const { sources, errors } = await sourcesOf(found);
    if (sources.length > 0) {
      const { docs } = this.state;
      if (nothingPasted(this.state)) this.begin(sources);
      else {
        const { docs: all, first } = withDocs(docs, sources);
        this.store.set({ section: 'review', docs: all });
        this.activate(first);
        this.schedule();
      }
    }
    if (errors.length > 0) this.store.set({ error: errors.join('; ') });
  }

  /** One more document, to be pasted. */
  addDocument(): void {
    const { docs } = this.state;
    const blank = docs.find(({ source }) => isBlank(source));
    const doc = blank ?? newDoc({ ...EMPTY, name: freeName(docs, PASTED) });
    if (!blank) this.store.set({ docs: [...docs, doc] });
    this.activate(doc.key);
    this.surface?.focus();
  }

  closeDocument(key: number): void {
    const { docs, active } = this.state;
    const at = docs.findIndex(doc => doc.key === key);
    const left = docs.filter(doc => doc.key !== key);
    if (left.length === 0) return this.clear();
    this.store.set({ docs: left });
    if (key === active) this.activate((left[at] ?? left[left.length - 1])?.key ?? active);
    this.schedule();
  }

  renameDocument(key: number, name: string): void {
    const others = this.state.docs.filter(doc => doc.key !== key);
    const wanted = name.trim();
    if (!wanted) return;
    this.store.set({ docs: this.state.docs.map(doc => (doc.key === key ? { ...doc, source: { ...doc.source, name: freeName(others, wanted) } } : doc)) });
    this.schedule();
  }

  /** Shows a document in the editor. */
  activate(key: number): void {
    if (key === this.state.active) return;
    this.store.set({ active: key, mark: null, caretLine: 0, place: null });
    this.present(false);
    this.refreshMarks();
    void this.lists.marks();
  }

  clear(): void {
    this.load(PASTED, '');
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

  /** The shown document has another text. */
  private replace(source: Source): void {
    const { docs, active } = this.state;
    this.store.set({ docs: docs.map(doc => (doc.key === active ? { ...doc, source } : doc)) });
  }

  /** Puts the shown document into the editor: as a change of the text there, or as a text with steps of its own. */
  private present(asChange: boolean): void {
    const source = activeSource(this.state);
    if (source.kind !== 'text') return;
    if (asChange) this.surface?.setText(source.text);
    else this.surface?.show(this.state.active, source.text);
  }

  /** A paste over everything and an example are a new subject: what was opened in the last one is forgotten. */
  private fresh(docs: State['docs']): Partial<State> {
    this.asking.forget();
    return {
      section: 'review',
      docs,
      subject: this.state.subject + 1,
      assumed: new Map(),
      filter: undefined,
      arrangement: { ...this.state.arrangement, text: '' },
      selected: null,
      mark: null,
      place: null,
      toggled: new Map(),
      openPolicies: new Set(),
      focusedPolicy: null,
      asking: NOTHING_ASKED,
      away: false,
      error: null,
      notice: null,
    };
  }

  private schedule(): void {
    const { docs, wanted } = this.state;
    const run = wanted + 1;
    clearTimeout(this.pause);
    clearTimeout(this.slowness);
    if (nothingPasted(this.state)) {
      this.engine.cancel();
      this.announcer.forget();
      this.store.set({ wanted: run, shown: run, slow: false, result: null, reviewed: [], lastGood: null, details: new Map(), error: null });
      return this.refreshMarks();
    }
    this.store.set({ wanted: run, error: null });
    const long = docs.some(({ source }) => source.kind === 'large' || source.text.length > PAUSE.longFrom);
    this.pause = window.setTimeout(() => this.run(run), long ? PAUSE.long : PAUSE.short);
  }

  private run(run: number): void {
    const { docs, active, filter, result, assumed } = this.state;
    this.slowness = window.setTimeout(() => {
      // A run that takes its time leaves the last result in place, unless that was about something else.
      this.store.set(this.state.subject === this.shownSubject ? { slow: true } : { slow: true, result: null, lastGood: null });
    }, SLOW);
    this.store.set({ progress: 0 });
    this.askedFilter = filter;
    this.askedActive = active;
    const read = docs.filter(({ source }) => !isBlank(source));
    this.asked = read.map(({ key }) => key);
    const shown = (loaded: number | undefined, first: number) => Math.min(200, Math.max(first, loaded ?? 0));
    this.engine.review({
      run,
      inputs: read.map(({ key, source }) => ({ key, name: source.name, body: source.kind === 'text' ? source.text : source.blob })),
      assumed,
      wanted: {
        filter,
        findings: shown(result?.findings.items.length, FIRST.findings),
        notes: shown(result?.notes.items.length, FIRST.notes),
        policies: shown(result?.policies.items.length, FIRST.policies),
        ports: shown(result?.ports.items.length, FIRST.ports),
        marks: { document: Math.max(0, this.asked.indexOf(active)), count: activeSource(this.state).kind === 'text' ? MARKS : 0 },
      },
    });
  }

  private show(run: number, result: Result, lines: Lines): void {
    if (run !== this.state.wanted) return;
    clearTimeout(this.slowness);
    const { docs } = this.state;
    const before = this.state.lastGood ?? this.state.result;
    const edited = this.state.subject === this.shownSubject;
    // Half an edit away from the next good text: what was known stays, and the problem says where to go on.
    const broken = edited && breaks(before, result);
    this.shownSubject = this.state.subject;
    this.store.set({
      docs: docs.map(({ key, source }) => ({ key, source: source.kind === 'large' ? { ...source, lines: lines.get(key) ?? source.lines } : source })),
      result,
      reviewed: this.asked,
      lastGood: broken ? before : null,
      focusedPolicy: broken ? this.state.focusedPolicy : null,
      details: broken ? this.state.details : new Map(),
      detached: false,
      shown: run,
      slow: false,
    });
    this.selection.refresh();
    this.refreshMarks();
    this.asking.refresh();
    this.announcer.result(result.summary);
    if (this.state.filter !== this.askedFilter) void this.lists.refilter();
    // Another document was chosen while this one was judged.
    if (this.state.active !== this.askedActive) void this.lists.marks();
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

  private enter(where: keyof App['ledger'], made: number, blocked: number): void {
    this.ledger[where] = { made, blocked };
    const all = Object.values(this.ledger);
    this.store.set({ requests: { made: all.reduce((sum, { made }) => sum + made, 0), blocked: all.reduce((sum, { blocked }) => sum + blocked, 0) } });
  }

  /** Draws the marks that are known beside the text. */
  refreshMarks(): void {
    const { result } = this.state;
    if (activeSource(this.state).kind === 'text') this.surface?.setNotes(result ? notesOf(result, shownIndex(this.state)) : []);
  }
}
