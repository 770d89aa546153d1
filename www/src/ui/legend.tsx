import { REACHES, SEVERITIES, SEVERITY_MEANS, VERDICT_MEANS } from '../meanings';
import { VERDICTS } from '../words';
import { VerdictLabel } from './mark';
import { SeverityLabel } from './severity';

/** What the shapes and the words mean. */
export function Legend() {
  return (
    <>
      <h2 id="dialog-title">Legend</h2>
      <h3>Verdicts, worst first</h3>
      <dl class="meanings">
        {VERDICTS.map(verdict => (
          <div key={verdict}>
            <dt>
              <VerdictLabel verdict={verdict} />
            </dt>
            <dd>{VERDICT_MEANS[verdict]}</dd>
          </div>
        ))}
        <div>
          <dt>
            <VerdictLabel verdict={null} />
          </dt>
          <dd>A line that lets nothing in: a deny, or a rule that can match no packet.</dd>
        </div>
      </dl>
      <h3>Who can reach it</h3>
      <dl class="meanings">
        {REACHES.map(({ reach, means }) => (
          <div key={reach}>
            <dt>{reach}</dt>
            <dd>{means}</dd>
          </div>
        ))}
      </dl>
      <h3>How bad it is when the whole internet may reach a service</h3>
      <dl class="meanings">
        {SEVERITIES.map(severity => (
          <div key={severity}>
            <dt>
              <SeverityLabel severity={severity} />
            </dt>
            <dd>{SEVERITY_MEANS[severity]}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
