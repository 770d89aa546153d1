/** Brings an element into view inside the result's own pane. On a stacked page nothing moves: scrolling away from the
 * text while the caret is in it would be worse than not seeing the card at once. */
export function revealInPane(id: string): void {
  const element = document.getElementById(id);
  const pane = element?.closest<HTMLElement>('.truth');
  if (!element || !pane || pane.scrollHeight <= pane.clientHeight) return;
  const box = element.getBoundingClientRect();
  const frame = pane.getBoundingClientRect();
  const sticky = pane.querySelector('.tabs')?.getBoundingClientRect().bottom ?? frame.top;
  if (box.top >= sticky && box.bottom <= frame.bottom) return;
  const behavior = matchMedia('(prefers-reduced-motion: reduce)').matches ? 'instant' : 'smooth';
  pane.scrollBy({ top: box.top - sticky - 12, behavior });
}
