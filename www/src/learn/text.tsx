import { Prose } from '../ui/prose';

/** A story in paragraphs: an empty line ends one. */
export function Text({ text }: { text: string }) {
  return (
    <>
      {text.split(/\n\s*\n/).map((paragraph, n) => (
        <p key={n}>
          <Prose text={paragraph.replace(/\s*\n\s*/g, ' ')} />
        </p>
      ))}
    </>
  );
}
