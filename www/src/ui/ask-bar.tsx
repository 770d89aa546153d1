import { useMemo, useState } from 'preact/hooks';
import { mustWords } from '../ask-words';
import { useApp, useValue } from '../app/context';
import type { Result } from '../session/protocol';
import type { CatalogEntry } from '../session/types';
import { sentence } from '../words';
import { AskAnswer } from './ask-answer';
import { complete, exampleQuestions, servicesOf } from './ask-completion';
import { Combobox } from './combobox';
import { Star } from './fate-mark';
import { Close } from './icons';
import { Prose } from './prose';
import { StarredList } from './starred-list';

const BOX = 'ask';

/** A question about one flow, answered as it is typed. */
export function AskBar({ result }: { result: Result }) {
  const app = useApp();
  const { question, answered, starred, names } = useValue(state => state.asking);
  const stale = useValue(state => state.lastGood !== null || state.detached);
  const [catalog, setCatalog] = useState<CatalogEntry[]>([]);
  const ports = result.ports.items;
  const services = useMemo(() => servicesOf(ports, catalog), [ports, catalog]);
  const examples = useMemo(() => exampleQuestions(ports, names), [ports, names]);
  const answer = question.trim() ? answered?.answer : null;
  return (
    <section class="ask" aria-labelledby="ask-title">
      <div class="ask-line">
        <label id="ask-title" for={BOX}>
          Ask
        </label>
        <Combobox
          id={BOX}
          value={question}
          placeholder={examples[0] ?? ''}
          describedBy="ask-hint"
          complete={(text, caret) => complete(text, caret, { names, services })}
          change={text => app.asking.type(text)}
          enter={() => app.asking.now(question)}
          focus={() => void app.asking.catalog().then(setCatalog)}
        />
        {question && (
          <button
            type="button"
            class="button button-icon button-quiet"
            aria-label="Clear the question"
            title="Clear the question"
            onClick={() => {
              app.asking.now('');
              document.getElementById(BOX)?.focus();
            }}
          >
            <Close />
          </button>
        )}
      </div>
      <div class="ask-hint" id="ask-hint">
        {!question.trim() ? (
          <>
            <span>{examples.length > 0 ? 'Who reaches whom, for example' : 'Who reaches whom'}</span>
            {examples.map(example => (
              <button key={example} type="button" class="link" onClick={() => app.asking.now(example)}>
                <code>{example}</code>
              </button>
            ))}
          </>
        ) : answered?.error ? (
          <span>
            <Prose text={sentence(answered.error)} />
          </span>
        ) : answer && answered ? (
          <StarButton />
        ) : null}
        {stale && (answer || starred.length > 0) && <span>The answers are from before this edit.</span>}
      </div>
      {answer && (
        <div class={stale ? 'view-stale' : ''}>
          <AskAnswer key={answered?.question} answer={answer} />
        </div>
      )}
      <StarredList box={BOX} />
    </section>
  );
}

/** What is not known can't be held to. */
function StarButton() {
  const app = useApp();
  const answered = useValue(state => state.asking.answered);
  const starred = useValue(state => state.asking.starred.find(({ now }) => now.question === answered?.question));
  if (!answered?.answer) return null;
  if (answered.answer.fate === 'unknown' && !starred) return <span>An answer can be held to once it is certain.</span>;
  return (
    <button type="button" class="button" aria-pressed={starred !== undefined} onClick={() => app.asking.star(answered)}>
      <Star />
      {mustWords(starred?.then ?? answered.answer)}
    </button>
  );
}
