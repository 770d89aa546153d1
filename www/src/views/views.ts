// The views of a result, lists and pictures. A new one is one more line here.
import type { ComponentType } from 'preact';
import type { State, ViewId } from '../app/state';
import type { Result } from '../session/protocol';
import type { Tiers } from '../session/types';
import { capital, policyNoun, policyTotal } from '../words';
import { FindingsView, openFindings } from './findings';
import { InterfacesView } from './interfaces';
import { MapView } from './map';
import { PoliciesView } from './policies';
import { PortsView } from './ports';
import { TiersView } from './tiers';

/** `tiers` come a moment after the result, of a long text only once they are looked at. */
export type ViewProps = { result: Result; tiers: Tiers | undefined };

type View = {
  id: ViewId;
  title(result: Result): string;
  /** The number beside the title: all there are, whatever the filter. */
  total?(result: Result): number;
  /** Whether it has something to say; it always has where this is left out. */
  shown?(about: ViewProps, filter: State['filter']): boolean;
  Component: ComponentType<ViewProps>;
};

/** More policies than that: who can reach whom takes its time, and is asked for only when it is looked at. */
export const MANY = 300;

export const VIEWS: readonly [View, ...View[]] = [
  { id: 'findings', title: () => 'Findings', total: ({ summary }) => openFindings(summary), Component: FindingsView },
  { id: 'ports', title: () => 'Open ports', total: ({ ports }) => ports.total, Component: PortsView },
  { id: 'policies', title: ({ summary }) => capital(policyNoun(summary).many), total: ({ summary }) => policyTotal(summary), Component: PoliciesView },
  { id: 'map', title: () => 'Map', shown: ({ result }, filter) => result.ports.total > 0 || filter !== undefined, Component: MapView },
  { id: 'interfaces', title: () => 'Interfaces', total: ({ summary }) => summary.surfaces, shown: ({ result }) => result.summary.surfaces > 0, Component: InterfacesView },
  // The last in the row: it may come after the others, and nothing may move for it.
  { id: 'tiers', title: () => 'Tiers', shown: ({ result, tiers }) => policyTotal(result.summary) > MANY || (tiers !== undefined && tiers.edges.length + tiers.paths.length > 0), Component: TiersView },
];
