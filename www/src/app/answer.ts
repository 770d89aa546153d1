import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Question, Questions } from '../session/protocol';
import { useApp, useValue } from './context';

/** The session's answer to a question about the shown result. While the text is edited the last answer stays until the
 * next one is there; that about another document is dropped at once. `wanted` is false where the answer is not needed. */
export function useAnswer<Q extends Question>(question: Q, args: Parameters<Questions[Q]>, wanted = true): ReturnType<Questions[Q]> | undefined {
  const app = useApp();
  const shown = useValue(state => state.shown);
  // The session knows only the newest text, not the result that is still shown from before it.
  const gone = useValue(state => state.lastGood !== null || state.detached);
  const about = useMemo(() => app.state.subject, [app, shown]);
  const [kept, keep] = useState<{ about: number; value: ReturnType<Questions[Q]> } | null>(null);
  const key = JSON.stringify(args);
  useEffect(() => {
    if (!wanted || gone) return;
    let current = true;
    app.engine.ask(question, ...args).then(
      value => current && keep({ about, value }),
      // The worker was ended meanwhile; the run that comes asks anew.
      () => {},
    );
    return () => {
      current = false;
    };
  }, [app, question, key, wanted, gone, shown]);
  return kept?.about === about ? kept.value : undefined;
}
