import { useApp, useStore } from '../app/context';
import type { ClassRow } from '../session/types';
import { FileButton } from '../ui/file-button';
import { saveFile } from '../ui/save';
import { sentence } from '../words';
import { answerWords, lineOfClass, solvedOf } from './class-words';
import { MeterMark } from './meters';
import { numberOf } from './words';

/** For whoever teaches: exercises of their own, and the answers of a class. */
export function ClassPanel() {
  const { learning } = useApp();
  const { classroom } = learning;
  const pack = useStore(learning.store, state => state.pack);
  const all = useStore(classroom.store, state => state);
  const { exercises, rows, csv, refused, working } = all;
  return (
    <section class="learn-panel" aria-labelledby="class-title">
      <h3 id="class-title">For instructors</h3>
      <p class="quiet">A pack is a file with exercises of your own; a finding of the review can be made into one. The answers that learners hand in are graded again here. No file leaves this computer.</p>
      <div class="learn-row">
        <FileButton label="Load a pack" accept=".toml" chosen={([file]) => file && void learning.openPack(file)} />
        {pack && (
          <button type="button" class="button button-quiet" onClick={() => learning.closePack()}>
            Put {pack.name} away
          </button>
        )}
        <FileButton label="Load the answers of a class" accept=".json" multiple chosen={files => void classroom.load(files)} />
        {rows.length > 0 && (
          <button type="button" class="button" onClick={() => saveFile('class.csv', 'text/csv', csv)}>
            Save as CSV
          </button>
        )}
      </div>
      {working && <p class="quiet">Grading…</p>}
      {refused.length > 0 && (
        <ul class="refused">
          {refused.map(each => (
            <li key={each} class="error">
              {sentence(each)}
            </li>
          ))}
        </ul>
      )}
      {rows.length > 0 && (
        <>
          <p>{lineOfClass({ ...all, refused: [] })}</p>
          <div class="table-box" tabIndex={0} role="group" aria-label="Table of the class">
            <table class="class-table">
              <thead>
                <tr>
                  <th scope="col">Learner</th>
                  <th scope="col">Solved</th>
                  {exercises.map(({ id, title }) => (
                    <th key={id} scope="col" title={title}>
                      {numberOf(id) || id}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {rows.map(({ learner, answers }, n) => (
                  <tr key={n}>
                    <th scope="row">{learner}</th>
                    <td>{solvedOf(answers)}</td>
                    {exercises.map(({ id }) => (
                      <Cell key={id} answer={answers.get(id)} />
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
    </section>
  );
}

function Cell({ answer }: { answer: ClassRow | undefined }) {
  const there = answer && answer.excess !== null;
  const words = answerWords(answer);
  return (
    <td class={!there ? 'v-none' : answer.passed ? 'v-secure' : 'v-caution'} title={words}>
      {there ? <MeterMark full={answer.passed} /> : <span aria-hidden="true">–</span>}
      <span class="only-heard">{words}</span>
    </td>
  );
}
