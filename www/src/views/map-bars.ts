// What the exposure map draws: equal rows as one bar, and where the bars stand. Plain functions of plain data.
import type { PortRow, Reach } from '../session/types';
import { VERDICTS } from '../words';
import { fitted, textWidth } from './picture-text';

/** Widest first. */
export const REACHES: readonly Reach[] = ['internet', 'broad-public', 'public', 'private', 'group', 'unknown', 'nobody'];

/** The three ranges of IANA (RFC 6335, section 6), with their parts of the width. */
export const RANGES = [
  { title: 'System', first: 0, last: 1023, part: 0.35 },
  { title: 'User', first: 1024, last: 49151, part: 0.42 },
  { title: 'Dynamic', first: 49152, last: 65535, part: 0.23 },
] as const;

/** Ports that help to find one's way, where there is room for them. */
const TICKS = [[0, 22, 80, 443], [1024, 3306, 8080, 27017], [49152, 65535]] as const;

/** More bars than that can't be told apart. */
export const MOST_BARS = 300;

/** Rows that differ only in their policy, or in who the sources are. */
export type Bar = { first: PortRow; rows: PortRow[]; from: number; to: number } | { first: PortRow; rows: PortRow[]; from: null; to: null };

/** Equal rows as one bar, the worst first, as the rows come. */
export function barsOf(rows: readonly PortRow[]): Bar[] {
  const bars = new Map<string, Bar>();
  for (const row of rows) {
    const key = [row.reach, row.protocol, row.ports, row.icmp, row.verdict].join();
    const bar = bars.get(key);
    if (bar) bar.rows.push(row);
    else bars.set(key, { first: row, rows: [row], ...portsOf(row) });
  }
  return [...bars.values()];
}

function portsOf({ protocol, ports }: PortRow): { from: number; to: number } | { from: null; to: null } {
  if (ports === 'all' || protocol === 'all') return { from: 0, to: 65535 };
  const [from, to = from] = (ports ?? '').split('-').map(Number);
  return ports && from !== undefined && to !== undefined && from <= to ? { from, to } : { from: null, to: null };
}

export type Placed = { bar: Bar; x: number; y: number; width: number; label: string; labelX: number; labelWidth: number };
/** The lines of bars of one protocol. What has no ports stands on no scale. */
export type Lane = { y: number; height: number; label: string; scaled: boolean };
export type Band = { reach: Reach; y: number; height: number; lanes: Lane[] };
export type Axis = { ranges: { title: string; x: number; width: number }[]; ticks: { port: number; x: number; anchor: 'start' | 'middle' | 'end' }[] };
/** In pixels. `items` are in reading order: band by band, lane by lane, from left to right. */
export type Plan = { width: number; height: number; top: number; lane: number; axis: Axis; bands: Band[]; items: Placed[] };

/** The column for the protocols' names, and the space between ranges. */
const GUTTER = 44;
const GAP = 6;
const HEAD = 44;
const BAND_HEAD = 26;
export const BAR = 16;

/** `lane` is the height of a line of bars: what a finger or a pointer needs to meet one. */
export function plan(bars: readonly Bar[], width: number, lane: number): Plan {
  const axis = axisFor(width);
  const bands: Band[] = [];
  const items: Placed[] = [];
  let y = HEAD;
  for (const reach of REACHES) {
    const here = bars.filter(({ first }) => first.reach === reach);
    if (here.length === 0) continue;
    const band: Band = { reach, y, height: 0, lanes: [] };
    y += BAND_HEAD;
    for (const protocol of [...new Set(here.map(({ first }) => first.protocol))].sort(byFamily)) {
      const placed = packed(here.filter(({ first }) => first.protocol === protocol), width);
      const lanes = Math.max(...placed.map(({ at }) => at)) + 1;
      band.lanes.push({ y, height: lanes * lane, label: protocol, scaled: placed.some(({ bar }) => bar.from !== null) });
      items.push(...placed.map(({ at, ...item }) => ({ ...item, y: y + at * lane + lane / 2 })));
      y += lanes * lane;
    }
    y += 8;
    band.height = y - band.y;
    bands.push(band);
  }
  return { width, height: y, top: HEAD, lane, axis, bands, items: items.sort((a, b) => a.y - b.y || a.x - b.x) };
}

