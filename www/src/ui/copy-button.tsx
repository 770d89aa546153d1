import { useRef, useState } from 'preact/hooks';
import { Check, Copy } from './icons';

/** Copies a text, or one that is made when it is asked for. `what` completes the sentence "Copy …" for people who do not see
 * which text stands beside it. */
export function CopyButton({ text, what }: { text: string | (() => Promise<string>); what: string }) {
  const [state, setState] = useState<'idle' | 'copied' | 'refused'>('idle');
  const timer = useRef(0);
  const copy = async () => {
    // Pages opened from a disk may not have the clipboard: then the text beside the button can still be selected.
    const done = await Promise.resolve(typeof text === 'string' ? text : text())
      .then(made => navigator.clipboard.writeText(made))
      .then(() => true, () => false);
    setState(done ? 'copied' : 'refused');
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => setState('idle'), 2000);
  };
  return (
    <button type="button" class="copy" onClick={copy} aria-label={`Copy ${what}`}>
      {state === 'copied' ? <Check /> : <Copy />}
      <span aria-hidden="true">{state === 'copied' ? 'Copied' : state === 'refused' ? 'Not allowed here' : 'Copy'}</span>
    </button>
  );
}
