import { useApp, useValue } from '../app/context';
import type { ListId } from '../app/lists';
import { number } from '../words';

/** Fetches the next part of a long list; says how much of it is shown. */
export function MoreButton({ list, shown, total, what }: { list: ListId; shown: number; total: number; what: string }) {
  const app = useApp();
  const unavailable = useValue(state => state.detached || state.lastGood !== null);
  if (shown >= total) return null;
  return (
    <p class="more">
      <span>
        {number(shown)} of {number(total)} {what} shown
      </span>
      <button type="button" class="button" disabled={unavailable} onClick={() => app.lists.more(list)}>
        Show more
      </button>
    </p>
  );
}
