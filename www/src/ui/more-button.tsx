import { useApp, useValue } from '../app/context';
import type { ListId } from '../app/lists';
import { number } from '../words';

type Props = { shown: number; total: number; what: string };
type Press = { more: () => void };

/** Fetches the next part of a list of the review. */
export function MoreButton({ list, ...props }: Props & { list: ListId }) {
  const app = useApp();
  return <MoreAsked {...props} more={() => app.lists.more(list)} />;
}

/** The same where a view fetches it: only while the session of what is shown can be asked. */
export function MoreAsked(props: Props & Press) {
  const unavailable = useValue(state => state.detached || state.lastGood !== null);
  return <More {...props} unavailable={unavailable} />;
}

/** Shows the next part of a long list; says how much of it is shown. */
export function More({ shown, total, what, more, unavailable = false }: Props & Press & { unavailable?: boolean }) {
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
