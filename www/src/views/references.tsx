import { useState } from 'preact/hooks';
import { CopyButton } from '../ui/copy-button';
import { Prose } from '../ui/prose';
import { count } from '../words';

/** Text with a copy button: the page has no link that leads outside. */
export function References({ references }: { references: string[] }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" class="link" aria-expanded={open} onClick={() => setOpen(!open)}>
        {open ? 'Hide' : 'Show'} {count(references.length, 'reference')}
      </button>
      {open && (
        <ul class="references">
          {references.map(reference => (
            <li key={reference}>
              <span>
                <Prose text={reference} />
              </span>
              <CopyButton text={reference} what={`the reference ${reference}`} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
