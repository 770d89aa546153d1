import { Prose } from '../ui/prose';
import type { At, FlowGrade } from '../session/types';
import { FateMark } from '../ui/fate-mark';
import { PlaceButton } from '../ui/place-button';
import { capital, sentence } from '../words';
import { MeterMark } from './meters';
import { doneWords, groupWords } from './words';

/** Of more flows than this, those that are as they should be are folded. */
const AT_ONCE = 8;

/** What has to pass and what must not, each with what becomes of it and why that matters. */
export function FlowList({ flows }: { flows: FlowGrade[] }) {
  if (flows.length <= AT_ONCE) return <Rows flows={flows} />;
  return (
    <>
      {[true, false].map(allow => {
        const own = flows.filter(flow => flow.allow === allow);
        return own.length > 0 && <Group key={String(allow)} allow={allow} flows={own} />;
      })}
    </>
  );
}

/** What is left to do, above what is done. */
function Group({ allow, flows }: { allow: boolean; flows: FlowGrade[] }) {
  const left = flows.filter(({ passed }) => !passed);
  const done = flows.filter(({ passed }) => passed);
  return (
    <div class={`flow-group ${left.length > 0 ? 'v-caution' : 'v-secure'}`} data-allow={allow}>
      <h4>
        <MeterMark full={left.length === 0} />
        {groupWords(allow, done.length, flows.length)}
      </h4>
      {left.length > 0 && <Rows flows={left} grouped />}
      {done.length > 0 && (
        <details class="fold">
          <summary>{doneWords(allow, done.length)}</summary>
          <Rows flows={done} grouped />
        </details>
      )}
    </div>
  );
}

/** In a group the heading says what has to become of a flow, and what is folded is as it should be. */
function Rows({ flows, grouped = false }: { flows: FlowGrade[]; grouped?: boolean }) {
  return (
    <ul class="flows">
      {flows.map(flow => (
        <li key={`${flow.flow}${flow.allow}`} class={`flow ${flow.passed ? 'v-secure' : 'v-caution'}`} data-passed={flow.passed}>
          <MeterMark full={flow.passed} />
          <div>
            <p class="flow-head">
              <FateMark fate={flow.allow ? 'allowed' : 'denied'} />
              <code>{flow.flow}</code> {!grouped && <span class="flow-must">{flow.allow ? 'has to work' : 'must not'}</span>}
              {flow.decided_by && <PlaceButton at={atOf(flow.decided_by)} />}
            </p>
            <p class="quiet">{sentence(capital(flow.because))}</p>
            {!(grouped && flow.passed) && (
              <p class="flow-said">
                <strong class="flow-word">{flow.passed ? 'As it should.' : 'Not yet.'}</strong> {flow.passed ? (flow.allow ? 'It gets through.' : 'It does not get through.') : <Prose text={saidWords(flow)} />}
              </p>
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}

/** The core's sentence begins with the flow, which stands above it. */
const saidWords = ({ flow, said }: FlowGrade): string => sentence(said.startsWith(`${flow} `) ? `It ${said.slice(flow.length + 1)}` : capital(said));

const atOf = ({ document, line, column }: { document: number; line: number; column: number }): At => ({ document, line, column, end_line: line, end_column: column });
