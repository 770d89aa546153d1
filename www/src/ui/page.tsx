import { useMemo } from 'preact/hooks';
import { useValue } from '../app/context';
import { SECTIONS } from '../sections/sections';
import { Dialogs } from './dialogs';
import { Printing } from '../take/printing';
import { DropZone } from './drop-zone';
import { Footer } from './footer';
import { Header } from './header';
import { Assurance, SourcePane } from './source-pane';
import { TruthPane } from './truth-pane';

export function Page() {
  return (
    <>
      <Header />
      <Desk />
      <Beside />
      <Footer />
      <LiveRegion />
      <DropZone />
      <Dialogs />
      <Printing />
    </>
  );
}

/** Whether it can judge yet, the run that was asked for last and the one that is shown stand here for whoever drives the
 * page by program. */
function Desk() {
  const phase = useValue(state => state.phase);
  const wanted = useValue(state => state.wanted);
  const shown = useValue(state => state.shown);
  const away = useValue(state => state.section !== 'review');
  // Every key asks for another run; the panes see for themselves what concerns them.
  const panes = useMemo(
    () => (
      <>
        <SourcePane />
        <TruthPane />
        <Assurance />
      </>
    ),
    [],
  );
  return (
    <main class="desk" hidden={away} data-phase={phase} data-wanted={wanted} data-shown={shown}>
      {panes}
    </main>
  );
}

/** What is shown in the desk's place. */
function Beside() {
  const section = useValue(state => state.section);
  const shown = SECTIONS.find(({ id }) => id === section);
  return shown ? <shown.Component /> : null;
}

/** The only live region: it says changes, politely. */
function LiveRegion() {
  const said = useValue(state => state.said);
  return (
    <p class="only-heard" role="status" aria-live="polite">
      {said}
    </p>
  );
}
