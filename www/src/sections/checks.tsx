import { useState } from 'preact/hooks';
import { useAsked } from '../app/asked';
import { Fact } from '../ui/fact';
import { Fold } from '../ui/fold';
import { Prose } from '../ui/prose';
import { TryLink } from '../ui/try-link';
import { References } from '../views/references';
import { count, sentence } from '../words';

/** All checks, each with what it finds and what it leaves alone. */
export function ChecksSection() {
  const [text, setText] = useState('');
  const all = useAsked('audit_ids') ?? [];
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = all.filter(({ id, title }) => words.every(word => `${id} ${title}`.toLowerCase().includes(word)));
  return (
    <main class="sheet" aria-labelledby="checks-title">
      <div class="sheet-head">
        <h2 id="checks-title">Checks</h2>
      </div>
      <p class="quiet">Everything that is looked for in what you paste. Each check has an example that it finds and one that it leaves alone: load either, change a line, and watch the verdict.</p>
      <div class="search">
        <label class="search-box">
          <span>Find a check</span>
          <input type="search" value={text} autocomplete="off" spellcheck={false} placeholder="database" onInput={event => setText(event.currentTarget.value)} />
        </label>
      </div>
      <h3 class="list-title">{found.length === 0 ? 'No check has these words in its title' : count(found.length, 'check')}</h3>
      {found.length > 0 && (
        <ul class="entries">
          {found.map(check => (
            <Check key={check.id} {...check} />
          ))}
        </ul>
      )}
    </main>
  );
}

function Check({ id, title }: { id: string; title: string }) {
  const [open, setOpen] = useState(false);
  return (
    <li class="entry check" data-check={id}>
      <Fold
        id={`check-${id}`}
        kind="entry"
        open={open}
        toggle={() => setOpen(!open)}
        title={
          <>
            <span class="entry-name">{title}</span>
            <code class="entry-category">{id}</code>
          </>
        }
      >
        <About id={id} />
      </Fold>
    </li>
  );
}

function About({ id }: { id: string }) {
  const doc = useAsked('audit', id);
  if (!doc) return null;
  return (
    <>
      <dl class="facts">
        <Fact term="Why">
          <Prose text={sentence(doc.why)} />
        </Fact>
        <Fact term="What to do">
          <Prose text={sentence(doc.fix)} />
        </Fact>
        <Fact term="References">
          <References references={doc.references} />
        </Fact>
      </dl>
      <div class="pair">
        {(['dangerous', 'secure'] as const).map(side => (
          <section key={side} aria-label={side === 'dangerous' ? 'The dangerous example' : 'The secure example'}>
            <TryLink id={id} side={side}>
              Try the {side} one
            </TryLink>
            <pre tabIndex={0} role="group" aria-label={`Text of the ${side} example`}>
              <code>{doc[side]}</code>
            </pre>
          </section>
        ))}
      </div>
      {doc.baseline && (
        <section aria-label="The baseline beside both">
          <p class="quiet">Beside both stands this baseline, the list of what is open on purpose:</p>
          <pre tabIndex={0} role="group" aria-label="Text of the baseline">
            <code>{doc.baseline}</code>
          </pre>
        </section>
      )}
    </>
  );
}
