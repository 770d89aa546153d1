import { useEffect, useState } from 'preact/hooks';
import type { Question, Questions } from '../session/protocol';
import { useApp, useValue } from './context';

/** The answer to a question that needs no session. Until the next one is there the last one stays, so nothing flickers. */
export function useAsked<Q extends Question>(question: Q, ...args: Parameters<Questions[Q]>): ReturnType<Questions[Q]> | undefined {
  const app = useApp();
  const ready = useValue(state => state.phase === 'ready');
  const [answer, setAnswer] = useState<ReturnType<Questions[Q]>>();
  useEffect(() => {
    if (!ready) return;
    let current = true;
    // Refused only when the worker was ended: the next one can answer.
    const ask = (): Promise<void> =>
      app.engine.ask(question, ...args).then(
        found => void (current && setAnswer(() => found)),
        () => (current ? ask() : undefined),
      );
    void ask();
    return () => {
      current = false;
    };
  }, [app, ready, question, ...args]);
  return answer;
}
