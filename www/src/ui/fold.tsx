import type { ComponentChildren } from 'preact';
import { Chevron } from './icons';

type Props = {
  id: string;
  /** A part of its classes: a card of a list, or a line of a long one. */
  kind: 'finding' | 'entry';
  open: boolean;
  toggle: () => void;
  title: ComponentChildren;
  /** What stands below the title, open or not. */
  head?: ComponentChildren;
  children: ComponentChildren;
};

/** Something that opens below its title. */
export function Fold({ id, kind, open, toggle, title, head, children }: Props) {
  return (
    <>
      <div class={`${kind}-head`}>
        <h3>
          <button type="button" class={`${kind}-toggle`} aria-expanded={open} aria-controls={`${id}-body`} onClick={toggle}>
            {title}
            <Chevron />
          </button>
        </h3>
        {head}
      </div>
      <div class={`${kind}-body`} id={`${id}-body`} hidden={!open}>
        {open && children}
      </div>
    </>
  );
}
