import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useApp, useStore, useValue } from '../app/context';
import { LAST_SEED } from '../app/drilling';
import type { DrillQuestion } from '../session/types';
import { CopyButton } from '../ui/copy-button';
import { Check, Cross } from '../ui/icons';
import { capital, count, number, sentence } from '../words';

/** The drill: endless questions from a seed, answered by the evaluator. */
export function Drill() {
  const { drilling } = useApp();
  const ready = useValue(state => state.phase === 'ready');
  const { questions, at, chosen } = useStore(drilling.store, state => state);
  const question = questions[at];
  useEffect(() => {
    if (ready) void drilling.ensure();
  }, [drilling, ready]);
  return (
    <div class="sheet drill">
      <div class="sheet-head">
        <h3>Drill</h3>
        <Score />
      </div>
      <p class="quiet">Short questions about made-up rules. The answers come from the same evaluator that judges what you paste. Choose with the mouse, or with the number keys; Enter goes on.</p>
      {question && <Asked key={`${at} ${question.text}`} question={question} at={at} chosen={chosen} />}
      <Seed />
    </div>
  );
}

function Score() {
  const { drilling } = useApp();
  const { right, answered, streak, longest } = useStore(drilling.store, state => state);
  return (
    <dl class="drill-score">
      <div>
        <dt>Score</dt>
        <dd data-score>
          {number(right)} of {number(answered)}
        </dd>
      </div>
      <div>
        <dt>Streak</dt>
        <dd data-streak>{number(streak)}</dd>
      </div>
      <div>
        <dt>Longest</dt>
        <dd data-longest>{number(longest)}</dd>
      </div>
    </dl>
  );
}

type Props = { question: DrillQuestion; at: number; chosen: number | null };

/** One question. The number keys work while the focus is inside, so that they mean nothing elsewhere. */
function Asked({ question: { question, text, choices, answer, because, line: told }, at, chosen }: Props) {
  const { drilling } = useApp();
  const title = useRef<HTMLHeadingElement>(null);
  const next = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => title.current?.focus(), []);
  useLayoutEffect(() => {
    if (chosen !== null) next.current?.focus();
  }, [chosen]);
  const keys = (event: KeyboardEvent) => {
    const choice = Number(event.key) - 1;
    if (event.ctrlKey || event.metaKey || event.altKey || !(choice >= 0 && choice < choices.length)) return;
    event.preventDefault();
    drilling.choose(choice);
  };
  const deciding = chosen === null || told === null ? null : told - 1;
  return (
    <section class="drill-card" onKeyDown={keys}>
      <h4 ref={title} tabIndex={-1}>
        <span class="quiet">{at + 1}.</span> {question}
      </h4>
      <pre tabIndex={0} role="group" aria-label="The configuration">
        <code>
          {text
            .trimEnd()
            .split('\n')
            .map((line, n) => (
              <span key={n} class="drill-line" data-deciding={n === deciding || undefined}>
                {line}
                {n === deciding && <span class="only-heard"> decides</span>}
                {'\n'}
              </span>
            ))}
        </code>
      </pre>
      <ol class="drill-choices">
        {choices.map((choice, n) => (
          <li key={choice}>
            <button type="button" class="button" aria-keyshortcuts={String(n + 1)} aria-pressed={chosen === n} data-right={chosen !== null && n === answer} aria-disabled={chosen !== null} onClick={() => drilling.choose(n)}>
              <kbd>{n + 1}</kbd>
              {capital(choice)}
              {chosen !== null && n === answer && (
                <span class="drill-told">
                  <Check />
                  right
                </span>
              )}
              {chosen === n && n !== answer && (
                <span class="drill-told">
                  <Cross />
                  your answer
                </span>
              )}
            </button>
          </li>
        ))}
      </ol>
      <div class="drill-answer">
        {chosen !== null && (
          <>
            <p>
              <strong>{chosen === answer ? 'Right.' : `No: ${choices[answer] ?? ''}.`}</strong> {sentence(because)}
              {deciding !== null && ' The marked line decides.'}
            </p>
            <button type="button" class="button" ref={next} onClick={() => drilling.next()}>
              Next question
            </button>
          </>
        )}
      </div>
    </section>
  );
}

function Seed() {
  const { drilling } = useApp();
  const seed = useStore(drilling.store, state => state.seed);
  const at = useStore(drilling.store, state => state.at);
  const [text, setText] = useState<string | null>(null);
  const wanted = text === null ? seed : Number(text);
  const good = Number.isInteger(wanted) && wanted >= 0 && wanted <= LAST_SEED && text !== '';
  const terminal = `portcullis drill --seed ${seed} --count ${at + 1}`;
  return (
    <form
      class="drill-seed"
      aria-label="Seed"
      onSubmit={event => {
        event.preventDefault();
        if (!good) return;
        setText(null);
        drilling.begin(wanted);
      }}
    >
      <label>
        <span>Seed</span>
        <input type="text" inputMode="numeric" autocomplete="off" value={text ?? String(seed)} aria-invalid={!good} aria-describedby="seed-told" onInput={event => setText(event.currentTarget.value.trim())} />
      </label>
      <button type="submit" class="button" disabled={!good}>
        Begin anew
      </button>
      <p class="quiet" id="seed-told">
        {good ? 'One seed asks the same questions everywhere; after a hundred the next one goes on.' : `A seed is a whole number from 0 to ${number(LAST_SEED)}.`}
      </p>
      <p class="quiet drill-terminal">
        {count(at + 1, 'question')} of it in a terminal: <code>{terminal}</code>
        <CopyButton text={terminal} what="the command" />
      </p>
    </form>
  );
}
