import { useState } from 'preact/hooks';
import { useApp, useStore } from '../app/context';
import { FileButton } from '../ui/file-button';
import { KeepBox } from '../ui/keep-box';

/** What becomes of the progress: nothing, unless it is kept or exported. */
export function ProgressPanel() {
  const { learning } = useApp();
  const { keeping, learner, pack, progress } = useStore(learning.store, state => state);
  const [sure, setSure] = useState(false);
  const begun = progress.own.size + progress.pack.size > 0;
  return (
    <section class="learn-panel" aria-labelledby="progress-title">
      <h3 id="progress-title">Your progress</h3>
      <p class="quiet">It is forgotten with this page, unless you keep it here or save it as a file. For a class, the file is what you hand in.</p>
      <KeepBox title="Keep my progress on this computer." keeping={keeping} set={on => void learning.keeper.set(on)} now={() => learning.store.state.keeping} />
      {pack && <p class="quiet">What you do in {pack.name} is not kept: save it as a file.</p>}
      <div class="learn-row">
        <label class="search-box">
          <span>Your name, in what you hand in (optional)</span>
          <input type="text" value={learner} autocomplete="off" maxLength={80} onInput={event => learning.rename(event.currentTarget.value)} />
        </label>
        <button type="button" class="button" disabled={!begun} onClick={() => void learning.exportAnswers()}>
          {pack ? `Save my answers to ${pack.name}` : 'Save my answers'}
        </button>
        <FileButton label="Load my answers" accept=".json" chosen={([file]) => file && void learning.importAnswers(file)} />
        {sure ? (
          <>
            <button type="button" class="button" onClick={() => (learning.resetAll(), setSure(false))}>
              Yes, forget everything
            </button>
            <button type="button" class="button button-quiet" onClick={() => setSure(false)}>
              No
            </button>
          </>
        ) : (
          <button type="button" class="button button-quiet" disabled={!begun} onClick={() => setSure(true)}>
            Start over
          </button>
        )}
      </div>
    </section>
  );
}
