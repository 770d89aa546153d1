import { useEffect, useRef } from 'preact/hooks';
import { useAsked } from '../app/asked';
import { useApp, useValue } from '../app/context';
import type { Browsing } from '../app/state';
import { SEVERITIES } from '../meanings';
import type { Catalog, CatalogEntry } from '../session/types';
import { Chevron, Down } from '../ui/icons';
import { SeverityMark } from '../ui/severity';
import { capital, count, number } from '../words';
import { CatalogRow } from './catalog-row';
import { categoryWords, entryKey, LAST_PORT, plainSearch, portOf } from './catalog-words';
import { PortStrips } from './port-strips';

/** The catalog of ports, to browse and to search. */
export function CatalogSection() {
  const app = useApp();
  const browsing = useValue(state => state.browsing);
  const all = useAsked('catalog', '')?.entries ?? [];
  const found = useAsked('catalog', plainSearch(browsing.text));
  const port = portOf(browsing.text);
  const back = useRef<HTMLButtonElement>(null);
  const browse = (change: Partial<Browsing>) => app.store.set({ browsing: { ...app.state.browsing, ...change } });
  // A number asks for all there is about one port, whatever was filtered before.
  const pick = (to: number) => browse({ text: String(to), category: null, severity: null });
  const step = (by: number) => pick(Math.min(LAST_PORT, Math.max(0, (port ?? (by > 0 ? -1 : 1)) + by)));

  useEffect(() => {
    back.current?.focus();
  }, [app]);
  return (
    <main class="sheet" aria-labelledby="catalog-title">
      <div class="sheet-head">
        <h2 id="catalog-title">Ports</h2>
        {app.guide.cameFromReview && (
          <button type="button" class="button button-quiet" ref={back} onClick={() => app.guide.back()}>
            Back to the review
          </button>
        )}
      </div>
      <div class="search">
        <label class="search-box">
          <span>Port, service, category or severity</span>
          <input
            type="search"
            value={browsing.text}
            placeholder="What is 8888?"
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            onInput={event => {
              const text = event.currentTarget.value;
              browse(portOf(text) === null ? { text } : { text, category: null, severity: null });
            }}
            onKeyDown={event => {
              if (port === null || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
              event.preventDefault();
              step(event.key === 'ArrowUp' ? 1 : -1);
            }}
          />
        </label>
        <button type="button" class="button" aria-label="Previous port" title="Previous port" disabled={port === null || port === 0} onClick={() => step(-1)}>
          <span class="icon-back">
            <Chevron />
          </span>
        </button>
        <button type="button" class="button" aria-label="Next port" title="Next port" disabled={port === null || port === LAST_PORT} onClick={() => step(1)}>
          <Chevron />
        </button>
      </div>
      <PortStrips entries={all} port={port} pick={pick} />
      <Chips entries={port === null ? (found?.entries ?? []) : all} browse={browse} port={port} />
      {found && <Found found={found} />}
    </main>
  );
}

/** Narrows what was found. Beside a number it begins anew: one port needs no narrowing. */
function Chips({ entries, browse, port }: { entries: CatalogEntry[]; browse: (change: Partial<Browsing>) => void; port: number | null }) {
  const { category, severity } = useValue(state => state.browsing);
  const anew = port === null ? {} : { text: '' };
  const categories = [...new Set(entries.map(entry => entry.category)), ...(category ? [category] : [])];
  const of = (test: (entry: CatalogEntry) => boolean) => number(entries.filter(test).length);
  return (
    <div class="chips">
      <div class="filter" role="group" aria-label="Severity">
        {SEVERITIES.map(each => (
          <button
            key={each}
            type="button"
            class="filter-button"
            data-severity={each}
            aria-pressed={severity === each}
            onClick={() => browse({ ...anew, severity: severity === each ? null : each })}
          >
            <SeverityMark severity={each} />
            {capital(each)}
            <span class="filter-count">{of(entry => entry.severity === each && (!category || entry.category === category))}</span>
          </button>
        ))}
      </div>
      <details class="categories" open={matchMedia('(min-width: 960px)').matches || category !== null}>
        <summary class="button button-quiet">
          Categories
          <Down />
        </summary>
        <div class="filter" role="group" aria-label="Category">
          {[...new Set(categories)].sort().map(each => (
            <button
              key={each}
              type="button"
              class="filter-button"
              data-category={each}
              aria-pressed={category === each}
              onClick={() => browse({ ...anew, category: category === each ? null : each })}
            >
              {categoryWords(each)}
              <span class="filter-count">{of(entry => entry.category === each && (!severity || entry.severity === severity))}</span>
            </button>
          ))}
        </div>
      </details>
    </div>
  );
}

function Found({ found: { port, entries } }: { found: Catalog }) {
  const app = useApp();
  const { category, severity, text } = useValue(state => state.browsing);
  const rows = entries.filter(entry => (!category || entry.category === category) && (!severity || entry.severity === severity));
  const exact = (entry: CatalogEntry) => entry.service === text.trim().toLowerCase();
  const said = port ? `Port ${port.port}: ${rows.map(entry => entry.name).join(', ') || 'not listed'}` : count(rows.length, 'service');
  useEffect(() => {
    // Typing is not talked over.
    const timer = setTimeout(() => app.store.set({ said }), 800);
    return () => clearTimeout(timer);
  }, [app, said]);
  return (
    <section class="found" aria-labelledby="found-title">
      {port ? (
        <>
          <h3 id="found-title" class="found-port">
            Port <span class="port">{port.port}</span>
          </h3>
          <p class="quiet">A {port.class_text}.</p>
          {rows.length === 0 && <p>The catalog knows no service there; it counts as unlisted, of medium severity.</p>}
        </>
      ) : (
        <h3 id="found-title" class="list-title">
          {count(rows.length, 'service')}
          {rows.length < 1 && ': try a number from 0 to 65535, a name such as redis, a category such as database, or a severity such as critical'}
        </h3>
      )}
      {rows.length > 0 && (
        <ul class="entries">
          {[...rows.filter(exact), ...rows.filter(entry => !exact(entry))].map(entry => (
            <CatalogRow key={`${text}\n${entryKey(entry)}`} id={`entry-${entryKey(entry).replace(/\W+/g, '-')}`} entry={entry} asked={port !== null || exact(entry)} />
          ))}
        </ul>
      )}
    </section>
  );
}
