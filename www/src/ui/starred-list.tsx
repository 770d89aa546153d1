import { mustWords, nowWords, standing, standingWord } from '../ask-words';
import { useApp, useValue } from '../app/context';
import { StandingMark } from './fate-mark';
import { Prose } from './prose';

/** The answers that must stay, asked again after every run. */
export function StarredList({ box }: { box: string }) {
  const app = useApp();
  const starred = useValue(state => state.asking.starred);
  if (starred.length === 0) return null;
  const remove = (question: string) => {
    app.asking.unstar(question);
    // The button goes away with its row: the focus goes to where the next one is made.
    document.getElementById(box)?.focus();
  };
  return (
    <ul class="starred" aria-label="Answers that must stay">
      {starred.map(each => {
        const is = standing(each);
        const { question } = each.now;
        return (
          <li key={question} class={`starred-${is}`} data-standing={is}>
            <span class="standing">
              <StandingMark standing={is} />
              {standingWord(is)}
            </span>
            <span class="starred-words">
              <button type="button" class="link" onClick={() => app.asking.now(question)}>
                <code>{question}</code>
              </button>{' '}
              {mustWords(each.then)}. <Prose text={nowWords(each)} />
            </span>
            <button type="button" class="button button-quiet" aria-label={`Remove ${question}`} onClick={() => remove(question)}>
              Remove
            </button>
          </li>
        );
      })}
    </ul>
  );
}
