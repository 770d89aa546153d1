import type { ComponentChildren } from 'preact';

/** A line in a list of facts. */
export function Fact({ term, children }: { term: string; children: ComponentChildren }) {
  return (
    <>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </>
  );
}

/** Short words side by side. */
export function Tags({ all }: { all: readonly string[] }) {
  return (
    <span class="tags">
      {all.map(each => (
        <span key={each} class="tag">
          {each}
        </span>
      ))}
    </span>
  );
}
