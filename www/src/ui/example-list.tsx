import { useApp, useValue } from '../app/context';
import { verdictWord } from '../words';
import { VerdictMark } from './mark';

/** The examples, each with what to notice in it. */
export function ExampleList({ chosen }: { chosen?: () => void }) {
  const app = useApp();
  const examples = useValue(state => state.examples);
  return (
    <ul class="examples">
      {examples.map(example => (
        <li key={example.id}>
          <button
            type="button"
            class="example"
            data-example={example.id}
            onClick={() => {
              app.load(`${example.id}.json`, example.text, example);
              chosen?.();
            }}
          >
            <VerdictMark verdict={example.verdict} size={20} />
            <span class="example-title">
              {example.title} <span class={`example-verdict v-${example.verdict}`}>{verdictWord(example.verdict)}</span>
            </span>
            <span class="example-lesson">{example.lesson}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
