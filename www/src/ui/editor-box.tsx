import { useLayoutEffect, useRef } from 'preact/hooks';
import { useApp } from '../app/context';
import { activeSource } from '../app/documents';
import { createEditor } from '../editor/editor';

/** Also what screen readers are told about the editor. */
const KEYS = 'Tab leaves the editor. F8 goes to the next finding, Escape back to the result. On an address or a port, Alt with the up and down arrows tries others and Escape restores it. A plain text box can be switched on before the editor.';

export function EditorBox() {
  const app = useApp();
  const host = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const source = activeSource(app.state);
    if (!host.current || source.kind !== 'text') return;
    const editor = createEditor(host.current, app.state.active, source.text, KEYS, 'Configuration to review', {
      changed: (text, replacedAll) => app.edit(text, replacedAll),
      caret: line => void app.selection.caret(line),
      step: by => app.selection.step(by),
      back: () => app.selection.back(),
      probe: probe => app.probe(probe),
    });
    app.attach(editor);
    return () => {
      app.attach(null);
      app.probe(null);
      editor.destroy();
    };
  }, [app]);
  return <div class="editor" ref={host} data-editor />;
}
