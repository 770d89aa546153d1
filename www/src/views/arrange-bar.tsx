import { useApp, useValue } from '../app/context';
import type { Arrangement } from '../app/state';

/** How the findings are listed: which, in which order, under which titles. */
export function ArrangeBar() {
  const app = useApp();
  const arrangement = useValue(state => state.arrangement);
  const set = (change: Partial<Arrangement>) => app.store.set({ arrangement: { ...app.state.arrangement, ...change } });
  return (
    <div class="arrange">
      <input
        type="search"
        class="arrange-text"
        aria-label="Filter findings"
        placeholder="Filter findings"
        aria-keyshortcuts="/"
        autocomplete="off"
        spellcheck={false}
        value={arrangement.text}
        onInput={event => set({ text: event.currentTarget.value })}
      />
      <label>
        Order
        <select value={arrangement.order} onChange={event => set({ order: event.currentTarget.value as Arrangement['order'] })}>
          <option value="worst">worst first</option>
          <option value="text">as in the text</option>
        </select>
      </label>
      <label>
        Group
        <select value={arrangement.group} onChange={event => set({ group: event.currentTarget.value as Arrangement['group'] })}>
          <option value="none">none</option>
          <option value="policy">by policy</option>
          <option value="audit">by check</option>
        </select>
      </label>
    </div>
  );
}

/** Moves between the cards of a list: j and k as well as the arrow keys; / goes to the filter. */
export function moveByKey(event: KeyboardEvent): void {
  const view = event.currentTarget as HTMLElement;
  const target = event.target as HTMLElement;
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
  if (!plain || target.closest('select, dialog, pre')) return;
  const filter = view.querySelector<HTMLElement>('.arrange-text');
  const typing = target === filter;
  const by = ({ ArrowDown: 1, ArrowUp: -1, ...(typing ? {} : { j: 1, k: -1 }) } as Record<string, number>)[event.key];
  if (event.key === '/' && !typing && filter) {
    event.preventDefault();
    return filter.focus();
  }
  const cards = [...view.querySelectorAll<HTMLElement>('.finding-toggle')];
  const here = cards.findIndex(card => card.closest('.finding')?.contains(target));
  if (!by || (here < 0 && !typing)) return;
  const next = cards[here + by];
  if (here + by < 0 || !next) return;
  event.preventDefault();
  next.focus();
}
