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
      <p class="wide-only">
        <kbd>j</kbd> <kbd>k</kbd> move, <kbd>/</kbd> filters
      </p>
    </div>
  );
}
