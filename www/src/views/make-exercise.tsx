import { useState } from 'preact/hooks';
import { useApp, useValue } from '../app/context';
import type { Finding, FromFinding } from '../session/types';
import { fileName, saveFile } from '../ui/save';
import { sentence } from '../words';

/** Turns a finding into a pack for the training ground, in which nobody is named. */
export function MakeExercise({ finding }: { finding: Finding }) {
  const app = useApp();
  const [told, tell] = useState<{ made: FromFinding | null; error: string | null } | null>(null);
  const unavailable = useValue(state => state.detached || state.lastGood !== null);
  const make = () =>
    app.engine.ask('exercise_from_finding', finding.index, false).then(
      made => {
        tell(made);
        if (made.made) saveFile(fileName(made.made.exercise, 'pack', 'toml'), 'application/toml', made.made.pack);
      },
      // The worker was ended meanwhile; the next click asks anew.
      () => {},
    );
  const { made, error } = told ?? {};
  return (
    <div class="about-audit">
      <button type="button" class="link" disabled={unavailable} onClick={() => void make()}>
        Turn this finding into an exercise
      </button>
      {error && <p class="error">{sentence(error)}</p>}
      {made && (
        <>
          <p>A pack was saved: {sentence(made.said)}</p>
          <p class="about-audit-try">
            <button type="button" class="button" onClick={() => void app.learning.try(made)}>
              Open it in Learn
            </button>
          </p>
        </>
      )}
    </div>
  );
}
