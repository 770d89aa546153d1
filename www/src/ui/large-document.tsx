import { useEffect, useRef, useState } from 'preact/hooks';
import type { Source } from '../app/documents';
import { fitsEditor } from '../source/files';
import { excerpt, type ExcerptLine } from '../source/lines';
import type { At } from '../session/types';
import { size } from '../words';

type Props = { source: Extract<Source, { kind: 'large' }>; place: At | null; /** On what its lines can be chosen. */ told: string };

/** Stands where the editor would be: a large document is summarised, and shown only around the chosen place. */
export function LargeDocument({ source, place, told }: Props) {
  const [lines, setLines] = useState<ExcerptLine[]>([]);
  useEffect(() => {
    if (!source.lines || !place) return setLines([]);
    let current = true;
    excerpt(source.blob, source.lines, place).then(
      found => current && setLines(found),
      () => current && setLines([]),
    );
    return () => {
      current = false;
    };
  }, [source, place]);
  return (
    <div class="large">
      <p class="large-name">{source.name}</p>
      <p>
        {fitsEditor(source.blob)
          ? 'This file holds no text, so there is nothing to show.'
          : `${size(source.blob.size)} is more than the editor should hold, so this document is judged as a whole and shown in parts. Choose a line on ${told} to see it here.`}
      </p>
      {place && lines.length > 0 && !fitsEditor(source.blob) && <Excerpt lines={lines} at={place} />}
    </div>
  );
}

function Excerpt({ lines, at }: { lines: ExcerptLine[]; at: At }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.scrollIntoView({ block: 'nearest' }), [lines]);
  // How deep all of them stand says nothing, and takes room.
  const depth = Math.min(...lines.map(({ text, clippedBefore }) => (clippedBefore ? 0 : text.trim() ? text.search(/\S/) : Infinity)));
  return (
    <div class="excerpt" ref={box} role="group" tabIndex={0} aria-label={`Around line ${at.line}`}>
      {lines.map(line => (
        <div key={line.number} class={line.number >= at.line && line.number <= at.end_line ? 'excerpt-line excerpt-hit' : 'excerpt-line'} aria-current={line.number === at.line ? 'location' : undefined}>
          <span class="excerpt-number">{line.number}</span>
          <code>
            {line.clippedBefore && '… '}
            {line.text.slice(depth)}
            {line.clippedAfter && ' …'}
          </code>
        </div>
      ))}
    </div>
  );
}
