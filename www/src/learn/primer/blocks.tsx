import { Prose } from '../../ui/prose';
import type { Block } from './chapter';
import { FigureBlock, WordTable } from './figures/figure';

/** One block of a chapter's text. */
export function BlockView({ block }: { block: Block }) {
  if (typeof block === 'string') {
    return (
      <p>
        <Prose text={block} />
      </p>
    );
  }
  if ('figure' in block) return <FigureBlock figure={block.figure} />;
  if ('table' in block) return <WordTable table={block.table} />;
  if ('code' in block) {
    return (
      <figure class="fig-line-of-text">
        <pre tabIndex={0} role="group" aria-label={block.says}>
          <code>{block.code}</code>
        </pre>
        <figcaption>{block.says}.</figcaption>
      </figure>
    );
  }
  const items = ('list' in block ? block.list : block.steps).map(text => (
    <li key={text}>
      <Prose text={text} />
    </li>
  ));
  return 'list' in block ? <ul>{items}</ul> : <ol>{items}</ol>;
}
