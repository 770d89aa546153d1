// What can come next in a question: names, the arrow, then a protocol and port.
import type { CatalogEntry, PortRow } from '../session/types';

/** `insert` replaces the text from `from` to `to`; `note` says what stands behind a port. */
export type Option = { value: string; note: string; insert: string };
export type Completion = { from: number; to: number; options: Option[]; /** Begun by what was typed, so that it can be taken at once. */ begun: boolean };

/** More would not fit above a phone's keyboard. */
const MOST = 6;
/** What people ask for first. */
const USUAL = ['tcp/22', 'tcp/443', 'tcp/80', 'tcp/3389', 'tcp/5432', 'tcp/3306', 'udp/53', 'icmp'];

type Known = { names: readonly string[]; services: readonly Service[] };
export type Service = { value: string; note: string };

export function complete(text: string, caret: number, { names, services }: Known): Completion | null {
  const before = text.slice(0, caret);
  const part = before.match(/\S*$/)?.[0] ?? '';
  const from = caret - part.length;
  const to = caret + (text.slice(caret).match(/^\S*/)?.[0].length ?? 0);
  const ahead = text.slice(to).trim() !== '';
  const [source = '', destination] = before.split(/->|→/);
  const place = (all: Service[], after: string): Completion | null => {
    const options = matching(all, part).map(each => ({ ...each, insert: each.value + (ahead ? '' : after) }));
    return options.length > 0 ? { from, to, options, begun: part !== '' && !/^\w+\/\d+$/.test(part) } : null;
  };
  const end = (after: string) => place(names.map(value => ({ value, note: '' })), after);
  if (destination === undefined) {
    if (source.trim() === part) return end(' -> ');
    return ahead ? null : place([{ value: '->', note: 'to' }], ' ');
  }
  // Right behind the arrow there may be no blank yet.
  if (/->|→/.test(part)) return null;
  return destination.trim() === part ? end(' ') : place([...services], '');
}

/** Those that begin with what was typed, then those that hold it; nothing when only the text itself is left. */
function matching(all: Service[], part: string): Service[] {
  const typed = part.toLowerCase();
  const rank = ({ value, note }: Service) => {
    const name = value.toLowerCase();
    if (name.startsWith(typed)) return 0;
    return typed && (name.includes(typed) || note.toLowerCase().startsWith(typed)) ? 1 : 2;
  };
  const ranked = all.map(each => ({ each, at: rank(each) })).filter(({ at }) => at < 2);
  const found = ranked.sort((a, b) => a.at - b.at).slice(0, MOST);
  return found.some(({ each }) => each.value.toLowerCase() === typed) && typed ? [] : found.map(({ each }) => each);
}

/** Ports that are open here, then the usual ones, then every service that has a name. */
export function servicesOf(ports: readonly PortRow[], catalog: readonly CatalogEntry[]): Service[] {
  const called = (value: string) => {
    const [protocol = '', port] = value.split('/');
    return catalog.find(entry => entry.ports === port && entry.protocols.includes(protocol))?.name ?? '';
  };
  const open = ports.filter(({ ports, protocol }) => /^\d+$/.test(ports ?? '') && /^(tcp|udp)$/.test(protocol)).map(row => `${row.protocol}/${row.ports}`);
  const numbered = [...new Set([...open, ...USUAL])].map(value => ({ value, note: called(value) }));
  // A slash divides protocol and port, so a name that holds one can't be asked for.
  const named = catalog.filter(({ service }) => /^[\w.-]+$/.test(service)).map(({ service, ports, protocols }) => ({ value: service, note: `${protocols.startsWith('tcp') ? 'tcp' : 'udp'}/${ports}` }));
  return [...numbered, ...named];
}

/** Two questions that make sense here, from what is open and what the ends are called; none where nothing has a name. */
export function exampleQuestions(ports: readonly PortRow[], names: readonly string[]): string[] {
  // A name with blanks is not offered for completion, but it can be asked for.
  const known = (row: PortRow | undefined) => [row?.policy_name, row?.policy_id].find(each => each && names.includes(each)) ?? row?.policy_name;
  const byId = (group: string) => known(ports.find(row => row.policy_id === group)) ?? names.find(each => each === group);
  const owners = [...new Set(ports.map(known))].filter(Boolean);
  const first = owners[0] ?? names.find(each => each !== 'internet');
  if (!first) return [];
  const rows = ports.filter(row => row.direction === 'ingress' && /^\d+$/.test(row.ports ?? '') && /^(tcp|udp)$/.test(row.protocol) && known(row));
  const [open] = rows;
  const between = rows.find(row => row.groups.some(byId));
  const group = between?.groups.map(byId).find(Boolean);
  return [
    open ? `internet -> ${known(open)} ${open.protocol}/${open.ports}` : `internet -> ${first} tcp/443`,
    group && between ? `${group} -> ${known(between)} ${between.protocol}/${between.ports}` : `10.0.1.5 -> ${owners.at(-1) ?? first} tcp/22`,
  ];
}
