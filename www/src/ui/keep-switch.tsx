import { useApp, useValue } from '../app/context';
import { KeepBox } from './keep-box';

/** Whether the last work is kept. */
export function KeepSwitch() {
  const app = useApp();
  const keeping = useValue(state => state.keeping);
  return <KeepBox title="Keep my last work on this computer." keeping={keeping} set={on => app.keeper.set(on)} now={() => app.state.keeping} />;
}
