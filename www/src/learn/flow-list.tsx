import { Prose } from '../ui/prose';
import type { At, FlowGrade } from '../session/types';
import { FateMark } from '../ui/fate-mark';
import { PlaceButton } from '../ui/place-button';
import { capital, sentence } from '../words';
import { MeterMark } from './meters';

/** What has to pass and what must not, each with what becomes of it and why that matters. */
export function FlowList({ flows }: { flows: FlowGrade[] }) {
  return (
    <ul class="flows">
      {flows.map(flow => (
        <li key={`${flow.flow}${flow.allow}`} class={`flow ${flow.passed ? 'v-secure' : 'v-caution'}`} data-passed={flow.passed}>
          <MeterMark full={flow.passed} />
          <div>
            <p class="flow-head">
              <FateMark fate={flow.allow ? 'allowed' : 'denied'} />
              <code>{flow.flow}</code> <span class="flow-must">{flow.allow ? 'has to work' : 'must not'}</span>
              {flow.decided_by && <PlaceButton at={atOf(flow.decided_by)} />}
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
