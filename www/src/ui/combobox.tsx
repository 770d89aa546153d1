import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { Completion, Option } from './ask-completion';

type Props = {
  id: string;
  value: string;
  placeholder: string;
  describedBy: string;
  complete(text: string, caret: number): Completion | null;
  change(text: string): void;
  /** Enter, with nothing left to complete. */
  enter(): void;
  focus(): void;
};

/** A text box with what could come next below it. Tab takes what is lit and leaves the box otherwise, so no one is held in it. */
export function Combobox({ id, value, placeholder, describedBy, complete, change, enter, focus }: Props) {
  const [open, setOpen] = useState<Completion | null>(null);
  const [lit, setLit] = useState(-1);
  const input = useRef<HTMLInputElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const list = useId();
  useEffect(() => {
    if (!open) return;
    const outside = (event: Event) => !box.current?.contains(event.target as Node) && setOpen(null);
    document.addEventListener('pointerdown', outside);
    return () => document.removeEventListener('pointerdown', outside);
  }, [open]);
  useEffect(() => {
    const bottom = open && box.current?.lastElementChild?.getBoundingClientRect().bottom;
    // Above a phone's keyboard there is little room: the box goes to the top, and what it offers stays in view.
    if (bottom && bottom > (visualViewport?.height ?? innerHeight)) box.current?.scrollIntoView({ block: 'start' });
  }, [open]);
  const show = (text: string, caret: number) => {
    const completion = complete(text, caret);
    setOpen(completion);
    setLit(completion?.begun ? 0 : -1);
  };
  const take = (option: Option) => {
    const { current } = input;
    if (!open || !current) return;
    const text = value.slice(0, open.from) + option.insert + value.slice(open.to);
    const caret = open.from + option.insert.length;
    change(text);
    // The box gets its text when it is drawn: the caret can stand at its place only then.
    current.value = text;
    current.setSelectionRange(caret, caret);
    show(text, caret);
  };
  const options = open?.options ?? [];
  const keys = (event: KeyboardEvent) => {
    const chosen = options[lit];
    const move = (by: number) => {
      event.preventDefault();
      if (!open) return show(value, input.current?.selectionStart ?? value.length);
      setLit(by > 0 ? (lit + 1) % options.length : (Math.max(lit, 0) - 1 + options.length) % options.length);
    };
    if (event.isComposing) return;
    if (event.key === 'ArrowDown' && !event.altKey) move(1);
    else if (event.key === 'ArrowUp' && !event.altKey) move(-1);
    else if (event.key === 'Escape' || /^(Arrow(Left|Right)|Home|End)$/.test(event.key)) setOpen(null);
    else if (event.key === 'Tab') {
      if (!open || !chosen || event.shiftKey) return setOpen(null);
      event.preventDefault();
      take(chosen);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      if (open && chosen) return take(chosen);
      setOpen(null);
      enter();
    }
  };
  return (
    <div class="combobox" ref={box}>
      <input
        id={id}
        ref={input}
        type="text"
        role="combobox"
        value={value}
        placeholder={placeholder}
        aria-expanded={open !== null}
        aria-controls={open ? list : undefined}
        aria-autocomplete="list"
        aria-activedescendant={open && lit >= 0 ? `${list}-${lit}` : undefined}
        aria-describedby={describedBy}
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        enterkeyhint="go"
        onFocus={focus}
        onClick={() => setOpen(null)}
        onBlur={() => setOpen(null)}
        onKeyDown={keys}
        onInput={({ currentTarget: { value, selectionStart } }) => {
          change(value);
          show(value, selectionStart ?? value.length);
        }}
      />
      {open && (
        // Pressing an option must not take the focus from the box.
        <ul class="options" id={list} role="listbox" aria-label="What can come next" onPointerDown={event => event.preventDefault()} onMouseDown={event => event.preventDefault()}>
          {options.map((option, n) => (
            <li key={option.value} id={`${list}-${n}`} role="option" aria-selected={n === lit} onClick={() => take(option)}>
              <code>{option.value}</code>
              {option.note && <span>{option.note}</span>}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
