// What the catalog's part of the page says, and how it reads what is searched for.
import type { CatalogEntry, PortRow } from '../session/types';
import { capital } from '../words';

export const LAST_PORT = 65_535;

/** `at` says where between the ends a port stands, from 0 to 1, and `portAt` which one stands there. */
export type Range = { title: string; first: number; last: number; means: string; at(port: number): number; portAt(part: number): number };

const evenly = (first: number, last: number): Pick<Range, 'at' | 'portAt'> => ({
  at: port => (port - first) / (last - first),
  portAt: part => first + part * (last - first),
});
/** Most services of the wide middle range stand at its lower end. */
const byRatio = (first: number, last: number): Pick<Range, 'at' | 'portAt'> => ({
  at: port => Math.log(port / first) / Math.log(last / first),
  portAt: part => first * (last / first) ** part,
});

/** RFC 6335, section 6. */
export const RANGES: readonly Range[] = [
  { title: 'System ports', first: 0, last: 1023, means: 'well-known services', ...evenly(0, 1023) },
  { title: 'User ports', first: 1024, last: 49_151, means: 'registered for applications', ...byRatio(1024, 49_151) },
  { title: 'Dynamic ports', first: 49_152, last: LAST_PORT, means: "a client's own end", ...evenly(49_152, LAST_PORT) },
];

/** "What is 8888?", "tcp/8888" and "port 8888" ask for the same as "8888". */
export function plainSearch(text: string): string {
  const bare = text.replace(/\b(what('s| is)|which|ports?|tcp|udp)\b|[/:?]/gi, ' ').trim();
  return /^\d+$/.test(bare) ? String(Number(bare)) : text.replace(/\?+\s*$/, '').replace(/^\s*what('s| is)\s/i, '').trim();
}

/** The port that is searched for, if a port is. */
export function portOf(text: string): number | null {
  const plain = plainSearch(text);
  return /^\d+$/.test(plain) && Number(plain) <= LAST_PORT ? Number(plain) : null;
}

export const bounds = ({ ports }: { ports: string }): [number, number] => {
  const [first = 0, last = first] = ports.split('-').map(Number);
  return [first, last];
};

export const entryKey = (entry: CatalogEntry): string => `${entry.service} ${entry.protocols} ${entry.ports}`;

export const protocolWords = ({ protocols }: CatalogEntry): string => (protocols === 'tcp+udp' ? 'TCP and UDP' : protocols.toUpperCase());

export const categoryWords = (category: string): string =>
  ({ 'ai-ml': 'AI and ML', 'amplification-udp': 'UDP amplifiers', 'ics-iot': 'Industrial and IoT', 'vpn-tunnel': 'VPN and tunnels' })[category] ?? capital(category.replaceAll('-', ' '));

export const basisWords = (documented: boolean): string =>
  documented ? "Documented: a vendor's document or a public list was checked." : 'By custom: what commonly listens there. A port number proves nothing.';

/** Whether a row of open ports of the review reaches into an entry of the catalog. */
export function opens(row: PortRow, entry: CatalogEntry): boolean {
  if (row.icmp !== null || !(row.protocol === 'all' || entry.protocols.split('+').includes(row.protocol))) return false;
  if (row.ports === 'all' || row.protocol === 'all') return true;
  const [first, last] = bounds(entry);
  return (row.ports ?? '').split(/[,\s]+/).some(part => {
    const [from, to] = bounds({ ports: part });
    return part !== '' && from <= last && first <= to;
  });
}
