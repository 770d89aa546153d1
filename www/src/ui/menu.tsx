import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Down } from './icons';

/** A button that opens a panel below itself; Escape, a click elsewhere or leaving by keyboard closes it. */
export function Menu({ label, icon, children }: { label: string; icon: ComponentChildren; children: (close: () => void) => ComponentChildren }) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  useLayoutEffect(() => {
    if (!open) return;
    const outside = (event: Event) => !box.current?.contains(event.target as Node) && setOpen(false);
    document.addEventListener('pointerdown', outside);
    document.addEventListener('focusin', outside);
    // Not every browser gives the focus to a button that is clicked.
    const key = (event: KeyboardEvent) => event.key === 'Escape' && close();
    document.addEventListener('keydown', key);
    return () => {
      document.removeEventListener('keydown', key);
      document.removeEventListener('pointerdown', outside);
      document.removeEventListener('focusin', outside);
    };
  }, [open]);
  return (
    <div class="menu" ref={box}>
      <button type="button" class="button" ref={button} aria-expanded={open} aria-haspopup="true" onClick={() => setOpen(!open)}>
        {icon}
        {label}
        <Down />
      </button>
      {open && <div class="menu-panel">{children(close)}</div>}
    </div>
  );
}
