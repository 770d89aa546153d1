import { useEffect, useRef, useState } from 'preact/hooks';
import { useApp } from '../app/context';
import { type Doc, isBlank, PASTED } from '../app/documents';
import { MOST_TEXT, type Named, packed, settled, TOO_MUCH } from '../app/link';
import type { Engine } from '../session/engine';
import type { Assumed } from '../session/protocol';
import { textOf } from '../source/files';
import { CopyButton } from '../ui/copy-button';
import { capital, sentence } from '../words';
import { lengthWords, tooLong } from './words';

/** So much of the texts is shown before they go out, in characters. */
const PREVIEW = 20_000;

type Made = { asIs: boolean; link: string; preview: string; said: string | null };

/** Makes a link that carries the documents, and shows what it carries before anybody sends it. */
export function ShareDialog({ closed }: { closed: () => void }) {
  const app = useApp();
  const dialog = useRef<HTMLDialogElement>(null);
  const docs = useRef(app.state.docs).current;
  const assumed = useRef(app.state.assumed).current;
  const [asIs, setAsIs] = useState(false);
  /** Shown only with the choice that it was made for: nobody shall copy the one for the other. */
  const [made, setMade] = useState<Made | null>(null);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => dialog.current?.showModal(), []);
  useEffect(() => {
    let current = true;
    setError(null);
    make(app.engine, docs, assumed, asIs).then(
      made => current && setMade(made),
      (reason: unknown) => current && setError(reason instanceof Error ? reason.message : String(reason)),
    );
    return () => {
      current = false;
    };
  }, [app, docs, assumed, asIs]);
  return (
    <dialog class="share" ref={dialog} aria-labelledby="share-title" onClose={closed}>
      <h2 id="share-title">Share by link</h2>
      <p>
        The link carries the documents themselves, packed into the part after the <code>#</code>. Browsers send that part to no server, and this page makes the link without one; but whoever gets it, and every service that carries the message, can read what is in it.
      </p>
      <fieldset>
        <legend>What is in the link</legend>
        <Choice chosen={!asIs} choose={() => setAsIs(false)} title="Pseudonymised" text="Names, identifiers, addresses, descriptions and comments are replaced; ports and what decides the verdict stay." />
        <Choice chosen={asIs} choose={() => setAsIs(true)} title="As it is" text="Every name, account number, address and comment, exactly as pasted." />
      </fieldset>
      {asIs && (
        <p class="share-warning">
          <strong>Nothing is replaced.</strong> Use this only among people who may see the configuration itself.
        </p>
      )}
      {error ? <p class="error">{sentence(error)}</p> : <Link made={made?.asIs === asIs ? made : null} />}
      <form method="dialog">
        <button class="button">Close</button>
      </form>
    </dialog>
  );
}

function Choice({ chosen, choose, title, text }: { chosen: boolean; choose: () => void; title: string; text: string }) {
  return (
    <label class="share-choice">
      <input type="radio" name="share" checked={chosen} onChange={choose} />
      <span>
        <strong>{title}.</strong> {text}
      </span>
    </label>
  );
}

function Link({ made }: { made: Made | null }) {
  const length = made?.link.length ?? 0;
  const usable = made && !tooLong(length);
  return (
    <>
      {made?.said && <p>{made.said}</p>}
      <h3 id="share-preview">What others will read</h3>
      <pre class="share-preview" tabIndex={0} role="group" aria-labelledby="share-preview">
        {made?.preview ?? '…'}
      </pre>
      {usable && (
        <div class="share-link">
          <label for="share-link">Link</label>
          <input id="share-link" readOnly value={made.link} onFocus={event => event.currentTarget.select()} />
          <CopyButton text={made.link} what="the link" />
        </div>
      )}
      <p class="quiet">
        {made ? lengthWords(length) : 'Making the link…'}
        {usable && location.protocol === 'file:' && ' This page was opened from a disk, so put the link behind the address of a copy that others can open.'}
      </p>
    </>
  );
}

async function make(engine: Engine, docs: readonly Doc[], assumed: Assumed, asIs: boolean): Promise<Made> {
  const given = await textsOf(docs);
  // The name that the page itself gives tells nothing.
  const told = (name: string) => !name.startsWith(PASTED);
  const shown = given.map(({ name }) => (told(name) ? name : ''));
  const pseudonyms = asIs ? null : await engine.ask('pseudonymise', shown, given.map(({ text }) => text), [...assumed.keys()], [...assumed.values()]);
  const documents = given.map(({ name, text }, n) => ({ name: told(name) ? (pseudonyms?.documents[n]?.name ?? name) : name, text: pseudonyms?.documents[n]?.text ?? text }));
  // The address of a page on a disk tells where it lies there, so it is left out.
  const address = location.protocol === 'file:' ? '' : location.origin + location.pathname;
  const values = pseudonyms?.assumed.map(({ name, value }) => ({ open: name, value })) ?? settled(assumed);
  const whole = [...documents.map(({ name, text }) => `${name}\n\n${text}`), ...values.map(({ open, value }) => `assumed ${open} = ${value}`)].join('\n\n');
  return {
    asIs,
    link: address + (await packed({ documents, assumed: values })),
    preview: whole.length > PREVIEW ? `${whole.slice(0, PREVIEW)}\n…` : whole,
    said: pseudonyms && `${capital(pseudonyms.said)}; ${pseudonyms.remains}.`,
  };
}

async function textsOf(docs: readonly Doc[]): Promise<Named[]> {
  const sources = docs.map(({ source }) => source).filter(source => !isBlank(source));
  if (sources.reduce((sum, source) => sum + (source.kind === 'text' ? source.text.length : source.blob.size), 0) > MOST_TEXT) throw new Error(TOO_MUCH);
  return Promise.all(sources.map(async source => ({ name: source.name, text: source.kind === 'text' ? source.text : await textOf(source.blob) })));
}
