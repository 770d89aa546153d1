// What the figures that can be tried compute with.

export type Client = { name: string; first: number; last: number; short: string };

/** Ephemeral ports by system: Amazon VPC User Guide, Network ACLs; the range of Linux as its kernel documents it. */
export const CLIENTS: readonly Client[] = [
  { name: 'linux', short: 'Linux', first: 32_768, last: 60_999 },
  { name: 'windows', short: 'Windows', first: 49_152, last: 65_535 },
  { name: 'old-windows', short: 'Windows before 2008', first: 1025, last: 5000 },
  { name: 'aws', short: 'AWS balancer, NAT, Lambda', first: 1024, last: 65_535 },
];

/** Which part of a client's ports lies at or above a port: 0 to 1. */
export const passing = ({ first, last }: Client, from: number): number => Math.min(1, Math.max(0, last - from + 1) / (last - first + 1));

/** 203.0.113.7, an address for documentation (RFC 5737). */
const EXAMPLE = ((203 * 256 + 0) * 256 + 113) * 256 + 7;

/** The addresses that a prefix of this length around the example admits. */
export function admitted(length: number): { first: number; last: number; total: number } {
  const total = 2 ** (32 - length);
  const first = EXAMPLE - (EXAMPLE % total);
  return { first, last: first + total - 1, total };
}

export const address = (of: number): string => [24, 16, 8, 0].map(bits => Math.floor(of / 2 ** bits) % 256).join('.');
