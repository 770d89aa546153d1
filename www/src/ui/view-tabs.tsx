import { useRef } from 'preact/hooks';
import { useAnswer } from '../app/answer';
import { useApp, useValue } from '../app/context';
import { useRested } from '../app/rested';
import type { ViewId } from '../app/state';
import { number, policyTotal } from '../words';
import { MANY, VIEWS } from '../views/views';

/** The views of the result, as tabs: arrow keys move between them. */
export function ViewTabs() {
  const app = useApp();
  const view = useValue(state => state.view);
  const result = useValue(state => state.lastGood ?? state.result);
  const lastGood = useValue(state => state.lastGood);
  const stale = useValue(state => state.lastGood !== null || state.detached || state.slow);
  const broken = useRested(lastGood !== null);
  const filter = useValue(state => state.filter);
  const list = useRef<HTMLDivElement>(null);
  const tiers = useAnswer('tiers', [], result !== null && (view === 'tiers' || policyTotal(result.summary) <= MANY));
  if (!result) return null;
  // The one that is looked at stays while it is not yet known whether it has something to say.
  const views = VIEWS.filter(({ id, shown }) => !shown || shown({ result, tiers }, filter) || (id === 'tiers' && id === view && !tiers));
  const active = views.find(({ id }) => id === view) ?? VIEWS[0];
  const move = (event: KeyboardEvent) => {
    const here = views.indexOf(active);
    const to = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: views.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = views[(to + views.length) % views.length];
    if (!next) return;
    app.setView(next.id);
    list.current?.querySelector<HTMLElement>(`#${tabId(next.id)}`)?.focus();
  };
  return (
    <>
      {lastGood && broken && (
        <p class="stale-note">
          Below is the last result, from before this edit.
          <button type="button" class="link" onClick={() => app.showReadable()}>
            Show what can be read now
          </button>
        </p>
      )}
      <div class="tabs" role="tablist" aria-label="Views of the result" ref={list} onKeyDown={move}>
        {views.map(({ id, title, total }) => (
          <button key={id} type="button" role="tab" id={tabId(id)} aria-selected={id === active.id} aria-controls="view" tabIndex={id === active.id ? 0 : -1} onClick={() => app.setView(id)}>
            {title(result)} {total && <span class="tab-count">{number(total(result))}</span>}
          </button>
        ))}
      </div>
      <div id="view" role="tabpanel" aria-labelledby={tabId(active.id)} class={stale ? 'view view-stale' : 'view'} aria-busy={stale}>
        <active.Component result={result} tiers={tiers} />
      </div>
    </>
  );
}

const tabId = (id: ViewId): string => `tab-${id}`;
