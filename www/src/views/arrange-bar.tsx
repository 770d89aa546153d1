import type { ComponentChildren } from 'preact';
import { useApp, useValue } from '../app/context';
import type { Arrangement } from '../app/state';

/** How the findings are listed: which, in which order, under which titles. `children` stand behind it. */
export function ArrangeBar({ children }: { children: ComponentChildren }) {
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
      <select aria-label="Order" value={arrangement.order} onChange={event => set({ order: event.currentTarget.value as Arrangement['order'] })}>
        <option value="worst">Worst first</option>
        <option value="text">As in the text</option>
      </select>
      <select aria-label="Group" value={arrangement.group} onChange={event => set({ group: event.currentTarget.value as Arrangement['group'] })}>
        <option value="none">Not grouped</option>
        <option value="policy">By policy</option>
        <option value="audit">By check</option>
      </select>
      {children}
      <p class="keys-hint">
        <kbd>j</kbd> <kbd>k</kbd> move, <kbd>/</kbd> filters
      </p>
    </div>
  );
}
