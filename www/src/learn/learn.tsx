import type { ComponentType } from 'preact';
import { useApp, useStore } from '../app/context';
import type { LearnTab } from '../app/learning';
import { Drill } from './drill';
import { Exercises } from './exercises';
import { Primer } from './primer/primer';

const TABS: readonly { id: LearnTab; title: string; Component: ComponentType }[] = [
  { id: 'exercises', title: 'Exercises', Component: Exercises },
  { id: 'primer', title: 'Primer', Component: Primer },
  { id: 'drill', title: 'Drill', Component: Drill },
];

/** The training ground: exercises on the same editor and evaluator, what one has to know, and quick questions. */
export function LearnSection() {
  const { learning } = useApp();
  const shown = useStore(learning.store, state => state.tab);
  return (
    <main class="learn" aria-labelledby="learn-title">
      <h2 id="learn-title" class="only-heard">
        Learn
      </h2>
      <nav class="learn-tabs" aria-label="Ways to learn">
        {TABS.map(({ id, title }) => (
          <button key={id} type="button" class="section-link" aria-current={id === shown ? 'page' : undefined} onClick={() => learning.show(id)}>
            {title}
          </button>
        ))}
      </nav>
      {TABS.map(({ id, Component }) => id === shown && <Component key={id} />)}
    </main>
  );
}
