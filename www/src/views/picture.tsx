import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useApp } from '../app/context';
import { fileName, saveFile } from '../ui/save';
import { svgFile } from '../ui/svg-file';

/** No browser's scroll bar is wider. */
const SCROLL_BAR = 24;

/** What a picture is drawn for: its width in pixels, and whether it is used with fingers. */
export type Room = { width: number; touch: boolean };

type Props = {
  /** Names the picture, also in the saved file. */
  title: string;
  /** Says in words what can be seen. */
  about: string;
  /** A part of the saved file's name. */
  file: string;
  /** The same as a table or a list. */
  twin: () => ComponentChildren;
  /** Choices that belong to the picture. */
  choices?: ComponentChildren;
  draw: (room: Room) => ComponentChildren;
};

/** A picture that can be read as a table and be kept as a file. */
export function Picture({ title, about, file, twin, choices, draw }: Props) {
  const app = useApp();
  const [asTable, setAsTable] = useState(false);
  const frame = useRef<HTMLDivElement>(null);
  const room = useRoom(frame, asTable);
  const save = () => {
    const svg = frame.current?.querySelector<SVGSVGElement>('svg.picture');
    if (svg) saveFile(fileName(app.state.result?.summary.documents[0]?.name ?? '', file, 'svg'), 'image/svg+xml', svgFile(svg, title, about));
  };
  return (
    <>
      <div class="picture-tools">
        {choices}
        <button type="button" class="button picture-table" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
          As a table
        </button>
        <button type="button" class="button" disabled={asTable} onClick={save}>
          Save as SVG
        </button>
      </div>
      {asTable ? (
        twin()
      ) : (
        <div class="picture-frame" ref={frame}>
          {room && draw(room)}
        </div>
      )}
    </>
  );
}

/** The room there is, measured before anything is drawn and again whenever it changes. */
export function useRoom(frame: { current: HTMLElement | null }, away: boolean): Room | null {
  const [room, setRoom] = useState<Room | null>(null);
  useLayoutEffect(() => {
    const element = frame.current;
    if (!element) return;
    const measure = () => {
      const width = Math.floor(element.clientWidth);
      // It is about to be taken off the page.
      if (width === 0) return;
      const { matches: touch } = matchMedia('(pointer: coarse), (max-width: 959px)');
      // A scroll bar that comes and goes with the picture must not make it come and go.
      const near = (before: Room) => width >= before.width && width - before.width < SCROLL_BAR;
      setRoom(before => (before && near(before) && before.touch === touch ? before : { width, touch }));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [frame, away]);
  return room;
}
