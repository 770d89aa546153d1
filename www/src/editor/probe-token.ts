// What the arrow keys may change: an address, or a port that is certainly one.
import { cidrOf, readCidr, type Cidr } from './cidr';

export type Span = { from: number; to: number };
export type Token =
  | (Span & { kind: 'cidr'; text: string; cidr: Cidr })
  /** `twin` is the other end of a single port that is written as from and to: it moves along. `least` and `most` are as far as it may go. */
  | (Span & { kind: 'port'; text: string; least: number; most: number; twin: Span | null });

/** The token at a place in a text, or null. */
export const tokenAt = (text: string, caret: number): Token | null => cidrAt(text, caret) ?? portAt(text, caret);

/** The token after so many steps, each one bit wider or one port up, or as many down where negative; null beyond its ends. */
export function stepped(token: Token, steps: number): string | null {
  if (steps === 0) return token.text;
  if (token.kind === 'cidr') return cidrOf(token.cidr, token.cidr.length - steps);
  const port = Number(token.text) + steps;
  return port < token.least || port > token.most ? null : String(port);
}

/** What holds the caret, of all that a pattern finds on its line. */
function under(text: string, caret: number, pattern: RegExp): (Span & { text: string }) | null {
  const line = text.lastIndexOf('\n', caret - 1) + 1;
  const end = text.indexOf('\n', caret);
  for (const { 0: found, index } of text.slice(line, end < 0 ? text.length : end).matchAll(pattern)) {
    const from = line + index;
    if (from <= caret && caret <= from + found.length) return { from, to: from + found.length, text: found };
  }
  return null;
}

/** The text of the line before a place. */
const lineBefore = (text: string, at: number): string => text.slice(text.lastIndexOf('\n', at - 1) + 1, at);