const FAMILIES = ['all', 'tcp', 'udp', 'sctp'];
const family = (protocol: string): number => (FAMILIES.indexOf(protocol) + FAMILIES.length + 1) % (FAMILIES.length + 1);
const byFamily = (a: string, b: string): number => family(a) - family(b) || (a < b ? -1 : 1);

/** Bars beside each other where they and their labels have room, else in a further lane; wide and bad ones first. */
function packed(bars: Bar[], width: number): (Omit<Placed, 'y'> & { at: number })[] {
  const ends: { from: number; to: number }[][] = [];
  let flow = GUTTER;
  const extent = ({ from, to }: Bar) => (from === null ? 0 : to - from);
  const rank = ({ first }: Bar) => VERDICTS.indexOf(first.verdict);
  return [...bars]
    .sort((a, b) => rank(a) - rank(b) || extent(b) - extent(a) || (a.from ?? 0) - (b.from ?? 0))
    .map(bar => {
      const label = labelOf(bar);
      const text = textWidth(label, 12);
      const drawn = bar.from === null ? { x: flow, width: BAR } : spanned(bar.from, bar.to, width);
      // What has no port stands on no scale: one beside the other.
      if (bar.from === null) flow = flow + 2 * (BAR + text + 20) > width ? GUTTER : flow + BAR + text + 20;
      const inside = drawn.width >= BAR + text + 12;
      const right = drawn.x + (inside ? BAR : drawn.width) + 4;
      const labelX = right + text <= width ? right : drawn.x - 4 - text;
      const from = Math.min(drawn.x, labelX) - 4;
      const to = Math.max(drawn.x + drawn.width, labelX + text) + 4;
      let at = ends.findIndex(lane => lane.every(other => to <= other.from || other.to <= from));
      if (at < 0) at = ends.push([]) - 1;
      ends[at]?.push({ from, to });
      return { bar, ...drawn, label, labelX, labelWidth: text, at };
    });
}

/** A part of what is said about the bar, so that who speaks to the page can name it as it is written. */
function labelOf({ first: { protocol, ports, icmp }, from }: Bar): string {
  if (protocol === 'all') return 'every protocol';
  if (from === null) return icmp === 'all' ? 'all types' : (icmp ?? protocol);
  return ports === 'all' || ports === null ? 'all ports' : ports;
}

/** Where ports stand: a single one as wide as its verdict's shape, centred. */
function spanned(from: number, to: number, width: number): { x: number; width: number } {
  const [left, right] = [position(from, width), position(to, width)];
  const wide = Math.max(BAR, right - left);
  const x = right - left >= BAR ? left : (left + right - wide) / 2;
  return { x: Math.max(GUTTER, Math.min(x, width - wide)), width: wide };
}

/** Each range has its own scale; its lower end, where most services are, gets more room. */
export function position(port: number, width: number): number {
  let x = GUTTER;
  const all = width - GUTTER - GAP * (RANGES.length - 1);
  for (const { first, last, part } of RANGES) {
    if (port <= last) return x + part * all * Math.sqrt((port - first) / (last - first));
    x += part * all + GAP;
  }
  return width;
}

function axisFor(width: number): Axis {
  const ranges = RANGES.map(({ title, first, last }) => {
    const [x, end] = [position(first, width), position(last, width)];
    const whole = `${title} ports, ${first}–${last}`;
    return { title: textWidth(whole, 13, 600) <= end - x ? whole : fitted(title, 13, end - x, 600), x, width: end - x };
  });
  const ticks = TICKS.flatMap((ports, n) => {
    const range = ranges[n];
    const shown: Axis['ticks'] = [];
    let end = -1;
    for (const port of range ? ports : []) {
      const [x, text] = [position(port, width), textWidth(String(port), 12)];
      const anchor = shown.length === 0 ? 'start' : port === 65535 ? 'end' : 'middle';
      const from = anchor === 'start' ? x : anchor === 'end' ? x - text : x - text / 2;
      if (from < end + 6 || (range && from + text > range.x + range.width + 1 && shown.length > 0)) continue;
      shown.push({ port, x, anchor });
      end = from + text;
    }
    return shown;
  });
  return { ranges, ticks };
}
