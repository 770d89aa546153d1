import { WhatIs } from '../ui/what-is';
import { number } from '../words';

const MOST = 6;

/** What commonly listens there, each name leading to its entry in the catalog. */
export function Services({ ports, names }: { ports: string | null; names: string[] }) {
  const single = /^\d+$/.test(ports ?? '') ? ports : null;
  if (names.length === 0) return single ? <WhatIs text={single}>What is this?</WhatIs> : null;
  return (
    <>
      {names.slice(0, MOST).map((name, n) => (
        <span key={name}>
          {n > 0 && ', '}
          <WhatIs text={single ?? name}>{name}</WhatIs>
        </span>
      ))}
      {names.length > MOST && ` and ${number(names.length - MOST)} more`}
    </>
  );
}
