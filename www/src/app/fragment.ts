// What stands after the # of the page's address: one key and its value, as in #try=open-database.

export type Fragment = { key: string; value: string };

/** Reads a fragment; null for one that only names a place on the page, such as #truth. */
export function readFragment(hash: string): Fragment | null {
  const [, key, value] = /^#([a-z]+)=(.+)$/s.exec(hash) ?? [];
  return key && value ? { key, value } : null;
}

export const writeFragment = ({ key, value }: Fragment): string => `#${key}=${value}`;

/** Calls back with the fragment that the page was opened with, and with every later one. */
export function watchFragment(heard: (fragment: Fragment) => void): void {
  const read = () => {
    const fragment = readFragment(location.hash);
    if (fragment) heard(fragment);
  };
  addEventListener('hashchange', read);
  read();
}

/** The two examples of a check. */
export type Side = 'dangerous' | 'secure';

export const tryFragment = (id: string, side: Side): Fragment => ({ key: 'try', value: side === 'secure' ? `${id}:secure` : id });

/** What a value of the key `try` asks for. */
export function readTry(value: string): { id: string; side: Side } {
  const [id = '', side] = value.split(':');
  return { id, side: side === 'secure' ? 'secure' : 'dangerous' };
}

/** Leads to a chapter of the primer. */
export const chapterFragment = (id: string): Fragment => ({ key: 'chapter', value: id });
