// The live ledger: what this context has asked the network for, as the browser itself recorded it.

/** Calls back with running totals whenever the browser records a request or refuses one. */
export function watchRequests(changed: (made: number, blocked: number) => void): void {
  let made = 0;
  let blocked = 0;
  new PerformanceObserver(list => {
    const before = made;
    // The worker's own source is a blob in memory: no request.
    made += list.getEntries().filter(entry => !/^(blob|data):/.test(entry.name)).length;
    if (made !== before) changed(made, blocked);
  }).observe({ type: 'resource', buffered: true });
  globalThis.addEventListener('securitypolicyviolation', () => {
    blocked += 1;
    changed(made, blocked);
  });
}
