import { useState } from 'preact/hooks';
import { useApp, useValue } from '../app/context';
import { Prose } from '../ui/prose';
import { TryLink } from '../ui/try-link';
import { sentence } from '../words';

/** What the check behind a finding looks for, with two samples to try. */
export function AboutAudit({ id }: { id: string }) {
  const app = useApp();
  const [open, setOpen] = useState(false);
  const doc = useValue(state => state.audits.get(id));
  const toggle = () => {
    if (!open && doc === undefined) void app.lists.audit(id);
    setOpen(!open);
  };
  return (
    <div class="about-audit">
      <button type="button" class="link" aria-expanded={open} onClick={toggle}>
        About the check <code>{id}</code>
      </button>
      {open && doc === null && <p>This check has no description.</p>}
      {open && doc && (
        <>
          <p>
            <strong>{sentence(doc.title)}</strong> <Prose text={doc.why} />
          </p>
          <p class="about-audit-try">
            <TryLink id={id} side="dangerous">
              Try what it finds
            </TryLink>
            <TryLink id={id} side="secure">
              Try the secure form
            </TryLink>
          </p>
        </>
      )}
    </div>
  );
}
