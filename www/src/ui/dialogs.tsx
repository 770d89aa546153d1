import { useLayoutEffect, useRef } from 'preact/hooks';
import { useApp, useValue } from '../app/context';
import { Decision } from './decision';
import { Legend } from './legend';

/** What lies over the page until it is closed. The browser keeps the focus inside and gives it back. */
export function Dialogs() {
  const app = useApp();
  const shown = useValue(state => state.dialog);
  const box = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    if (shown && !box.current?.open) box.current?.showModal();
  }, [shown]);
  const close = () => box.current?.close();
  return (
    <dialog
      class="dialog"
      ref={box}
      aria-labelledby="dialog-title"
      onClose={() => app.store.set({ dialog: null })}
      onClick={event => event.target === event.currentTarget && close()}
    >
      {shown && (
        <div class="dialog-body">
          <button type="button" class="button dialog-close" onClick={close}>
            Close
          </button>
          {shown.kind === 'legend' ? <Legend /> : <Decision {...shown} />}
        </div>
      )}
    </dialog>
  );
}
