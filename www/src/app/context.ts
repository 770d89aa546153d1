import { createContext } from 'preact';
import { useContext, useLayoutEffect, useReducer, useRef } from 'preact/hooks';
import type { App } from './app';
import type { State } from './state';

export const AppContext = createContext<App | null>(null);

export function useApp(): App {
  const app = useContext(AppContext);
  if (!app) throw new Error('a component was used outside the page');
  return app;
}

/** Reads a part of the state and draws again only when that part changes. */
export function useValue<T>(pick: (state: State) => T): T {
  const app = useApp();
  const [, redraw] = useReducer<number, undefined>(count => count + 1, 0);
  const value = pick(app.store.state);
  const last = useRef({ pick, value });
  last.current = { pick, value };
  useLayoutEffect(() => {
    const check = () => {
      const { pick, value } = last.current;
      if (!Object.is(pick(app.store.state), value)) redraw(undefined);
    };
    check();
    return app.store.subscribe(check);
  }, [app]);
  return value;
}
