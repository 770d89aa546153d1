import { useValue } from '../app/context';
import type { Exposure, PolicyDetail, Rule } from '../session/types';
import { WhyButton } from '../ui/decision';
import { VerdictLabel } from '../ui/mark';
import { Places } from '../ui/place-button';
import { sentence, verdictWord, witnessWords } from '../words';
import { BothWays } from './both-ways';
import { portWords } from './ports';
import { Services } from './services';

const WAYS = { ingress: 'What may come in', egress: 'What may go out' } as const;

/** A policy from both ends: what it admits in all, and what each of its rules does. */
export function PolicyBody({ policy }: { policy: PolicyDetail }) {
  return (
    <div class="policy-body">
      <BothWays titles={WAYS} exposures={policy.exposures} row={exposure => <ExposureRow exposure={exposure} policy={policy} />} />
      <section>
        <h4>Rules</h4>
        {policy.rule_list.length === 0 ? <p class="quiet">None.</p> : <ul class="rules">{policy.rule_list.map((rule, n) => <RuleRow key={n} rule={rule} />)}</ul>}
      </section>
    </div>
  );
}

function ExposureRow({ exposure, policy }: { exposure: Exposure; policy: PolicyDetail }) {
  const { if_open: ifOpen } = exposure;
  return (
    <li class="exposure">
      <VerdictLabel verdict={exposure.verdict} />
      <p>
        <span class="port">{portWords(exposure)}</span>
        {exposure.services.length > 0 && (
          <>
            {' '}
            (<Services ports={exposure.ports} names={exposure.services} />)
          </>
        )}{' '}
        {exposure.direction === 'egress' ? 'to' : 'from'} {exposure.reach_text}
        {exposure.local !== 'any' && `, at ${exposure.local}`}.{' '}
        {ifOpen && `If everything unresolved were open: ${verdictWord(ifOpen.verdict).toLowerCase()}. `}
        {exposure.witness && `${witnessWords(exposure)} `}
        <span class="because">{sentence(exposure.because)}</span> <WhyButton verdict={exposure.verdict} because={exposure.because} cell={exposure.cell} />
      </p>
      <Places places={exposure.decided_by.flatMap(n => policy.rule_list[n]?.at ?? [])} />
    </li>
  );
}

const EFFECTS: Record<Rule['effect'], string> = {
  'in-effect': 'in effect',
  redundant: 'redundant: removing it alone changes nothing',
  shadowed: 'shadowed: earlier rules decide every packet it matches',
  dead: 'dead: it can match no packet',
  disabled: 'disabled',
};

function RuleRow({ rule }: { rule: Rule }) {
  const current = useValue(state => rule.at.line <= state.caretLine && state.caretLine <= rule.at.end_line);
  const name = rule.name ?? rule.id ?? rule.address;
  return (
    <li class={`rule ${rule.effect === 'in-effect' ? '' : 'rule-idle'}`} aria-current={current ? 'true' : undefined} data-effect={rule.effect}>
      {rule.verdict ? <VerdictLabel verdict={rule.verdict} /> : <span class="verdict v-none">{rule.action === 'deny' ? 'Deny' : 'Admits nothing'}</span>}
      <p>
        {rule.priority !== null && <span class="priority">{rule.priority}</span>}
        {rule.action} <span class="port">{portWords(rule)}</span> {rule.direction === 'egress' ? 'to' : 'from'} {rule.peer}
        {rule.effect !== 'in-effect' && <span class="effect">{EFFECTS[rule.effect]}</span>}
        {(name || rule.description) && <span class="because"> {[name, rule.description].filter(Boolean).join(': ')}</span>}
      </p>
      <Places places={[rule.at]} />
    </li>
  );
}
