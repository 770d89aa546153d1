// What is printed is a report of its own, not the page: it is drawn when the browser is about to print, and gone afterwards.
import { render } from 'preact';
import { useEffect } from 'preact/hooks';
import type { App } from '../app/app';
import { useApp } from '../app/context';
import type { Result } from '../session/protocol';
import type { Tool } from '../session/types';
import type { Fingerprint } from './fingerprint';
import { Paper } from './paper';

/** Nobody reads more on paper; what is left out is counted. */
const MOST = 2_000;

/** Whole lists for the print that was asked for on the page. */
let whole: Result | null = null;

/** Fetches what the page has not shown yet, and prints. */
export async function printAll(app: App): Promise<void> {
  const { result, shown } = app.state;
  if (!result) return;
  try {
    const [findings, notes, policies, ports] = await Promise.all([
      app.engine.ask('findings', undefined, 0, MOST),
      app.engine.ask('findings', 'secure', 0, MOST),
      app.engine.ask('policies', undefined, 0, MOST),
      app.engine.ask('ports', 0, MOST, undefined),
    ]);
    if (app.state.shown === shown) whole = { ...result, findings, notes, policies, ports };
  } catch {
    // The worker was ended meanwhile: what the page shows is printed.
  }
  print();
  whole = null;
}

/** Draws the report whenever the browser prints, also by its own menu. */
export function Printing() {
  const app = useApp();
  useEffect(() => {
    let paper: HTMLElement | null = null;
    const foot = new CSSStyleSheet();
    document.adoptedStyleSheets.push(foot);
    const remove = () => {
      if (!paper) return;
      render(null, paper);
      paper.remove();
      paper = null;
    };
    const draw = () => {
      remove();
      const { lastGood, result, filter, tool, fingerprint, shown } = app.state;
      const printed = whole ?? lastGood ?? result;
      if (!printed) return;
      foot.replaceSync(footOf(tool, fingerprint?.run === shown ? fingerprint : null));
      paper = document.body.appendChild(document.createElement('div'));
      paper.className = 'paper';
      render(
        <Paper result={printed} filtered={!whole && filter !== undefined} stale={!whole && lastGood !== null} tool={tool} fingerprint={fingerprint?.run === shown ? fingerprint : null} />,
        paper,
      );
    };
    addEventListener('beforeprint', draw);
    addEventListener('afterprint', remove);
    return () => {
      remove();
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter(sheet => sheet !== foot);
      removeEventListener('beforeprint', draw);
      removeEventListener('afterprint', remove);
    };
  }, [app]);
  return null;
}

/** Stands at the foot of every page: by what the verdict can be reproduced. */
function footOf(tool: Tool | null, fingerprint: Fingerprint | null): string {
  const digest = fingerprint?.digest ? `, SHA-256 of the input ${fingerprint.digest.slice(0, 16)}` : '';
  const words = tool ? `${tool.name} ${tool.version}, port catalog ${tool.catalog}${digest}` : '';
  return `@page { @bottom-left { color: #333; font: 8pt sans-serif; white-space: nowrap; content: ${JSON.stringify(words)}; } }`;
}
