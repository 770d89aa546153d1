import { useEffect, useRef, useState } from 'preact/hooks';
import { useApp, useValue } from '../app/context';
import { type Doc, nothingPasted } from '../app/documents';
import { count } from '../words';
import { Cross, Plus } from './icons';
import { VerdictMark } from './mark';

/** The documents that are reviewed together. The row is there from the start, so that nothing moves for it. */
export function DocumentTabs() {
  const app = useApp();
  const docs = useValue(state => state.docs);
  const empty = useValue(({ docs }) => docs.length === 1 && nothingPasted({ docs }));
  return (
    <div class="docs">
      {docs.length > 1 && (
        <ul class="docs-list" aria-label="Documents">
          {docs.map(doc => (
            <Tab key={doc.key} doc={doc} />
          ))}
        </ul>
      )}
      <button type="button" class="button button-quiet docs-add" disabled={empty} onClick={() => app.addDocument()} title="Paste one more document to review it together with this">
        <Plus />
        {docs.length > 1 ? 'Add' : 'Add a document'}
      </button>
    </div>
  );
}

function Tab({ doc: { key, source } }: { doc: Doc }) {
  const app = useApp();
  const active = useValue(state => state.active === key);
  const problems = useValue(({ result, reviewed }) => result?.summary.documents[reviewed.indexOf(key)]?.problem_count ?? 0);
  const [naming, setNaming] = useState(false);
  const tab = useRef<HTMLButtonElement>(null);
  const item = useRef<HTMLLIElement>(null);
  const folder = /^.*[\\/]/.exec(source.name)?.[0] ?? '';
  useEffect(() => {
    const { current } = item;
    const row = current?.parentElement;
    // A jump from a finding may have come to a document far along the row, which alone is scrolled for it.
    if (active && current && row) row.scrollLeft = Math.min(current.offsetLeft, Math.max(row.scrollLeft, current.offsetLeft + current.offsetWidth - row.clientWidth));
  }, [active]);
  const done = (name: string | null) => {
    setNaming(false);
    if (name !== null) app.renameDocument(key, name);
    setTimeout(() => tab.current?.focus());
  };
  return (
    <li class={active ? 'doc doc-active' : 'doc'} ref={item}>
      {naming ? (
        <Naming name={source.name} done={done} />
      ) : (
        <button
          type="button"
          class="doc-name"
          ref={tab}
          aria-current={active ? 'true' : undefined}
          title={active ? 'Click again, or press F2, to rename it' : source.name}
          onClick={() => (active ? setNaming(true) : app.activate(key))}
          onKeyDown={event => event.key === 'F2' && setNaming(true)}
        >
          {problems > 0 && (
            <>
              <VerdictMark verdict="unknown" />
              <span class="only-heard">{count(problems, 'problem')}: </span>
            </>
          )}
          <span class="doc-label">
            <span class="doc-folder">{folder}</span>
            <span class="doc-file">{source.name.slice(folder.length)}</span>
          </span>
        </button>
      )}
      <button type="button" class="doc-close" aria-label={`Close ${source.name}`} onClick={() => app.closeDocument(key)}>
        <Cross />
      </button>
    </li>
  );
}

/** A document's name counts: Terraform takes values from `.tfvars` alone, and files of one folder belong together. */
function Naming({ name, done }: { name: string; done: (name: string | null) => void }) {
  const ended = useRef(false);
  const end = (value: string | null) => {
    if (ended.current) return;
    ended.current = true;
    done(value);
  };
  return (
    <input
      class="doc-naming"
      aria-label="Name of the document"
      defaultValue={name}
      spellcheck={false}
      ref={input => input?.focus()}
      onFocus={event => event.currentTarget.select()}
      onBlur={event => end(event.currentTarget.value)}
      onKeyDown={event => {
        if (event.key === 'Enter') end(event.currentTarget.value);
        if (event.key === 'Escape') end(null);
      }}
    />
  );
}
