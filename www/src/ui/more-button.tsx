import { useApp, useValue } from '../app/context';
import type { ListId } from '../app/lists';
import { number } from '../words';

type Props = { shown: number; total: number; what: string };

/** Fetches the next part of a long list; says how much of it is shown. */
export function MoreButton({ list, ...props }: Props & { list: ListId }) {
  const app = useApp();
  return <More {...props} more={() => app.lists.more(list)} />;
}

export function More({ shown, total, what, more }: Props & { more: () => void }) {
  const unavailable = useValue(state => state.detached || state.lastGood !== null);
  if (shown >= total) return null;
  return (
    <p class="more">
      <span>
        {number(shown)} of {number(total)} {what} shown
      </span>
      <button type="button" class="button" disabled={unavailable} onClick={more}>
        Show more
      </button>
    </p>
  );
}
