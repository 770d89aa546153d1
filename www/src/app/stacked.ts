// On a small screen the text stands above its result, and a jump from one to the other has to be found back from.

/** Where the page stood and what had the focus before the last jump to the text. */
let before: { top: number; focused: Element | null } | null = null;

/** Brings the text into view. True where the page had to be scrolled for it. */
export function toText(): boolean {
  // The review stays in the page while another part is shown.
  const text = [...document.querySelectorAll('.text')].find(each => each.getClientRects().length > 0);
  if (!text || !matchMedia('(max-width: 959px)').matches) return false;
  const { top, bottom } = text.getBoundingClientRect();
  if (top >= 0 && bottom <= innerHeight) return false;
  before = { top: scrollY, focused: document.activeElement };
  text.scrollIntoView({ block: 'start' });
  return true;
}

/** Back to where the jump began. */
export function fromText(): void {
  if (!before) return;
  scrollTo({ top: before.top });
  if (before.focused instanceof HTMLElement) before.focused.focus({ preventScroll: true });
}

/** Whether someone has scrolled back by hand. */
export const isBack = (): boolean => !before || scrollY > before.top - innerHeight / 2;
