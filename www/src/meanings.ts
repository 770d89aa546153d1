// What the page's own words mean: verdicts, severities, widths of sources. The legend and the table share them.
import type { Reach, Severity, Verdict } from './session/types';

export const VERDICT_MEANS: Record<Verdict, string> = {
  dangerous: 'Sources too wide can reach a service that is attacked as a matter of course. Close it or narrow it first.',
  unknown: 'Something that decides was not pasted or not understood, and with one value of it this is dangerous. It is never counted as secure.',
  caution: 'Not an open door by itself, but wider or weaker than it should be. Worth a look.',
  secure: 'Nothing that should stay closed is open to whom it should be closed. Also what is meant to be public.',
};

export const SEVERITIES: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'info'];

export const SEVERITY_MEANS: Record<Severity, string> = {
  critical: 'Taken over within hours once the internet reaches it, as a rule without a password.',
  high: 'Attacked as a matter of course once the internet reaches it.',
  medium: 'Worth a look. Ports that the catalog does not list count as this, too.',
  low: 'Commonly public, with care.',
  info: 'Meant to be public.',
};

/** By column of the decision table, the widest sources first. */
export const COLUMN_MEANS: readonly string[] = [
  'At least half of the public addresses of a family, IPv4 or IPv6.',
  'As many public addresses as a /16 has, or a /32 of IPv6: more than one organisation.',
  'A handful of networks; for IPv6 more than a /56.',
  'One office or one provider; for IPv6 at most a /56.',
  'Addresses of private networks, more than a /16 of them; for IPv6 more than a /48.',
  'Private addresses up to a /16, or only members of a group.',
  'No address that could send a packet.',
];

export const REACHES: readonly { reach: Reach; means: string }[] = [
  { reach: 'internet', means: 'at least half of the public addresses of a family' },
  { reach: 'broad-public', means: 'at least 65,536 public addresses, or a /32 of IPv6' },
  { reach: 'public', means: 'any smaller number of public addresses' },
  { reach: 'private', means: 'only addresses of private networks' },
  { reach: 'group', means: 'only members of a group, a tag or a service account, or the provider itself' },
  { reach: 'nobody', means: 'no address that could send a packet' },
  { reach: 'unknown', means: 'could be wider than what is known, once something open is settled' },
];
