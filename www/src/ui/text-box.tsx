import { useLayoutEffect, useRef } from 'preact/hooks';
import { useValue } from '../app/context';
import { createEditor } from '../editor/editor';
import type { Note, Surface } from '../editor/surface';
import { surfaceOf } from './plain-box';

type Props = {
  /** Tells it from other boxes on the page. */
  name: string;
  label: string;
  /** What screen readers are told about the keys. */
  keys?: string;
  text: string;
  /** Counts up whenever the text is replaced from outside the box. */
  replaced: number;
  notes: Note[];
  changed(text: string): void;
  attach(surface: Surface | null): void;
  /** Asked for the next or the previous finding. */
  step?(by: 1 | -1): void;
};

/** A text to edit outside the review: in the editor, or in the browser's own text box where that is preferred. */
export function TextBox(props: Props) {
  const plain = useValue(state => state.plain);
  return plain ? <Plain {...props} /> : <Editor {...props} />;
}

function Plain({ name, label, text, changed, attach }: Props) {
  const box = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    if (box.current) attach(surfaceOf(box.current));
    return () => attach(null);
  }, []);
  return (
    <div class="plain">
      <label for={`plain-${name}`}>{label}</label>
      <textarea id={`plain-${name}`} ref={box} value={text} spellcheck={false} autocomplete="off" autocapitalize="off" onInput={event => changed(event.currentTarget.value)} />
    </div>
  );
}

function Editor(props: Props) {
  const { name, label, keys = 'Tab leaves the editor.', text, replaced, notes } = props;
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<(Surface & { destroy(): void }) | null>(null);
  const now = useRef(props);
  now.current = props;
  useLayoutEffect(() => {
    if (!host.current) return;
    const made = createEditor(host.current, 0, text, keys, label, {
      changed: changed => now.current.changed(changed),
      caret: () => {},
      step: by => now.current.step?.(by),
      back: () => false,
      probe: () => {},
    });
    editor.current = made;
    props.attach(made);
    return () => {
      now.current.attach(null);
      editor.current = null;
      made.destroy();
    };
  }, [name]);
  const first = useRef(true);
  useLayoutEffect(() => {
    // The editor was made with the text.
    if (first.current) return void (first.current = false);
    editor.current?.setText(now.current.text);
  }, [replaced]);
  useLayoutEffect(() => editor.current?.setNotes(notes), [notes]);
  return <div class="editor" ref={host} data-side-editor={name} />;
}
