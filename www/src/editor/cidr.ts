// Addresses and prefixes of both families, as far as the arrow keys need them.

/** An address as a number. `length` is the prefix's, or that of one address where none was written. */
export type Cidr = { family: 4 | 6; address: bigint; length: number };

const bits = (family: 4 | 6): number => (family === 4 ? 32 : 128);

export function readCidr(text: string): Cidr | null {
  const [written = '', prefix] = text.split('/');
  const family = written.includes(':') ? 6 : 4;
  const address = family === 6 ? readV6(written) : readV4(written);
  const length = prefix === undefined ? bits(family) : Number(prefix);
  return address === null || length > bits(family) ? null : { family, address, length };
}

/** The prefix of another length around the same address, with the bits behind it cleared; null beyond either end. */
export function cidrOf({ family, address }: Cidr, length: number): string | null {
  if (length < 0 || length > bits(family)) return null;
  const behind = BigInt(bits(family) - length);
  const first = (address >> behind) << behind;
  return `${family === 4 ? writeV4(first) : writeV6(first)}/${length}`;
}

function readV4(text: string): bigint | null {
  const parts = text.split('.');
  // A leading zero is octal to some and decimal to others.
  if (parts.length !== 4 || !parts.every(part => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)) return null;
  return parts.reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);
}

const writeV4 = (address: bigint): string => [24n, 16n, 8n, 0n].map(shift => (address >> shift) & 255n).join('.');

function readV6(text: string): bigint | null {
  const halves = text.split('::');
  const groups = halves.map(half => (half === '' ? [] : half.split(':')));
  const [head = [], tail = []] = groups;
  const missing = 8 - head.length - tail.length;
  if (halves.length > 2 || (halves.length === 2 ? missing < 1 : missing !== 0)) return null;
  const all = [...head, ...Array<string>(missing).fill('0'), ...tail];
  return all.every(group => /^[\da-f]{1,4}$/i.test(group)) ? all.reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n) : null;
}

/** Lower case, the longest run of two zeros or more shortened, the first of equals (RFC 5952, section 4). */
function writeV6(address: bigint): string {
  const groups = Array.from({ length: 8 }, (_, n) => ((address >> BigInt(112 - 16 * n)) & 0xffffn).toString(16));
  const runs = [...groups.map(group => (group === '0' ? '0' : 'x')).join('').matchAll(/0{2,}/g)];
  const longest = runs.reduce<{ index: number; size: number } | null>((best, { 0: run, index }) => (best && best.size >= run.length ? best : { index, size: run.length }), null);
  if (!longest) return groups.join(':');
  return `${groups.slice(0, longest.index).join(':')}::${groups.slice(longest.index + longest.size).join(':')}`;
}