function cidrAt(text: string, caret: number): Token | null {
  const found = under(text, caret, /(?<![\w.:/-])[\da-f:.]+(?:\/\d{1,3})?(?![\w.:/%-])/gi);
  const cidr = found && readCidr(found.text);
  if (!found || !cidr) return null;
  const before = lineBefore(text, found.from);
  if (/^\s*(#|\/\/)|["']?(description|comment|remark)["']?\s*[:=]/i.test(before)) return null;
  // Where one address is meant, a prefix would be nonsense.
  if (!found.text.includes('/') && /(ip|address|host|gateway)["']?\s*[:=][^:=]*$/i.test(before)) return null;
  return { ...found, kind: 'cidr', cidr };
}

/** A key whose values are ports, a list that it may have opened, and the values before this one. */
const KEY = /(?<!\w)((?:from|to|start|end|destination|dest|source|src)?[_-]?ports?(?:[_-]?ranges?)?)["']?\s*[:=]\s*(?:\[\s*(?:["']?[\d-]+["']?\s*,\s*)*)?["']?(?:\d+-)?$/i;
/** The same as a list of YAML, an item on each line. */
const LIST = /(?<!\w)[a-z]*_?ports?(?:_?ranges?)?["']?:[ \t]*(?:\n[ \t]*-[ \t]*["']?[\d-]+["']?[ \t]*)*\n[ \t]*-[ \t]*["']?(?:\d+-)?$/i;
/** The words of iptables and nftables. */
const WORD = /(?:--(?:[ds]ports?|destination-ports?|source-ports?)\s+(?:[\d:]+,)*(?:\d+:)?|\b(?:tcp|udp)\s+[ds]port\s+(?:\{\s*(?:[\d-]+\s*,\s*)*)?(?:\d+-)?)$/i;
/** The two ends of a network ACL's range. */
const END = /(?<!\w)(from|to)["']?\s*:\s*$/i;

function portAt(text: string, caret: number): Token | null {
  const found = under(text, caret, /(?<![\w.])(?<!\W-)\d{1,5}(?![\w.])/g);
  if (!found || Number(found.text) > 65_535) return null;
  const before = text.slice(0, found.from);
  const line = lineBefore(text, found.from);
  if (/^\s*(#|\/\/)/.test(line)) return null;
  const object = own(text, found);
  // There the same keys hold a message's type.
  if (/icmp/i.test(object) || /icmp/i.test(line)) return null;
  const end = END.exec(before);
  if (end && !/PortRange["']?\s*:\s*\{?[^{}]{0,80}$/i.test(before)) return null;
  const key = KEY.exec(before)?.[1] ?? end?.[1];
  if (key === undefined && !LIST.test(before) && !WORD.test(line)) return null;
  return { ...found, kind: 'port', ...limits(text, found, key, object) };
}

/** A range stays one: its lower end never passes the upper, and two equal ends move together. */
function limits(text: string, found: Span & { text: string }, key: string | undefined, object: string): { least: number; most: number; twin: Span | null } {
  const own = Number(found.text);
  const low = /(\d{1,5})[-:]$/.exec(text.slice(0, found.from));
  const high = /^[-:](\d{1,5})/.exec(text.slice(found.to));
  if (low?.[1]) return { least: Number(low[1]), most: 65_535, twin: null };
  if (high?.[1]) return { least: 0, most: Number(high[1]), twin: null };
  const [name = ''] = key?.match(/^(from|to|start|end)/i) ?? [];
  const other = { from: 'to', to: 'from', start: 'end', end: 'start' }[name.toLowerCase()];
  const partner = other && key ? partnerOf(object, found.from, other + key.slice(name.length)) : null;
  if (!partner) return { least: 0, most: 65_535, twin: null };
  const value = Number(partner.text);
  if (value === own) return { least: 0, most: 65_535, twin: { from: partner.from, to: partner.to } };
  return /^(from|start)/i.test(name) ? { least: 0, most: Math.max(value, own), twin: null } : { least: Math.min(value, own), most: 65_535, twin: null };
}

/** The other end's number: of several the nearest. */
function partnerOf(object: string, at: number, key: string): (Span & { text: string }) | null {
  const pattern = new RegExp(`(?<!\\w)${key}["']?\\s*[:=]\\s*["']?(\\d{1,5})(?![\\w.])`, 'gi');
  let best: (Span & { text: string }) | null = null;
  for (const { 0: whole, 1: text = '', index } of object.matchAll(pattern)) {
    const from = index + whole.length - text.length;
    if (!best || Math.abs(from - at) < Math.abs(best.from - at)) best = { from, to: from + text.length, text };
  }
  return best;
}

/** The text with all but the token's own object blanked: what is nested in it, and what lies beyond its braces or, where there are none,
 * beyond its lines of YAML. Offsets stay. */
function own(text: string, { from, to }: Span): string {
  const before = walk(text.slice(0, from).split('').reverse(), '}]', '{[');
  const after = walk(text.slice(to).split(''), '{[', '}]');
  const whole = before.kept.reverse().join('') + text.slice(from, to) + after.kept.join('');
  return before.left ? whole : item(text, from);
}

/** Blanks what is nested, and everything from the first bracket on that leads out. */
function walk(characters: string[], inwards: string, outwards: string): { kept: string[]; left: boolean } {
  let depth = 0;
  const kept = characters.map(character => {
    if (depth < 0) return ' ';
    if (inwards.includes(character)) depth += 1;
    const stays = depth === 0 && !outwards.includes(character);
    if (outwards.includes(character)) depth -= 1;
    return stays ? character : ' ';
  });
  return { kept, left: depth < 0 };
}

/** Blanks all lines but those of one mapping of YAML: as far as none begins further left than its keys do. */
function item(text: string, at: number): string {
  const lines = text.split('\n');
  const here = text.slice(0, at).split('\n').length - 1;
  const indent = (line = '') => (line.trim() === '' ? Infinity : line.search(/\S/));
  const keys = lines[here]?.match(/^\s*(?:- +)*/)?.[0].length ?? 0;
  let [first, last] = [here, here];
  while (first > 0 && indent(lines[first]) >= keys && indent(lines[first - 1]) >= keys) first -= 1;
  // The line with the item's own dash holds its first key.
  if (indent(lines[first]) >= keys && lines[first - 1]?.match(/^\s*- +/)?.[0].length === keys) first -= 1;
  while (last < lines.length - 1 && indent(lines[last + 1]) >= keys) last += 1;
  return lines.map((line, n) => (first <= n && n <= last ? line : ' '.repeat(line.length))).join('\n');
}
