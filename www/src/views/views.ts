// The views of a result. A new one (a map, a comparison, an answer) is one more line here.
import type { ComponentType } from 'preact';
import type { ViewId } from '../app/state';
import type { Result } from '../session/protocol';
import { capital, policyNoun, policyTotal } from '../words';
import { FindingsView, openFindings } from './findings';
import { PoliciesView } from './policies';
import { PortsView } from './ports';

type View = {
  id: ViewId;
  title(result: Result): string;
  /** The number beside the title: all there are, whatever the filter. */
  total(result: Result): number;
  Component: ComponentType<{ result: Result }>;
};

export const VIEWS: readonly [View, ...View[]] = [
  { id: 'findings', title: () => 'Findings', total: ({ summary }) => openFindings(summary), Component: FindingsView },
  { id: 'ports', title: () => 'Open ports', total: ({ ports }) => ports.total, Component: PortsView },
  { id: 'policies', title: ({ summary }) => capital(policyNoun(summary).many), total: ({ summary }) => policyTotal(summary), Component: PoliciesView },
];
