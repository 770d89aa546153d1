import { useEffect, useState } from 'preact/hooks';
import { useValue } from '../app/context';
import { activeSource } from '../app/documents';
import { fitsEditor } from '../source/files';
import { excerpt, type ExcerptLine } from '../source/lines';
import type { At } from '../session/types';
import { size } from '../words';

/** Stands where the editor would be: a large document is summarised, and shown only around the chosen place. */
export function LargeDocument() {
  const source = useValue(activeSource);
  const place = useValue(state => state.place);
  const [lines, setLines] = useState<ExcerptLine[]>([]);
  useEffect(() => {
    if (source.kind !== 'large' || !source.lines || !place) return setLines([]);
    let current = true;
    excerpt(source.blob, source.lines, place).then(
      found => current && setLines(found),
      () => current && setLines([]),
    );
    return () => {
      current = false;
    };
  }, [source, place]);
  if (source.kind !== 'large') return null;
  return (
    <div class="large">
      <h2 class="large-name">{source.name}</h2>
      <p>
        {fitsEditor(source.blob)
          ? 'This file holds no text, so there is nothing to show.'
          : `${size(source.blob.size)} is more than the editor should hold, so this document is judged as a whole and shown in parts. Choose a line on a finding, a port or a rule to see it here.`}
      </p>
      {place && lines.length > 0 && !fitsEditor(source.blob) && <Excerpt lines={lines} at={place} />}
    </div>
  );
}

function Excerpt({ lines, at }: { lines: ExcerptLine[]; at: At }) {
  return (
    <div class="excerpt" role="group" tabIndex={0} aria-label={`Around line ${at.line}`}>
      {lines.map(line => (
        <div key={line.number} class={line.number >= at.line && line.number <= at.end_line ? 'excerpt-line excerpt-hit' : 'excerpt-line'} aria-current={line.number === at.line ? 'location' : undefined}>
          <span class="excerpt-number">{line.number}</span>
          <code>
            {line.clippedBefore && '… '}
            {line.text}
            {line.clippedAfter && ' …'}
          </code>
        </div>
      ))}
    </div>
  );
}
