import { useEffect, useState } from 'preact/hooks';
import { useApp } from '../app/context';
import { dropped } from '../source/files';

/** Files can be dropped anywhere on the page. */
export function DropZone() {
  const app = useApp();
  const [over, setOver] = useState(false);
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
      void dropped(event.dataTransfer).then(found => app.open(found));
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
  }, [app]);
  return over ? (
    <div class="drop">
      <p>Drop files or folders to review them</p>
    </div>
  ) : null;
}
