import { useMemo } from 'preact/hooks';
import { useApp, useStore, useValue } from '../app/context';
import { notesFor } from '../app/solving';
import { TextBox } from '../ui/text-box';
import { BackButton } from '../ui/back-button';
import { ExerciseSide } from './exercise-side';
import { Text } from './text';
import { numberOf, rulesWords } from './words';

/** Also what screen readers are told about the editor. */
const KEYS = 'Tab leaves the editor. F8 goes to the next finding. A plain text box can be switched on before the editor.';

/** One exercise: the learner's answer, and what is said about it. */
export function Exercise() {
  const { learning } = useApp();
  const { solving } = learning;
  const opened = useStore(solving.store, state => state.opened);
  const wanted = useStore(solving.store, state => state.wanted);
  const shown = useStore(solving.store, state => state.shown);
  return (
    <div class="exercise" data-wanted={wanted} data-shown={shown} data-exercise={opened?.exercise.id}>
      {opened && (
        <>
          <Answer />
          <ExerciseSide />
        </>
      )}
    </div>
  );
}

function Answer() {
  const app = useApp();
  const { solving, store } = app.learning;
  const plain = useValue(state => state.plain);
  const { opened, files, active, replaced, result } = useStore(solving.store, state => state);
  const ground = useStore(store, state => state.ground);
  const notes = useMemo(() => notesFor(solving.store.state), [result, active]);
  const file = files[active];
  if (!opened || !file) return null;
  const { id, title, story } = opened.exercise;
  return (
    <section class="attempt" aria-label="Your answer">
      <div class="pane-head">
        <div class="exercise-title">
          <button type="button" class="link" onClick={() => app.learning.close()}>
            All exercises
          </button>
          <h3>
            {numberOf(id)} {title}
          </h3>
        </div>
        <div class="compare-tools">
          <button type="button" class="button button-quiet" aria-pressed={plain} onClick={() => app.setPlain(!plain)}>
            Plain text box
          </button>
          <button type="button" class="button button-quiet" onClick={() => app.learning.reset()}>
            Reset
          </button>
        </div>
      </div>
      <details class="story fold" open>
        <summary>What happened</summary>
        <Text text={story} />
        <p class="quiet">{rulesWords(opened.exercise)}</p>
      </details>
      {opened.baseline && (
        <details class="story fold">
          <summary>Open on purpose: {opened.baseline.name}</summary>
          <pre tabIndex={0}>
            <code>{opened.baseline.text}</code>
          </pre>
        </details>
      )}
      {files.length > 1 && (
        <div class="filter attempt-files" role="group" aria-label="Files">
          {files.map(({ name }, n) => (
            <button key={name} type="button" class="filter-button" aria-pressed={n === active} onClick={() => solving.choose(n)}>
              {name}
            </button>
          ))}
        </div>
      )}
      <div class="text">
        <TextBox
          name={`answer-${ground}-${id}-${active}`}
          label={`Your answer, ${file.name}`}
          keys={KEYS}
          text={file.text}
          replaced={replaced}
          notes={notes}
          changed={text => solving.edit(text)}
          attach={surface => solving.attach(surface)}
          step={by => solving.step(by)}
        />
        <BackButton />
      </div>
    </section>
  );
}
