// The rules of WCAG 2.2 AA, as far as axe can judge them.
import fs from 'node:fs';
import { requireFromPage } from './harness.mjs';

const axe = fs.readFileSync(requireFromPage.resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds on the page as it stands, each as a sentence; nothing where all is well. */
export async function violations(page) {
  // Colours are judged where they come to rest.
  await page.evaluate(() => Promise.all(document.getAnimations({ subtree: true }).map(animation => animation.finished.catch(() => {}))));
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  return violations.flatMap(({ id, nodes }) => nodes.map(node => `${id}: ${node.target.join(' ')} ${node.any[0]?.message ?? ''}`));
}
