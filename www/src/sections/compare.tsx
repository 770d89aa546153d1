import { useRef } from 'preact/hooks';
import { useApp, useStore } from '../app/context';
import { SIDES, type Side } from '../app/comparing';
import { isBlank } from '../app/documents';
import type { Surface } from '../editor/surface';
import type { At } from '../session/types';
import { sentence } from '../words';
import { VerdictMark } from '../ui/mark';
import { Progress } from '../ui/progress';
import { ChangeList } from './change-list';
import type { Places } from './change-rows';
import { CompareSide } from './compare-side';

/** Before and after: what opens and what closes, by what gets in and not by how it is written. */
export function CompareSection() {
  const { comparing } = useApp();
  const { comparison, error, wanted, shown, slow, progress, assumed } = useStore(comparing.store, state => state);
  const editors = useRef<Partial<Record<Side, Surface>>>({});
  const truth = useRef<HTMLElement>(null);
  /** A place in a document whose text is not drawn yet. */
  const awaited = useRef<{ side: Side; at: At } | null>(null);
  const reveal = (side: Side, at: At) => editors.current[side]?.reveal(at, !matchMedia('(pointer: coarse)').matches);
  const attach = (side: Side, surface: Surface | null) => {
    if (!surface) return void delete editors.current[side];
    editors.current[side] = surface;
    if (awaited.current?.side !== side) return;
    reveal(side, awaited.current.at);
    awaited.current = null;
  };
  const places: Places = {
    go: (side, at) => {
      const { sides, viewed } = comparing.store.state;
      if (sides[side][at.document]?.kind === 'text') {
        if (viewed[side] === at.document) return reveal(side, at);
        awaited.current = { side, at };
      }
      comparing.view(side, at.document, at);
    },
    name: (side, document) => (comparison && comparison[side].length > 1 ? (comparison[side][document]?.name ?? null) : null),
  };
  const cancel = () => {
    comparing.cancel();
    // The button goes away with the run: the focus stays beside it.
    truth.current?.focus();
  };
  const running = slow && <Progress label="Comparing" part={progress} cancel={cancel} />;
  return (
    <main class="compare" aria-labelledby="compare-title" data-wanted={wanted} data-shown={shown}>
      <h2 id="compare-title" class="only-heard">
        Compare
      </h2>
      <div class="compare-sides">
        {SIDES.map(side => (
          <CompareSide key={side} side={side} attach={surface => attach(side, surface)} />
        ))}
      </div>
      <section class="compare-truth" ref={truth} tabIndex={-1} aria-label="What changes" aria-busy={wanted !== shown}>
        {error && <p class="error">{sentence(error)}</p>}
        {comparison ? (
          <ChangeList comparison={comparison} assumed={assumed} places={places} running={running} />
        ) : running ? (
          <div class="headline v-none" data-verdict="none">
            <VerdictMark verdict={null} size={36} />
            <h2>Comparing</h2>
            {running}
          </div>
        ) : (
          <Empty />
        )}
      </section>
    </main>
  );
}

function Empty() {
  const app = useApp();
  const examples = useStore(app.store, state => state.examples);
  const { before, after } = useStore(app.comparing.store, state => state.sides);
  const text = (id: string) => {
    const example = examples.find(each => each.id === id);
    return example ? [{ kind: 'text' as const, name: `${id}.json`, text: example.text, example: null }] : [];
  };
  return (
    <div class="welcome">
      <h2>What does a change open?</h2>
      <p>
        Put the configuration as it is on the left and as it will be on the right: JSON beside Terraform is fine. You see which packets get in that did not before, and which no longer do, as exact sets. A rule in other words is no change.
      </p>
      {before.every(isBlank) && after.every(isBlank) && examples.length > 0 && (
        <button
          type="button"
          class="button"
          onClick={() => {
            app.comparing.fill('before', text('mysql-from-app'));
            app.comparing.fill('after', text('mysql-open'));
          }}
        >
          Try it with an example
        </button>
      )}
    </div>
  );
}
