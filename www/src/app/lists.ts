// The long lists of the result, fetched page by page from the session in the worker.
import type { Engine } from '../session/engine';
import type { Result } from '../session/protocol';
import type { Page } from '../session/types';
import { policyKey } from './keys';
import { shownIndex, type State } from './state';
import type { Store } from './store';

const MORE = 100;
/** Marks beside one text; an editor's text has no more rules than that. */
export const MARKS = 20_000;

export type ListId = 'findings' | 'notes' | 'policies' | 'ports';

export class Lists {
  constructor(
    private readonly store: Store<State>,
    private readonly engine: Engine,
    /** Called when other marks are known. */
    private readonly marked: () => void,
  ) {}

  /** Fetches the next part of a list. */
  async more(list: ListId, count = MORE): Promise<void> {
    const { result, shown, filter } = this.store.state;
    if (!result) return;
    const have = result[list].items.length;
    const page = await this.page(list, have, count);
    const now = this.store.state;
    const same = now.result && now.shown === shown && now.filter === filter && now.result[list].items.length === have;
    if (page && same) this.put({ [list]: { total: page.total, items: [...result[list].items, ...page.items] } });
  }

  /** Fetches the beginnings of the filtered lists anew. */
  async refilter(): Promise<void> {
    const { shown, filter, result } = this.store.state;
    if (!result) return;
    const [findings, policies, ports] = await Promise.all([this.page('findings', 0, MORE), this.page('policies', 0, MORE), this.page('ports', 0, MORE)]);
    const now = this.store.state;
    if (findings && policies && ports && now.shown === shown && now.filter === filter) this.put({ findings, policies, ports } as Partial<Result>);
  }

  /** Fetches the marks of the document that is shown. */
  async marks(): Promise<void> {
    const { shown, active, lastGood } = this.store.state;
    const document = shownIndex(this.store.state);
    if (document < 0 || lastGood) return;
    const marks = await this.engine.ask('marks', document, 0, MARKS).catch(() => undefined);
    const now = this.store.state;
    if (!marks || now.shown !== shown || now.active !== active) return;
    this.put({ marks });
    this.marked();
  }

  async detail(index: number): Promise<void> {
    const { shown, lastGood } = this.store.state;
    // The session knows only the newest text, not the result that is still shown from before it.
    if (lastGood) return;
    const detail = await this.engine.ask('policy', index).catch(() => undefined);
    if (!detail || this.store.state.shown !== shown) return;
    this.store.set({ details: new Map(this.store.state.details).set(index, detail) });
  }

  async audit(id: string): Promise<void> {
    const doc = await this.engine.ask('audit', id).catch(() => undefined);
    this.store.set({ audits: new Map(this.store.state.audits).set(id, doc ?? null) });
  }

  /** Opens a policy in its view, wherever it stands in the list. */
  async openPolicy(index: number): Promise<void> {
    await this.detail(index);
    const detail = this.store.state.details.get(index);
    if (!detail) return;
    this.store.set({ view: 'policies', focusedPolicy: index, openPolicies: new Set(this.store.state.openPolicies).add(policyKey(detail)) });
  }

  togglePolicy(key: string): void {
    const open = new Set(this.store.state.openPolicies);
    if (!open.delete(key)) open.add(key);
    this.store.set({ openPolicies: open });
  }

  private async page(list: ListId, offset: number, count: number): Promise<Page<unknown> | undefined> {
    const { filter } = this.store.state;
    try {
      switch (list) {
        case 'findings':
          return await this.engine.ask('findings', filter, offset, count);
        case 'notes':
          return await this.engine.ask('findings', 'secure', offset, count);
        case 'policies':
          return await this.engine.ask('policies', filter, offset, count);
        case 'ports':
          return await this.engine.ask('ports', offset, count, filter);
      }
    } catch {
      // The worker was ended meanwhile; the run that comes brings its own lists.
      return undefined;
    }
  }

  private put(change: Partial<Result>): void {
    const { result } = this.store.state;
    if (result) this.store.set({ result: { ...result, ...change } });
  }
}
