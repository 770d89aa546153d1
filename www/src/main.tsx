import { render } from 'preact';
import { App } from './app/app';
import { AppContext } from './app/context';
import { Page } from './ui/page';
import { guardText } from './ui/shown';

guardText();
const app = new App();
const root = document.getElementById('app');
if (root) {
  root.replaceChildren();
  render(
    <AppContext.Provider value={app}>
      <Page />
    </AppContext.Provider>,
    root,
  );
  app.start();
}
