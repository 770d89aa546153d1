import { useEffect, useState } from 'preact/hooks';
import { useApp, useStore } from '../app/context';
import type { Questions } from '../session/protocol';
import { AskAnswer } from '../ui/ask-answer';
import { sentence } from '../words';

/** A question about the answer as it stands, as in the review. */
export function AskHere() {
  const { solving } = useApp().learning;
  const shown = useStore(solving.store, state => state.shown);
  const [question, setQuestion] = useState('');
  const [told, tell] = useState<ReturnType<Questions['ask']> | null>(null);
  useEffect(() => {
    if (!question.trim()) return tell(null);
    let current = true;
    void solving.ask(question).then(found => current && found && tell(found));
    return () => {
      current = false;
    };
  }, [question, shown]);
  return (
    <section aria-labelledby="learn-ask">
      <h3 id="learn-ask">Ask your answer</h3>
      <label class="search-box">
        <span>Can one reach the other?</span>
        <input type="text" value={question} autocomplete="off" spellcheck={false} placeholder="internet -> web tcp/22" onInput={event => setQuestion(event.currentTarget.value)} />
      </label>
      {told?.answer && <AskAnswer answer={told.answer} />}
      {told?.error && <p class="quiet">{sentence(told.error)}</p>}
    </section>
  );
}
