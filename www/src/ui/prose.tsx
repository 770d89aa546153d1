/** A text in which `words in backticks` are set as code. Everything stays text; nothing is read as markup. */
export function Prose({ text }: { text: string }) {
  const parts = text.split('`');
  // An odd backtick is only a backtick.
  if (parts.length % 2 === 0) return <>{text}</>;
  return <>{parts.map((part, n) => (n % 2 === 1 ? <code key={n}>{part}</code> : part))}</>;
}
