import { useEffect } from 'preact/hooks';
import { useApp, useValue } from '../app/context';
import { today } from '../session/day';
import { CopyButton } from '../ui/copy-button';
import { fingerprintOf } from './fingerprint';

/** Texts are hashed once they have been left alone for a moment, in milliseconds. */
const QUIET = 300;

/** By what the verdict above can be reproduced. */
export function Reproduce() {
  const app = useApp();
  const shown = useValue(state => state.shown);
  const tool = useValue(state => state.tool);
  // Review dates of approvals pass.
  const day = useValue(state => (state.result?.summary.documents.some(({ format }) => format === 'portcullis-baseline') ? today() : null));
  const fingerprint = useValue(state => (state.fingerprint?.run === state.shown ? state.fingerprint : null));
  useEffect(() => {
    if (!tool) return;
    const timer = setTimeout(() => {
      const { docs, assumed } = app.state;
      // A file that can no longer be read has no hash.
      void fingerprintOf(shown, tool, docs, assumed, day).then(fingerprint => app.state.shown === shown && app.store.set({ fingerprint }), () => {});
    }, QUIET);
    return () => clearTimeout(timer);
  }, [app, shown, tool, day]);
  if (!tool) return null;
  return (
    <div class="reproduce">
      <p>
        This verdict can be reproduced: {tool.name} {tool.version}, port catalog {tool.catalog}, {day && `approvals as of ${day}, `}
        {fingerprint && !fingerprint.digest ? 'no SHA-256 of the input.' : <>SHA-256 of the input <code>{fingerprint?.digest?.slice(0, 16) ?? '…'}</code></>}
      </p>
      <CopyButton text={fingerprint?.lines ?? ''} what="versions and SHA-256 in full" />
    </div>
  );
}
