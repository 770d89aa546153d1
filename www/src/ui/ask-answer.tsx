import { useId, useState } from 'preact/hooks';
import { admittedWords, fateWord, outcomeWords, packetWords, saidWords, stepWords } from '../ask-words';
import type { Answer, Step } from '../session/types';
import { count, number, sentence } from '../words';
import { FateMark } from './fate-mark';
import { Chevron } from './icons';
import { PlaceButton } from './place-button';
import { Prose } from './prose';

type Way = Answer['ways'][number];

/** More ways or lines than that are no longer read one by one. */
const MOST = 20;

/** What becomes of a flow, which line of each layer decides it, and what would change it. */
export function AskAnswer({ answer }: { answer: Answer }) {
  const { fate, ways, more, suggestion, notes } = answer;
  const [only] = ways.length === 1 ? ways : [];
  const beyond = more + Math.max(0, ways.length - MOST);
  return (
    <div class="answer" data-fate={fate}>
      <p class="answer-said">
        <FateMark fate={fate} size={22} />
        <span>
          <strong>{fateWord(fate)}</strong> {saidWords(answer)}
        </span>
      </p>
      {[...new Set(notes)].map(note => (
        <p key={note} class="answer-aside answer-note">
          <Prose text={sentence(note)} />
        </p>
      ))}
      {only && <WayBody way={only} />}
      {ways.length > 1 && (
        <>
          <ul class="ways">
            {ways.slice(0, MOST).map((way, n) => (
              <WayRow key={n} way={way} />
            ))}
          </ul>
          {beyond > 0 && <p class="quiet">{number(beyond)} more ways, not listed</p>}
        </>
      )}
      {suggestion && (
        <p class="answer-aside">
          <strong>What would change it</strong> <Prose text={sentence(suggestion)} />
        </p>
      )}
    </div>
  );
}

/** One of several ways, closed at first. */
function WayRow({ way }: { way: Way }) {
  const [open, setOpen] = useState(false);
  const id = useId();
  return (
    <li>
      <button type="button" class="way-toggle" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
        <FateMark fate={way.fate} />
        <span>
          <strong>{fateWord(way.fate)}</strong> {way.source} → {way.destination}
        </span>
        <Chevron />
      </button>
      <div id={id} hidden={!open}>
        {open && <WayBody way={way} />}
      </div>
    </li>
  );
}

function WayBody({ way }: { way: Way }) {
  return (
    <div class="way-body">
      {way.admitted_text && way.fate !== 'denied' && <p class="answer-aside">{admittedWords(way.admitted_text)}</p>}
      {way.address && way.admitted && way.fate === 'partly' && <p class="answer-aside">{packetWords(way.address, way.steps)}</p>}
      <ol class="steps">
        {way.steps.map((step, n) => (
          <StepRow key={n} step={step} />
        ))}
      </ol>
      {way.reply && way.fate !== 'denied' && (
        <p class="answer-aside">
          <strong>The way back</strong> {sentence(way.reply)}
        </p>
      )}
    </div>
  );
}

/** One layer: what it does, the line that decides, and on request the lines that did not match. */
function StepRow({ step }: { step: Step }) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const { decided_by: line, perhaps, passed, outcome } = step;
  return (
    <li class="step">
      <FateMark fate={outcome} />
      <div>
        <p>{stepWords(step)}</p>
        <p class="step-outcome">
          <strong>{outcomeWords(step)}</strong>
          {line && <PlaceButton at={line.at} />}
          {perhaps.slice(0, MOST).map(({ at }, n) => (
            <PlaceButton key={n} at={at} />
          ))}
          {passed.length > 0 && (
            <button type="button" class="link" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
              {count(passed.length, 'line')} {passed.length === 1 ? 'does' : 'do'} not match
            </button>
          )}
        </p>
        <ul class="passed" id={id} hidden={!open}>
          {open &&
            passed.slice(0, MOST).map(({ at, why }, n) => (
              <li key={n}>
                <PlaceButton at={at} /> <span>{sentence(why)}</span>
              </li>
            ))}
          {open && passed.length > MOST && <li class="quiet">{number(passed.length - MOST)} more</li>}
        </ul>
      </div>
    </li>
  );
}
