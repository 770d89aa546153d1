import { useRef } from 'preact/hooks';
import { useApp, useValue } from '../app/context';
import type { ViewId } from '../app/state';
import { number } from '../words';
import { VIEWS } from '../views/views';

/** The views of the result, as tabs: arrow keys move between them. */
export function ViewTabs() {
  const app = useApp();
  const view = useValue(state => state.view);
  const result = useValue(state => state.lastGood ?? state.result);
  const lastGood = useValue(state => state.lastGood);
  const stale = useValue(state => state.lastGood !== null || state.detached || state.slow);
  const list = useRef<HTMLDivElement>(null);
  if (!result) return null;
  const move = (event: KeyboardEvent) => {
    const here = VIEWS.findIndex(({ id }) => id === view);
    const to = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: VIEWS.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = VIEWS[(to + VIEWS.length) % VIEWS.length];
    if (!next) return;
    app.setView(next.id);
    list.current?.querySelector<HTMLElement>(`#${tabId(next.id)}`)?.focus();
  };
  const active = VIEWS.find(({ id }) => id === view) ?? VIEWS[0];
  return (
    <>
      {lastGood && (
        <p class="stale-note">
          Below is the last result, from before this edit.
          <button type="button" class="link" onClick={() => app.showReadable()}>
            Show what can be read now
          </button>
        </p>
      )}
      <div class="tabs" role="tablist" aria-label="Views of the result" ref={list} onKeyDown={move}>
        {VIEWS.map(({ id, title, total }) => (
          <button key={id} type="button" role="tab" id={tabId(id)} aria-selected={id === view} aria-controls="view" tabIndex={id === view ? 0 : -1} onClick={() => app.setView(id)}>
            {title(result)} <span class="tab-count">{number(total(result))}</span>
          </button>
        ))}
      </div>
      <div id="view" role="tabpanel" aria-labelledby={tabId(view)} class={stale ? 'view view-stale' : 'view'} aria-busy={stale}>
        <active.Component result={result} />
      </div>
    </>
  );
}

const tabId = (id: ViewId): string => `tab-${id}`;
