import type { ComponentChildren } from 'preact';
import type { Result } from '../session/protocol';
import { today } from '../session/day';
import type { At, Finding, PolicySummary, PortRow, Summary, Tool } from '../session/types';
import { VerdictLabel, VerdictMark } from '../ui/mark';
import { Prose } from '../ui/prose';
import { Facts } from '../views/finding-card';
import { portWords } from '../views/ports';
import { capital, chipParts, count, headlineWords, honestyWords, lineWords, number, openOnce, openWords, policyName, policyNoun, problemsOf, sentence, services, witnessWords } from '../words';
import type { Fingerprint } from './fingerprint';

type Props = { result: Result; filtered: boolean; stale: boolean; tool: Tool | null; fingerprint: Fingerprint | null };

/** The review on paper: everything in full, nothing to press. */
export function Paper({ result, filtered, stale, tool, fingerprint }: Props) {
  const { summary, findings, notes, policies, ports } = result;
  const place = (at: At) => placeOnPaper(summary, at);
  const open = findings.items.filter(({ verdict }) => verdict !== 'secure');
  const openTotal = summary.findings.dangerous + summary.findings.unknown + summary.findings.caution;
  return (
    <>
      <header class="paper-head">
        <VerdictMark verdict={summary.verdict} size={32} />
        <div>
          <h1>{headlineWords(summary)}</h1>
          <p>{honestyWords(summary)}</p>
        </div>
      </header>
      {stale && <p>This is the result from before the last edit, which can't be read.</p>}
      {filtered && <p>Only findings, ports and policies of one verdict are printed, as they were chosen on the page.</p>}
      <Documents summary={summary} place={place} />
      <section class="paper-print">
        <p>
          Made {today()}. This verdict can be reproduced with:
        </p>
        <pre>{fingerprint?.lines ?? (tool && `${tool.name} ${tool.version}, port catalog ${tool.catalog}`)}</pre>
      </section>
      <Section title="Findings" shown={open.length} total={filtered ? open.length : openTotal}>
        <FindingsOnPaper findings={open} place={place} />
      </Section>
      {notes.items.length > 0 && (
        <Section title="Notes: nothing to do, good to know" shown={notes.items.length} total={notes.total}>
          <FindingsOnPaper findings={notes.items} place={place} />
        </Section>
      )}
      <Section title="Open ports" shown={ports.items.length} total={ports.total}>
        <Ports rows={ports.items} place={place} />
      </Section>
      <Section title={capital(policyNoun(summary).many)} shown={policies.items.length} total={policies.total}>
        <Policies policies={policies.items} place={place} />
      </Section>
    </>
  );
}

type Place = (at: At) => string;

const placeOnPaper = ({ documents }: Summary, at: At): string => (documents.length > 1 ? `${documents[at.document]?.name ?? ''}, ${lineWords(at)}` : lineWords(at));

function Section({ title, shown, total, children }: { title: string; shown: number; total: number; children: ComponentChildren }) {
  return (
    <section>
      <h2>
        {title} ({number(total)})
      </h2>
      {total === 0 ? <p>None.</p> : children}
      {shown < total && (
        <p>
          {number(total - shown)} more are not printed here. “Print” in the page's menu “Take away” prints more than the browser's own command.
        </p>
      )}
    </section>
  );
}

function Documents({ summary, place }: { summary: Summary; place: Place }) {
  const problems = problemsOf(summary);
  const total = summary.documents.reduce((sum, document) => sum + document.problem_count, 0);
  return (
    <section>
      <h2>Documents</h2>
      <ul class="paper-list">
        {summary.documents.map(({ name }, n) => (
          <li key={n}>
            <strong>{name}</strong>: {chipParts(summary, n).join(', ')}
          </li>
        ))}
      </ul>
      {total > 0 && (
        <>
          <h3>
            <VerdictMark verdict="unknown" /> {count(total, 'problem')} reading this
          </h3>
          <ul class="paper-list">
            {problems.map(({ message, at }, n) => (
              <li key={n}>
                {capital(place(at))}: <Prose text={sentence(message)} />
              </li>
            ))}
          </ul>
          {problems.length < total && <p>{number(total - problems.length)} more.</p>}
        </>
      )}
      {summary.unresolved.length > 0 && (
        <>
          <h3>What the text leaves open</h3>
          <ul class="paper-list">
            {openOnce(summary).map(missing => (
              <li key={missing.name}>
                {capital(place(missing.at))}: <Prose text={openWords(missing)} />
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

/** What many findings have in common is told with the first of them. */
function FindingsOnPaper({ findings, place }: { findings: Finding[]; place: Place }) {
  const told = new Map<string, string>();
  return (
    <>
      {findings.map(finding => {
        // The port's number in them is no news: the title has it.
        const common = [finding.audit, finding.why, finding.fix].join().replace(/\d+/g, '');
        const again = told.get(common);
        if (again === undefined) told.set(common, capital(finding.message));
        return <FindingOnPaper key={finding.index} finding={finding} again={again} place={place} />;
      })}
    </>
  );
}

function FindingOnPaper({ finding, again, place }: { finding: Finding; again: string | undefined; place: Place }) {
  return (
    <article class="paper-finding" data-verdict={finding.verdict}>
      <h3>
        <VerdictLabel verdict={finding.verdict} /> <Prose text={capital(finding.message)} />
      </h3>
      <p class="quiet">
        {finding.verdict !== 'secure' && `${finding.severity} severity, `}
        {policyName({ id: finding.policy_id, name: finding.policy_name })}, {finding.places.map(place).join('; ')}, check <code>{finding.audit}</code>
      </p>
      {again !== undefined ? (
        <p class="quiet">
          {witnessWords(finding)} Why, and what to do: as told above for “<Prose text={again} />”.
        </p>
      ) : (
        <Facts finding={finding}>
          <Prose text={finding.references.join('; ')} />
        </Facts>
      )}
    </article>
  );
}

function Ports({ rows, place }: { rows: PortRow[]; place: Place }) {
  return (
    <Table titles={['Verdict', 'Port', 'Who', 'Policy', 'Decided at']}>
      {rows.map((row, n) => (
        <tr key={n}>
          <td>
            <VerdictLabel verdict={row.verdict} />
          </td>
          <td>
            {portWords(row)} {services(row.services)}
          </td>
          <td>
            {row.direction === 'egress' ? 'out to' : 'in from'} {row.reach_text}
          </td>
          <td>{policyName({ id: row.policy_id, name: row.policy_name })}</td>
          <td>{row.places.map(place).join('; ')}</td>
        </tr>
      ))}
    </Table>
  );
}

function Policies({ policies, place }: { policies: PolicySummary[]; place: Place }) {
  return (
    <Table titles={['Verdict', 'Policy', 'What it comes to', 'At']}>
      {policies.map(policy => (
        <tr key={policy.index}>
          <td>
            <VerdictLabel verdict={policy.verdict} />
          </td>
          <td>
            {policyName(policy)}, {policy.kind_title}, {count(policy.rules, 'rule')}
          </td>
          <td>{sentence(policy.headline)}</td>
          <td>{place(policy.at)}</td>
        </tr>
      ))}
    </Table>
  );
}

function Table({ titles, children }: { titles: readonly string[]; children: ComponentChildren }) {
  return (
    <table>
      <thead>
        <tr>
          {titles.map(title => (
            <th key={title} scope="col">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
}
