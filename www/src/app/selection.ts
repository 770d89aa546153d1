// The two-way tie between the text and what is said about it.
import type { Surface } from '../editor/surface';
import type { Engine } from '../session/engine';
import type { At, Finding, Mark } from '../session/types';
import { VERDICTS } from '../words';
import { findingKey } from './keys';
import type { Lists } from './lists';
import { toText } from './stacked';
import { shownIndex, type State } from './state';
import type { Store } from './store';

export class Selection {
  /** A place to show as soon as there is something to show it in. */
  private awaited: { at: At; focus: boolean } | null = null;
  /** What had the focus before a jump into the text. */
  private from: HTMLElement | null = null;

  constructor(
    private readonly store: Store<State>,
    private readonly engine: Engine,
    private readonly lists: Lists,
    private readonly surface: () => Surface | null,
    private readonly activate: (document: number) => void,
  ) {}

  /** From right to left: a finding, a problem or a rule was chosen; its place is shown in the text. */
  jump(at: At, finding: Finding | null): void {
    const { reviewed, active } = this.store.state;
    const document = reviewed[at.document] ?? active;
    const away = document !== active;
    this.from = within('.truth');
    if (away) this.activate(document);
    this.store.set({ section: 'review', place: at, caretLine: at.line, mark: this.markAt(at.line), ...(finding ? { selected: finding } : {}) });
    if (toText()) this.store.set({ away: true });
    // A phone would cover the page with its keyboard: there the place is only shown.
    const focus = !matchMedia('(pointer: coarse)').matches;
    this.awaited = { at, focus };
    // Another document's text has to be drawn first.
    if (away) setTimeout(() => this.attached());
    else this.attached();
  }

  /** The text of the chosen place can be shown now. */
  attached(): void {
    const surface = this.surface();
    if (!surface || !this.awaited) return;
    surface.reveal(this.awaited.at, this.awaited.focus);
    this.awaited = null;
  }

  /** From the text back to what led into it, else to the finding at the caret; false where there is neither. */
  back(): boolean {
    const { selected } = this.store.state;
    const there = this.from?.checkVisibility() ? this.from : document.querySelector<HTMLElement>(`#finding-${selected?.index} .finding-toggle`);
    this.from = null;
    there?.focus();
    return Boolean(there);
  }

  /** From left to right: the caret came to a line. */
  async caret(line: number): Promise<void> {
    const { result, lastGood, caretLine } = this.store.state;
    if (line === caretLine) return;
    const mark = this.markAt(line);
    this.store.set({ caretLine: line, mark });
    if (!result || lastGood) return;
    const loaded = [...result.findings.items, ...result.notes.items];
    const near = loaded.find(finding => finding.index === mark?.finding) ?? loaded.find(finding => finding.places.some(place => this.isHere(place, line)));
    if (near) return this.store.set({ selected: near });
    if (mark) await this.selectByMark(mark, line);
  }

  /** The finding after (or before) the selected one, and its place. */
  step(by: 1 | -1): void {
    const { result, selected } = this.store.state;
    const items = result?.findings.items.filter(finding => finding.places.length > 0) ?? [];
    if (items.length === 0) return;
    const here = selected ? items.findIndex(finding => finding.index === selected.index) : -1;
    const next = items[here < 0 ? (by > 0 ? 0 : items.length - 1) : (here + by + items.length) % items.length];
    const place = next?.places[0];
    if (next && place) {
      this.store.set({ view: 'findings' });
      this.jump(place, next);
    }
  }

  /** After a run: the selected finding under its new number, or none if it is gone. */
  refresh(): void {
    const { selected, result, lastGood, caretLine } = this.store.state;
    if (!result || lastGood) return;
    const key = selected && findingKey(selected);
    const same = key ? [...result.findings.items, ...result.notes.items].find(finding => findingKey(finding) === key) : undefined;
    this.store.set({ selected: same ?? null, mark: this.markAt(caretLine) });
  }

  /** Shows the rule under the caret among the rules of its policy. */
  showRule(mark: Mark): void {
    void this.lists.openPolicy(mark.policy);
  }

  /** The mark that says most about a line: one that begins there before one that only spans it, then the worst. */
  private markAt(line: number): Mark | null {
    const marks = this.store.state.result?.marks.items.filter(mark => this.isHere(mark.at, line)) ?? [];
    const begun = marks.filter(mark => mark.at.line === line);
    const rank = (mark: Mark) => (mark.verdict ? VERDICTS.indexOf(mark.verdict) : VERDICTS.length);
    return (begun.length > 0 ? begun : marks).sort((a, b) => rank(a) - rank(b))[0] ?? null;
  }

  private isHere(at: At, line: number): boolean {
    return at.document === shownIndex(this.store.state) && covers(at, line);
  }

  /** The mark's finding, if any, lies beyond the part of the list that was fetched. */
  private async selectByMark(mark: Mark, line: number): Promise<void> {
    if (mark.finding === null) return this.store.set({ selected: null });
    const { shown } = this.store.state;
    const page = await this.engine.ask('findings', undefined, mark.finding, 1).catch(() => undefined);
    const now = this.store.state;
    if (now.shown === shown && now.caretLine === line) this.store.set({ selected: page?.items[0] ?? null });
  }
}

const covers = (at: At, line: number): boolean => at.line <= line && line <= at.end_line;

/** What has the focus, if it stands in there. */
const within = (selector: string): HTMLElement | null => {
  const { activeElement } = document;
  return activeElement instanceof HTMLElement && activeElement.closest(selector) ? activeElement : null;
};
