import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { Prose } from '../../../ui/prose';
import { useRoom } from '../../../views/picture';
import type { Figure, Plain, Table } from '../chapter';
import { AnatomyPicture } from './anatomy';
import { ChainPicture } from './chain';
import { LanesPicture } from './lanes';
import { LIVE } from './live';
import { StepsPicture } from './steps';

/** What a picture of the primer is drawn from: its data, and the width there is in pixels. */
export type Drawn<T> = { of: T; width: number };

/** A figure of a chapter. */
export function FigureBlock({ figure }: { figure: Figure }) {
  const { shows } = figure;
  if ('live' in shows) {
    const Tried = LIVE[shows.live];
    return <Tried figure={figure} />;
  }
  return 'choose' in shows ? <Chosen figure={figure} choose={shows.choose} among={shows.among} /> : <Frame figure={figure} draw={width => drawn(shows, width)} />;
}

function Chosen({ figure, choose, among }: { figure: Figure; choose: string; among: readonly { name: string; drawing: Plain }[] }) {
  const [at, setAt] = useState(0);
  const controls = (
    <div class="fig-choices" role="group" aria-label={choose}>
      <span aria-hidden="true">{choose}</span>
      {among.map(({ name }, n) => (
        <button key={name} type="button" class="button" aria-pressed={n === at} onClick={() => setAt(n)}>
          {name}
        </button>
      ))}
    </div>
  );
  return <Frame figure={figure} controls={controls} draw={width => among[at] && drawn(among[at].drawing, width)} />;
}

function drawn(of: Plain, width: number): Sized {
  switch (of.kind) {
    case 'lanes':
      return LanesPicture({ of, width });
    case 'anatomy':
      return AnatomyPicture({ of, width });
    case 'steps':
      return StepsPicture({ of, width });
    case 'chain':
      return ChainPicture({ of, width });
  }
}

/** What is drawn, and how high that is in pixels. */
export type Sized = { height: number; children: ComponentChildren };

type Props = {
  figure: Figure;
  controls?: ComponentChildren;
  draw: (width: number) => Sized | undefined;
  /** What the picture says at the moment. */
  told?: ComponentChildren;
  twin?: Table | null;
};

/** Caption, controls, picture and the same in words. */
export function Frame({ figure: { title, caption, twin: written }, controls, draw, told, twin = written }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const room = useRoom(frame, false);
  const drawing = room && draw(room.width);
  return (
    <figure class="fig">
      <figcaption>
        <strong>{title}.</strong> {caption}
      </figcaption>
      {controls}
      <div class="fig-frame" ref={frame}>
        {room && drawing && (
          <svg class="picture fig-picture" width={room.width} height={drawing.height} viewBox={`0 0 ${room.width} ${drawing.height}`} role="img" aria-label={`${title}; the same stands below in words`}>
            {drawing.children}
          </svg>
        )}
      </div>
      {told && <p class="fig-told">{told}</p>}
      {twin && (
        <details class="fig-twin fold">
          <summary>The same in words</summary>
          <WordTable table={twin} />
        </details>
      )}
    </figure>
  );
}

/** A table that falls apart into blocks where it has no room. */
export function WordTable({ table: { title, head, rows } }: { table: Table }) {
  return (
    <table class="words">
      <caption>{title}</caption>
      <thead>
        <tr>
          {head.map(cell => (
            <th key={cell} scope="col">
              {cell}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([first = '', ...rest]) => (
          <tr key={first}>
            <th scope="row">
              <Prose text={first} />
            </th>
            {rest.map((cell, n) => (
              <td key={n} data-head={head[n + 1]}>
                <Prose text={cell} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
