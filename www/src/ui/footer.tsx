import { useApp, useValue } from '../app/context';
import { number } from '../words';

/** The live ledger: what the browser has recorded as requests of this page and its worker. */
export function Footer() {
  const app = useApp();
  const { made, blocked } = useValue(state => state.requests);
  const tool = useValue(state => state.tool);
  return (
    <footer class="foot">
      <p class="ledger" data-made={made} data-blocked={blocked}>
        Requests since you opened this page: <strong>{number(made)}</strong>
        <span class="ledger-blocked">
          Blocked attempts: <strong>{number(blocked)}</strong>
        </span>
      </p>
      <button type="button" class="link" aria-haspopup="dialog" onClick={() => app.store.set({ dialog: { kind: 'legend' } })}>
        Legend
      </button>
      <p class="about">
        {tool ? `${tool.name} ${tool.version}, port catalog ${tool.catalog}` : 'Starting'}
        <span class="wide-only">. Saved to a disk, this page works offline.</span>
      </p>
    </footer>
  );
}
