import { useAsked } from '../app/asked';
import { useApp, useStore } from '../app/context';
import { covered, entryOf, suggested, type Progress } from '../app/progress';
import type { Ground } from '../app/learning';
import type { Exercise } from '../session/types';
import { count, sentence } from '../words';
import { ClassPanel } from './class-panel';
import { MeterMark } from './meters';
import { ProgressPanel } from './progress-panel';
import { numberOf } from './words';

/** The track ends with the capstone; what has a higher number is for practice. */
const isTrack = ({ id }: Exercise): boolean => Number(numberOf(id)) <= 19;

/** All exercises: guided from the first one on, or the fast way by the last two. */
export function Track() {
  const { learning } = useApp();
  const { track, pack, progress, error, notice } = useStore(learning.store, state => state);
  const exercises = track?.exercises ?? [];
  const next = suggested(exercises, progress.own);
  const fast = exercises.filter(({ id }) => ['18', '19'].includes(numberOf(id)));
  const done = exercises.filter(({ id }) => progress.own.get(id)?.solved).length;
  return (
    <div class="sheet">
      <div class="sheet-head">
        <h2>Close it, keep it running</h2>
      </div>
      <p class="learn-lead">
        Each exercise is a real configuration with something wrong. Edit it until three meters are full at once: nothing is dangerous, everything that has to work does, and little more is open than needed. No text is compared, so any answer that behaves right passes. Nothing is locked.
      </p>
      <p class="learn-ways">
        {next && (
          <button type="button" class="button button-main" onClick={() => learning.open(next.id)}>
            {done === 0 && progress.own.size === 0 ? 'Begin' : 'Go on'}: {numberOf(next.id)} {next.title}
          </button>
        )}
        {fast.map(({ id, title }) => (
          <button key={id} type="button" class="button" onClick={() => learning.open(id)}>
            {numberOf(id)} {title}
          </button>
        ))}
      </p>
      <p class="quiet">The fast way is 18 and 19: solving them marks what they build on. {exercises.length > 0 && `${done} of ${count(exercises.length, 'exercise')} solved.`}</p>
      {error && <p class="error">{sentence(error)}</p>}
      {notice && <p class="lesson">{notice}</p>}
      {pack && <List title={`From ${pack.name}`} ground="pack" all={pack.exercises} coming={[]} progress={progress.pack} next={undefined} />}
      <List title="The track" ground="own" all={exercises} listed={isTrack} coming={track?.coming ?? []} progress={progress.own} next={next} />
      <List title="More to practise" ground="own" all={exercises} listed={exercise => !isTrack(exercise)} coming={[]} progress={progress.own} next={next} />
      <ProgressPanel />
      <ClassPanel />
    </div>
  );
}

type ListProps = { title: string; ground: Ground; all: Exercise[]; /** Which of all are in this list. */ listed?: (exercise: Exercise) => boolean; coming: { id: string; title: string }[]; progress: Progress; next: Exercise | undefined };

function List({ title, ground, all, listed = () => true, coming, progress, next }: ListProps) {
  const { learning } = useApp();
  const checks = useAsked('audit_ids') ?? [];
  const shown = covered(all, progress);
  const known = new Set(all.map(({ id }) => id));
  const rows = [...all.filter(listed).map(exercise => ({ ...exercise, here: true })), ...coming.map(each => ({ ...each, here: false, idea: '', needs: [], teaches: [] }))];
  if (ground === 'own') rows.sort((a, b) => (a.id < b.id ? -1 : 1));
  const titles = (teaches: string[]) => teaches.map(id => checks.find(check => check.id === id)?.title ?? id).join('; ');
  return (
    <section aria-label={title} data-ground={ground}>
      <h3 class="list-title">{title}</h3>
      <ol class="entries">
        {rows.map(({ id, title, idea, needs, teaches, here }) => {
          const entry = entryOf(progress, id);
          const before = needs.filter(need => known.has(need) && !progress.get(need)?.solved && !shown.has(need));
          const by = shown.get(id);
          return (
            <li key={id} class={`entry track-entry ${entry.solved ? 'v-secure' : 'v-none'}`} data-id={id} data-solved={entry.solved} data-coming={!here}>
              <span class="track-number">{numberOf(id)}</span>
              <div class="track-words">
                {here ? (
                  <button type="button" class="track-open" onClick={() => learning.open(id, ground)}>
                    {title}
                  </button>
                ) : (
                  <span class="track-coming">{title}</span>
                )}
                <p class="quiet">{idea || titles(teaches)}</p>
              </div>
              <p class="track-state">
                {!here ? (
                  'Coming'
                ) : entry.solved ? (
                  <>
                    <MeterMark full /> Solved
                  </>
                ) : by ? (
                  `Covered by ${numberOf(by) || by}`
                ) : next?.id === id ? (
                  'Suggested next'
                ) : entry.answer || entry.hints > 0 ? (
                  'Begun'
                ) : before.length > 0 ? (
                  `After ${before.map(need => numberOf(need) || need).join(', ')}`
                ) : null}
              </p>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
