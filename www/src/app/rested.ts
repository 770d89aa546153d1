import { useLayoutEffect, useRef, useState } from 'preact/hooks';

/** Longer than between two keys, in milliseconds. */
const REST = 600;

/** The value as it was when it was last left alone: what comes and goes with every key would push everything else around. With
 * another subject the next value is taken at once. */
export function useRested<T>(value: T, ...subject: unknown[]): T {
  const [rested, rest] = useState(value);
  const anew = useRef(false);
  useLayoutEffect(() => {
    anew.current = subject.length > 0;
  }, subject);
  useLayoutEffect(() => {
    if (Object.is(value, rested)) return;
    if (anew.current || value === null) {
      anew.current = value === null;
      return rest(value);
    }
    const timer = setTimeout(() => rest(value), REST);
    return () => clearTimeout(timer);
  }, [value]);
  return rested;
}
