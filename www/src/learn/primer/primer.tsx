import { useEffect, useRef } from 'preact/hooks';
import { useApp, useStore } from '../../app/context';
import { chapterFragment, writeFragment } from '../../app/fragment';
import { Chevron } from '../../ui/icons';
import { Prose } from '../../ui/prose';
import { BlockView } from './blocks';
import type { Chapter } from './chapter';
import { CHAPTERS } from './chapters/chapters';

/** The primer: short chapters that end in an exercise. */
export function Primer() {
  const { learning } = useApp();
  const wanted = useStore(learning.store, state => state.chapter);
  const at = Math.max(0, CHAPTERS.findIndex(({ id }) => id === wanted));
  const chapter = CHAPTERS[at];
  const sheet = useRef<HTMLDivElement>(null);
  const title = useRef<HTMLHeadingElement>(null);
  const first = useRef(true);
  useEffect(() => {
    // A chapter that was turned to is read from its title.
    if (!first.current) title.current?.focus({ preventScroll: true });
    first.current = false;
    sheet.current?.scrollTo({ top: 0 });
    scrollTo({ top: 0 });
  }, [at]);
  if (!chapter) return null;
  return (
    <div class="sheet primer" ref={sheet}>
      <Contents key={at} current={at} />
      <article class="chapter" key={chapter.id} aria-labelledby="chapter-title">
        <p class="quiet">
          Chapter {at + 1} of {CHAPTERS.length}
        </p>
        <h3 id="chapter-title" tabIndex={-1} ref={title}>
          {chapter.title}
        </h3>
        <p class="chapter-lead">{chapter.lead}</p>
        {chapter.parts.map(({ title, blocks }) => (
          <section key={title}>
            <h4>{title}</h4>
            {blocks.map((block, n) => (
              <BlockView key={n} block={block} />
            ))}
          </section>
        ))}
        <Ending chapter={chapter} />
        <nav class="turns" aria-label="Chapters before and after">
          <Turn to={CHAPTERS[at - 1]} back />
          <Turn to={CHAPTERS[at + 1]} />
        </nav>
      </article>
    </div>
  );
}

function Contents({ current }: { current: number }) {
  const wide = matchMedia('(min-width: 960px)').matches;
  return (
    <nav class="contents" aria-label="Chapters">
      <details open={wide}>
        <summary class="button button-quiet">All chapters</summary>
        <ol>
          {CHAPTERS.map((chapter, n) => (
            <li key={chapter.id}>
              <ChapterLink chapter={chapter} current={n === current} />
            </li>
          ))}
        </ol>
      </details>
    </nav>
  );
}

/** Can be copied and opened later; a plain click leaves the page's own address as it is. */
function ChapterLink({ chapter: { id, title }, current }: { chapter: Chapter; current?: boolean }) {
  const { learning } = useApp();
  return (
    <a
      href={writeFragment(chapterFragment(id))}
      aria-current={current ? 'page' : undefined}
      onClick={event => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        learning.read(id);
      }}
    >
      {title}
    </a>
  );
}

/** What comes of the chapter, and where it is from. */
function Ending({ chapter: { exercise, because, sources } }: { chapter: Chapter }) {
  const { learning } = useApp();
  const named = useStore(learning.store, state => state.track?.exercises.find(({ id }) => id === exercise)?.title);
  return (
    <section class="chapter-end">
      <h4>Try it</h4>
      <p>
        <Prose text={because} />
      </p>
      <button type="button" class="button button-main" data-exercise={exercise} onClick={() => learning.open(exercise)}>
        {named ? `Exercise: ${named}` : 'Open the exercise'}
        <Chevron />
      </button>
      <details class="fig-twin fold">
        <summary>Where this is from</summary>
        <ul>
          {sources.map(source => (
            <li key={source}>{source}</li>
          ))}
        </ul>
      </details>
    </section>
  );
}

function Turn({ to, back }: { to: Chapter | undefined; back?: boolean }) {
  if (!to) return <span />;
  return (
    <p class={back ? 'turn' : 'turn turn-on'}>
      <span class="quiet">{back ? 'Before' : 'Next'}</span>
      <ChapterLink chapter={to} />
    </p>
  );
}
