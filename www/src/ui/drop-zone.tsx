import { useEffect, useState } from 'preact/hooks';
import { SIDES } from '../app/comparing';
import { useApp, useValue } from '../app/context';
import { isBlank } from '../app/documents';
import { dropped } from '../source/files';

/** Files can be dropped anywhere on the page; beside a comparison they go to the side they are dropped on, else to an empty one. */
export function DropZone() {
  const app = useApp();
  const [over, setOver] = useState(false);
  const comparing = useValue(state => state.section === 'compare');
  useEffect(() => {
    const holdsFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
    const drag = (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent) => event.relatedTarget === null && setOver(false);
    const drop = (event: DragEvent) => {
      setOver(false);
      if (!event.dataTransfer?.files.length) return;
      event.preventDefault();
      const on = (event.target as Element).closest<HTMLElement>('[data-side]')?.dataset.side;
      const { sides } = app.comparing.store.state;
      const side = SIDES.find(each => each === on) ?? SIDES.find(each => sides[each].every(isBlank)) ?? 'after';
      void dropped(event.dataTransfer).then(found => (comparing ? app.comparing.open(side, found) : app.open(found)));
    };
    // Before the editor hears of it: dropped on the editor a file would be inserted as text.
    const early = { capture: true };
    const dropEarly = (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      event.stopPropagation();
      drop(event);
    };
    addEventListener('dragover', drag);
    addEventListener('dragleave', leave);
    addEventListener('drop', dropEarly, early);
    return () => {
      removeEventListener('dragover', drag);
      removeEventListener('dragleave', leave);
      removeEventListener('drop', dropEarly, early);
    };
  }, [app, comparing]);
  return over ? (
    <div class="drop">
      <p>{comparing ? 'Drop files or folders on the side that they belong to' : 'Drop files or folders to review them'}</p>
    </div>
  ) : null;
}
