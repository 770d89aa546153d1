import { Prose } from '../ui/prose';
import type { At, FlowGrade } from '../session/types';
import { FateMark } from '../ui/fate-mark';
import { capital, lineWords, sentence } from '../words';
import { MeterMark } from './meters';

type Jump = (at: At) => void;

/** A place in the answer, as a button that goes there. */
export function AnswerPlace({ at, name, jump }: { at: At; /** Where there are several files. */ name: string | null; jump: Jump }) {
  return (
    <button type="button" class="place" onClick={() => jump(at)} title={`Show ${lineWords(at)} in your answer`}>
      {name ? `${name}, ${lineWords(at)}` : capital(lineWords(at))}
    </button>
  );
}

/** What has to pass and what must not, each with what becomes of it and why that matters. */
export function FlowList({ flows, names, jump }: { flows: FlowGrade[]; names: readonly string[]; jump: Jump }) {
  return (
    <ul class="flows">
      {flows.map(flow => (
        <li key={`${flow.flow}${flow.allow}`} class={`flow ${flow.passed ? 'v-secure' : 'v-caution'}`} data-passed={flow.passed}>
          <MeterMark full={flow.passed} />
          <div>
            <p class="flow-head">
              <FateMark fate={flow.allow ? 'allowed' : 'denied'} />
              <code>{flow.flow}</code> <span class="flow-must">{flow.allow ? 'has to work' : 'must not'}</span>
              {flow.decided_by && <AnswerPlace at={atOf(flow.decided_by)} name={names.length > 1 ? (names[flow.decided_by.document] ?? null) : null} jump={jump} />}
            </p>
            <p class="quiet">{sentence(capital(flow.because))}</p>
            <p class="flow-said">
              <strong class="flow-word">{flow.passed ? 'As it should.' : 'Not yet.'}</strong> {flow.passed ? (flow.allow ? 'It gets through.' : 'It does not get through.') : <Prose text={saidWords(flow)} />}
            </p>
          </div>
        </li>
      ))}
    </ul>
  );
}

/** The core's sentence begins with the flow, which stands above it. */
const saidWords = ({ flow, said }: FlowGrade): string => sentence(said.startsWith(`${flow} `) ? `It ${said.slice(flow.length + 1)}` : capital(said));

const atOf = ({ document, line, column }: { document: number; line: number; column: number }): At => ({ document, line, column, end_line: line, end_column: column });
