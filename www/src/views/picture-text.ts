let measure: CanvasRenderingContext2D | null | undefined;

/** How wide a text is in the page's font, in pixels, rounded up. */
export function textWidth(text: string, size: number, weight = 400): number {
  measure ??= document.createElement('canvas').getContext('2d');
  if (!measure) return Math.ceil(text.length * size * 0.62);
  measure.font = `${weight} ${size}px ${getComputedStyle(document.body).fontFamily}`;
  return Math.ceil(measure.measureText(text).width);
}

/** The beginning of a text that has room, with an ellipsis where some of it is left out. */
export function fitted(text: string, size: number, room: number, weight?: number): string {
  const width = textWidth(text, size, weight);
  if (width <= room) return text;
  const signs = [...text];
  const most = Math.max(1, Math.floor((signs.length * room) / width) - 1);
  return `${signs.slice(0, most).join('')}…`;
}
