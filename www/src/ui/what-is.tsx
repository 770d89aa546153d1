import type { ComponentChildren } from 'preact';
import { useApp } from '../app/context';

/** Leads to what the catalog of ports says: `text` is a port's number or the name of a service. */
export function WhatIs({ text, children }: { text: string; children: ComponentChildren }) {
  const app = useApp();
  return (
    <button type="button" class="link" title={`What is ${text}?`} onClick={() => app.guide.whatIs(text)}>
      {children}
    </button>
  );
}
