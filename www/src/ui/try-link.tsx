import type { ComponentChildren } from 'preact';
import { useApp } from '../app/context';
import { type Side, tryFragment, writeFragment } from '../app/fragment';

/** Loads an example of a check. Its address can be copied and opened later; a plain click leaves the page's own as it is. */
export function TryLink({ id, side, children }: { id: string; side: Side; children: ComponentChildren }) {
  const app = useApp();
  return (
    <a
      class="button"
      href={writeFragment(tryFragment(id, side))}
      onClick={event => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        void app.guide.try(id, side);
      }}
    >
      {children}
    </a>
  );
}
