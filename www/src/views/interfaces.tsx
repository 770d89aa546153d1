import { useState } from 'preact/hooks';
import { useAnswer } from '../app/answer';
import { usePolicies } from '../app/policies';
import type { Surface } from '../session/types';
import { Fold } from '../ui/fold';
import { VerdictMark } from '../ui/mark';
import { MoreAsked } from '../ui/more-button';
import { PlaceButton } from '../ui/place-button';
import { sentence, verdictWord } from '../words';
import { LayerStrip } from './layer-strip';
import { surfaceName } from './picture-words';
import { SurfaceBody } from './surface-body';
import type { ViewProps } from './views';

const FEW = 20;
/** Opened from the start, as the findings are. */
const OPEN_AT_FIRST = 2;

/** Each interface through all of its layers: what gets there in the end, and what keeps the rest out. */
export function InterfacesView({ result }: ViewProps) {
  const [asked, setAsked] = useState(FEW);
  const [toggled, setToggled] = useState<ReadonlyMap<string, boolean>>(new Map());
  const page = useAnswer('surfaces', [0, asked]);
  const names = usePolicies(result);
  if (!page) return <p class="quiet">Looking through the layers…</p>;
  if (page.total === 0) return <p class="quiet">No interface is described in this text.</p>;
  return (
    <>
      <ul class="policies">
        {page.items.map((surface, n) => {
          const open = toggled.get(surface.id) ?? n < OPEN_AT_FIRST;
          return <SurfaceCard key={n} id={`interface-${n}`} surface={surface} names={names} open={open} toggle={() => setToggled(new Map(toggled).set(surface.id, !open))} />;
        })}
      </ul>
      <MoreAsked shown={page.items.length} total={page.total} what="interfaces" more={() => setAsked(asked + FEW)} />
    </>
  );
}

type CardProps = { id: string; surface: Surface; names: ReturnType<typeof usePolicies>; open: boolean; toggle: () => void };

function SurfaceCard({ id, surface, names, open, toggle }: CardProps) {
  const { verdict, headline, at } = surface;
  return (
    <li class={`policy surface v-${verdict}`} data-verdict={verdict} data-surface={surface.id}>
      <VerdictMark verdict={verdict} size={22} />
      <Fold
        id={id}
        kind="finding"
        open={open}
        toggle={toggle}
        title={<span>{surfaceName(surface)}</span>}
        head={
          <>
            <p class="policy-headline">{sentence(headline)}</p>
            <p class="finding-meta">
              <strong class="finding-word">{verdictWord(verdict)}</strong>
              <PlaceButton at={at} />
            </p>
            <LayerStrip surface={surface} names={names} />
          </>
        }
      >
        <SurfaceBody surface={surface} />
      </Fold>
    </li>
  );
}
