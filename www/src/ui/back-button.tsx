import { useEffect } from 'preact/hooks';
import { useApp, useValue } from '../app/context';
import { fromText, isBack } from '../app/stacked';

/** After a jump to the text on a small screen: the way back to what it was made from. */
export function BackButton() {
  const app = useApp();
  const away = useValue(state => state.away);
  useEffect(() => {
    if (!away) return;
    const check = () => isBack() && app.store.set({ away: false });
    addEventListener('scroll', check, { passive: true });
    return () => removeEventListener('scroll', check);
  }, [app, away]);
  if (!away) return null;
  const back = () => {
    app.store.set({ away: false });
    fromText();
  };
  return (
    <button type="button" class="button back" onClick={back}>
      Back to the result
    </button>
  );
}
