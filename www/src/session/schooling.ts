// The worker's answers about exercises. Each is given the pack that it is about, so a worker that was ended loses nothing.
import { Training, drill, read_answers, write_answers } from 'portcullis_wasm';
import type { Questions } from './protocol';
import type { Configuration } from './types';

let own: Training | undefined;
/** The pack that was asked about last. */
let packed: { text: string; training: Training } | undefined;
/** The answer that grades are compared with, and the exercises it belongs to. */
let held: { training: Training; key: string } | undefined;

const encoder = new TextEncoder();

/** The exercises of a pack; the project's where there is none. */
function trainingOf(pack: string | null): Training {
  if (pack === null) return (own ??= new Training());
  if (packed?.text !== pack) {
    packed = { text: pack, training: new Training() };
    packed.training.read_pack('pack', encoder.encode(pack));
  }
  return packed.training;
}

const graded = (training: Training, id: string, files: readonly Configuration[]) =>
  training.grade(
    id,
    files.map(({ name }) => name),
    files.map(({ text }) => text),
  );

export const schooling = {
  exercises: (pack: string | null) => trainingOf(pack).exercises(),
  exercise: (pack: string | null, id: string) => trainingOf(pack).exercise(id),
  grade(pack: string | null, id: string, files: readonly Configuration[], before: readonly Configuration[]) {
    const training = trainingOf(pack);
    const key = JSON.stringify([id, before]);
    if (held?.training !== training || held.key !== key) {
      const first = graded(training, id, before);
      training.hold();
      held = { training, key };
      // Nothing was changed yet, so one grade is enough.
      if (first && JSON.stringify([id, files]) === key) return { ...first, regressions: [] };
    }
    return graded(training, id, files);
  },
  handed_in: (pack: string | null, name: string, text: string) => trainingOf(pack).handed_in(name, encoder.encode(text)),
  read_pack: (name: string, text: string) => new Training().read_pack(name, encoder.encode(text)),
  read_answers: (name: string, text: string) => read_answers(name, encoder.encode(text)),
  write_answers,
  drill,
} satisfies Partial<Questions>;
