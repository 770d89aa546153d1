import { useLayoutEffect, useRef } from 'preact/hooks';
import { useApp, useValue } from '../app/context';
import { activeSource } from '../app/documents';
import type { Surface } from '../editor/surface';
import type { At } from '../session/types';

/** The same text in the browser's own text box, for screen readers, phones and whoever prefers it. */
export function PlainBox() {
  const app = useApp();
  const box = useRef<HTMLTextAreaElement>(null);
  /** A paste over everything is a new document, not an edit of the old one. */
  const pastedOverAll = useRef(false);
  const text = useValue(state => {
    const source = activeSource(state);
    return source.kind === 'text' ? source.text : '';
  });
  useLayoutEffect(() => {
    if (!box.current) return;
    app.attach(surfaceOf(box.current));
    return () => app.attach(null);
  }, [app]);
  const caret = () => {
    const element = box.current;
    if (element) void app.selection.caret(lineAt(element.value, element.selectionStart));
  };
  return (
    <div class="plain">
      <label for="plain-text">Configuration to review</label>
      <textarea
        id="plain-text"
        ref={box}
        value={text}
        spellcheck={false}
        autocomplete="off"
        autocapitalize="off"
        onPaste={({ currentTarget: { selectionStart, selectionEnd, value } }) => {
          pastedOverAll.current = selectionStart === 0 && selectionEnd === value.length;
        }}
        onInput={event => {
          app.edit(event.currentTarget.value, pastedOverAll.current);
          pastedOverAll.current = false;
        }}
        onClick={caret}
        onKeyDown={event => event.key === 'Escape' && app.selection.back()}
        onKeyUp={caret}
      />
    </div>
  );
}

const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;

/** The box as a surface. */
export function surfaceOf(element: HTMLTextAreaElement): Surface {
  return {
    // The component draws the text and the box has no room for marks: the list beside it says the same.
    setText: () => {},
    show: () => {},
    setNotes: () => {},
    reveal(at: At, focus: boolean) {
      const lines = element.value.split('\n');
      const offset = (line: number, column: number) => lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0) + column - 1;
      if (focus) element.focus();
      element.setSelectionRange(offset(at.line, at.column), offset(at.end_line, at.end_column));
      const height = element.scrollHeight / Math.max(1, lines.length);
      element.scrollTop = Math.max(0, (at.line - 1) * height - element.clientHeight / 2);
    },
    focus: () => element.focus(),
  };
}
