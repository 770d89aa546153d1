import { useApp, useValue } from '../app/context';
import { capital, verdictWord } from '../words';
import { VerdictMark } from './mark';

/** One line under the editor: what the rule under the caret does. Its height is fixed, so nothing moves. */
export function LineBar() {
  const app = useApp();
  const mark = useValue(state => state.mark);
  const line = useValue(state => state.caretLine);
  const probe = useValue(state => state.probe);
  if (probe?.now) {
    return (
      <div class="line-bar line-bar-probe" data-probing>
        <span class="line-bar-text">
          {mark && (
            <>
              <VerdictMark verdict={mark.verdict} /> <strong>{mark.verdict ? verdictWord(mark.verdict) : 'Admits nothing'}.</strong>{' '}
            </>
          )}
          Probing <code>{probe.was}</code> → <code>{probe.now}</code>
        </span>
        <span class="line-bar-text line-bar-hint">
          <kbd>Alt</kbd> <kbd>↑</kbd> {probe.kind === 'cidr' ? 'wider' : 'up'} · <kbd>Alt</kbd> <kbd>↓</kbd> {probe.kind === 'cidr' ? 'narrower' : 'down'} · <kbd>Esc</kbd> restores
        </span>
      </div>
    );
  }
  return (
    <div class="line-bar">
      {mark ? (
        <span class="line-bar-text">
          <VerdictMark verdict={mark.verdict} /> Line {line}: <strong>{mark.verdict ? verdictWord(mark.verdict) : 'Admits nothing'}.</strong> {capital(mark.label)}
        </span>
      ) : (
        <Hint />
      )}
      {probe && (
        <span class="line-bar-hint line-bar-keys">
          <kbd>Alt</kbd> <kbd>↑</kbd> <kbd>↓</kbd> try others
        </span>
      )}
      {mark && (
        <button type="button" class="button button-quiet" onClick={() => app.selection.showRule(mark)}>
          Show rule
        </button>
      )}
    </div>
  );
}

/** With fingers there are no such keys. */
function Hint() {
  if (matchMedia('(pointer: coarse)').matches) return <span class="line-bar-text line-bar-hint">Touch a marked line to see what its rule does.</span>;
  return (
    <span class="line-bar-text line-bar-hint">
      <kbd>F8</kbd> next finding · <kbd>Ctrl</kbd> <kbd>F</kbd> search · <kbd>Tab</kbd> leaves the editor
    </span>
  );
}
