import { useApp } from '../app/context';
import type { PolicySummary, Surface } from '../session/types';
import { Prose } from '../ui/prose';
import { sentence } from '../words';
import { LAYER_WORDS, shortName } from './picture-words';

/** The layers before an interface, from the outermost to the innermost: what a packet from the internet has to pass. */
export function LayerStrip({ surface, names }: { surface: Surface; names: ReadonlyMap<number, PolicySummary> | undefined }) {
  const app = useApp();
  const { gate, assumed, layer_list: layers } = surface;
  return (
    <ol class="layers" aria-label="Layers, from the outermost to the innermost">
      <li class={gate.length > 0 ? 'layer layer-closed' : 'layer'}>
        <span class="layer-kind">Way in</span>
        {gate.length > 0 ? <span>Closed by {gate.join(' and by ')}</span> : <span>{assumed.length > 0 ? 'Open, as far as is known' : 'The internet can get here'}</span>}
      </li>
      {assumed.length > 0 && (
        <li class="layer layer-assumed">
          <span class="layer-kind">Not pasted</span>
          {assumed.map(each => (
            <em key={each}>
              <Prose text={sentence(each)} />
            </em>
          ))}
        </li>
      )}
      {layers.map(({ kind, policies, missing }, n) => (
        <li key={n} class={missing.length > 0 ? 'layer layer-assumed' : 'layer'}>
          <span class="layer-kind">{LAYER_WORDS[kind]}</span>
          {policies.map(policy => (
            <button key={policy} type="button" class="link" onClick={() => app.lists.openPolicy(policy)} title={names?.get(policy)?.kind_title}>
              {shortName(names, policy)}
            </button>
          ))}
          {missing.map(name => (
            <span key={name}>
              {name}: <em>assumed open, not pasted</em>
            </span>
          ))}
          {policies.length === 0 && missing.length === 0 && <span>No rules</span>}
        </li>
      ))}
    </ol>
  );
}
