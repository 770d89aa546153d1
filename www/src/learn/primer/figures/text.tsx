import { textWidth } from '../../../views/picture-text';

export const LINE = 18;

/** A text in lines that fit, for a picture: there nothing is set as code. */
export function wrapped(text: string, size: number, room: number, weight?: number): string[] {
  const lines: string[] = [];
  for (const word of text.replaceAll('`', '').split(' ')) {
    const last = lines.at(-1);
    const longer = last === undefined ? word : `${last} ${word}`;
    if (last !== undefined && textWidth(longer, size, weight) > room) lines.push(word);
    else lines.splice(-1, 1, longer);
  }
  return lines;
}

type Props = { lines: readonly string[]; x: number; y: number; class?: string };

/** Lines below each other; `y` is where the first one stands. */
export function Lines({ lines, x, y, class: kind }: Props) {
  return (
    <>
      {lines.map((line, n) => (
        <text key={n} class={kind} x={x} y={y + n * LINE}>
          {line}
        </text>
      ))}
    </>
  );
}
