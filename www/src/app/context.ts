import { createContext } from 'preact';
import { useContext, useLayoutEffect, useReducer, useRef } from 'preact/hooks';
import type { App } from './app';
import type { State } from './state';
import type { Store } from './store';

export const AppContext = createContext<App | null>(null);

/** Reads a part of the page's state and draws again only when that part changes. */
export function useValue<T>(pick: (state: State) => T): T {
  return useStore(useApp().store, pick);
}

export function useApp(): App {
  const app = useContext(AppContext);
  if (!app) throw new Error('a component was used outside the page');
  return app;
}

/** The same of any store. */
export function useStore<S extends object, T>(store: Store<S>, pick: (state: S) => T): T {
  const [, redraw] = useReducer<number, undefined>(count => count + 1, 0);
  const value = pick(store.state);
  const last = useRef({ pick, value });
  last.current = { pick, value };
  useLayoutEffect(() => {
    const check = () => {
      const { pick, value } = last.current;
      if (!Object.is(pick(store.state), value)) redraw(undefined);
    };
    check();
    return store.subscribe(check);
  }, [store]);
  return value;
}
