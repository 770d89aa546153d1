// Opening a link that carries documents.
import { sourceOfText } from '../source/files';
import type { App } from './app';
import { nothingPasted } from './documents';
import { isLink, unpacked } from './link';

/** Reviews the documents that the fragment of the address carries, and takes them out of the address bar. Says whether it
 * carried any, or should have. */
export async function openShared(app: App, fragment: string): Promise<boolean> {
  if (!isLink(fragment)) return false;
  // First of all, so that the address that is copied or bookmarked from here on holds no document.
  forgetFragment();
  if (!nothingPasted(app.state)) {
    app.tell('a link was opened over what you review here, and was left alone: clear the page and open it again');
    return true;
  }
  try {
    const sources = (await unpacked(fragment)).map(({ name, text }) => sourceOfText(name, text));
    app.begin(sources);
    app.keeper.leaveAlone(sources);
    app.store.set({ notice: 'Opened from a link. Its documents were taken out of the address bar.' });
  } catch (error) {
    app.tell(error instanceof Error ? error.message : String(error));
  }
  return true;
}

/** It changes what stands in the address bar and can't lead anywhere: browsers refuse another server's address here. */
function forgetFragment(): void {
  try {
    history.replaceState(null, '', location.pathname + location.search);
  } catch {
    // A browser that refuses it to files leaves the address as it is.
  }
}
