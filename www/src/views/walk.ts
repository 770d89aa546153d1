/** Moves between the cards of a list: j and k as well as the arrow keys; / goes to the filter. */
export function moveByKey(event: KeyboardEvent): void {
  const view = event.currentTarget as HTMLElement;
  const target = event.target as HTMLElement;
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
  if (!plain || target.closest('select, dialog, pre')) return;
  const filter = view.querySelector<HTMLElement>('.arrange-text');
  const typing = target === filter;
  const by = ({ ArrowDown: 1, ArrowUp: -1, ...(typing ? {} : { j: 1, k: -1 }) } as Record<string, number>)[event.key];
  if (event.key === '/' && !typing && filter) {
    event.preventDefault();
    return filter.focus();
  }
  const cards = [...view.querySelectorAll<HTMLElement>('.finding-toggle')];
  const here = cards.findIndex(card => card.closest('.finding')?.contains(target));
  if (!by || (here < 0 && !typing)) return;
  const next = cards[here + by];
  if (here + by < 0 || !next) return;
  event.preventDefault();
  next.focus();
}
