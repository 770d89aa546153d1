// The sentences of the pictures. Plain functions of plain data.
import type { Direction, PolicySummary, PortRow, Reach, Surface, Tiers } from '../session/types';
import { count, number, policyName, services, verdictWord } from '../words';
import { portWords } from './ports';
import { INTERNET, type Graph } from './tiers-graph';

/** Who can reach, or be reached. */
export const REACH_WORDS: Record<Reach, string> = {
  internet: 'The internet',
  'broad-public': 'Large parts of the internet',
  public: 'Some public addresses',
  private: 'Private networks',
  group: 'Members of groups',
  unknown: "Can't tell who",
  nobody: 'Nobody',
};

const NAMED = 3;
const some = (names: string[]): string => [...names.slice(0, NAMED), ...(names.length > NAMED ? [`${number(names.length - NAMED)} more`] : [])].join(', ');
const distinct = (names: string[]): string[] => [...new Set(names)];

/** "tcp/22 (ssh)". */
export const openWords = (row: PortRow): string => portWords(row) + (row.services.length > 0 ? ` (${services(row.services)})` : '');

/** "in from the whole IPv4 internet, 10.0.0.0/8". */
export const whoWords = (rows: PortRow[]): string => `${rows[0]?.direction === 'egress' ? 'out to' : 'in from'} ${some(distinct(rows.map(row => row.reach_text)))}`;

export const rowPolicy = (row: PortRow): string => policyName({ id: row.policy_id, name: row.policy_name });

/** The bar of an exposure map in one line, for who does not see it. */
export const barWords = (rows: PortRow[]): string => {
  const [first] = rows;
  if (!first) return '';
  return `${verdictWord(first.verdict)}: ${openWords(first)} ${whoWords(rows)}; ${some(distinct(rows.map(rowPolicy)))}`;
};

export const mapTitle = (direction: Direction): string => (direction === 'ingress' ? 'Exposure map: what may come in' : 'Exposure map: what may go out');

/** How much of everything is drawn. */
export const drawnWords = (of: { bars: number; drawn: number; rows: number; fetched: number; total: number }): string => {
  const bars = of.drawn < of.bars ? `The ${number(of.drawn)} worst of ${number(of.bars)} bars` : count(of.bars, 'bar');
  const rows = `${bars} for ${count(of.rows, 'row')}`;
  return `${rows}${of.fetched < of.total ? ` among the ${number(of.fetched)} worst of ${number(of.total)}` : ''}${of.rows > of.bars ? '; equal ones are drawn once' : ''}.`;
};

/** "80, 443/tcp": the ports of one protocol together. */
export function trafficWords(services: string[]): string {
  const groups = new Map<string, string[]>();
  for (const service of services) {
    const [, port, protocol] = /^(\d[\d-]*)\/(\w+)$/.exec(service) ?? [];
    const key = protocol ?? service;
    groups.set(key, [...(groups.get(key) ?? []), ...(port ? [port] : [])]);
  }
  return [...groups].map(([protocol, ports]) => (ports.length > 0 ? `${ports.join(', ')}/${protocol}` : protocol)).join('; ');
}

type Names = ReadonlyMap<number, PolicySummary> | undefined;

/** The short name of a policy: what a picture has room for. */
export const shortName = (names: Names, index: number | null): string => {
  if (index === null) return 'internet';
  const policy = names?.get(index);
  return policy?.name ?? policy?.address ?? policy?.id ?? (policy ? 'unnamed' : '…');
};

/** A node of the tiers in one line, for who does not see it. */
export function nodeWords(index: number, { edges, stores }: Graph, names: Names): string {
  const name = (other: number) => shortName(names, other === INTERNET ? null : other);
  const said = (direction: string, ways: string[]) => (ways.length > 0 ? [`${direction} ${ways.join(', ')}`] : []);
  return [
    index === INTERNET ? 'internet' : `${name(index)} ${verdictWord(names?.get(index)?.verdict ?? null)}${stores.has(index) ? ', data' : ''}`,
    ...said('reached by', edges.filter(({ to }) => to === index).map(({ from, services }) => `${name(from)} ${trafficWords(services)}`)),
    ...said('reaches', edges.filter(({ from }) => from === index).map(({ to, services }) => `${name(to)} ${trafficWords(services)}`)),
  ].join('; ');
}

export const tiersAbout = ({ edges, paths }: Tiers): string => {
  const ways = paths.filter(path => path.length > 0).length;
  return `${count(edges.length, 'way')} between groups and from the internet; ${count(ways, 'data store')} can be reached from the internet over them.`;
};

/** "3 layers stand between the internet and this". */
export const depthWords = (depth: number): string => {
  if (depth === 0) return 'nothing stands between the internet and this';
  return depth === 1 ? 'one layer stands between the internet and this' : `${number(depth)} layers stand between the internet and this`;
};

export const surfaceName = ({ id, name, carrier }: Surface): string => {
  const own = name && name !== id ? `${name} (${id})` : id;
  return carrier && carrier !== id ? `${own} of ${carrier}` : own;
};

/** How much keeps a door shut. */
export const closedWords = (layers: number): string => (layers === 1 ? 'one layer alone keeps it closed' : `${number(layers)} layers keep it closed`);

export const LAYER_WORDS: Record<Surface['layer_list'][number]['kind'], string> = { subnet: 'Subnet', interface: 'Interface', host: 'Host' };
