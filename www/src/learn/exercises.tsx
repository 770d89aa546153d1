import { useApp, useStore } from '../app/context';
import { Exercise } from './exercise';
import { Track } from './track';

/** The track of exercises, or the exercise that was opened. */
export function Exercises() {
  const { learning } = useApp();
  const open = useStore(learning.store, state => state.exercise);
  return open === null ? <Track /> : <Exercise />;
}
