import { useEffect } from 'preact/hooks';
import { useApp, useValue } from '../app/context';
import { policyKey } from '../app/keys';
import type { Result } from '../session/protocol';
import type { PolicySummary } from '../session/types';
import { Fold } from '../ui/fold';
import { VerdictMark } from '../ui/mark';
import { MoreButton } from '../ui/more-button';
import { PlaceButton } from '../ui/place-button';
import { count, policyName, policyNoun, sentence, verdictWord } from '../words';
import { Filter } from './filter';
import { PolicyBody } from './policy-body';
import { revealInPane } from './reveal';

export function PoliciesView({ result }: { result: Result }) {
  const filter = useValue(state => state.filter);
  const focused = useValue(state => state.focusedPolicy);
  const focusedDetail = useValue(state => (state.focusedPolicy === null ? undefined : state.details.get(state.focusedPolicy)));
  const { items, total } = result.policies;
  const noun = policyNoun(result.summary);
  const elsewhere = focusedDetail && !items.some(policy => policy.index === focused) ? focusedDetail : null;
  useEffect(() => {
    if (focused !== null) revealInPane(policyId(focused));
  }, [focused]);
  return (
    <>
      <div class="view-head">
        <Filter counts={result.summary.counts} />
      </div>
      {elsewhere && (
        <>
          <h3 class="list-title">As asked for</h3>
          <ul class="policies">
            <PolicyRow policy={elsewhere} />
          </ul>
        </>
      )}
      {items.length === 0 ? (
        <p class="quiet">{filter ? `No ${noun.one} has this verdict.` : `No ${noun.one} was found in this text.`}</p>
      ) : (
        <ul class="policies">
          {items.map(policy => (
            <PolicyRow key={policy.index} policy={policy} />
          ))}
        </ul>
      )}
      <MoreButton list="policies" shown={items.length} total={total} what={noun.many} />
    </>
  );
}

const policyId = (index: number): string => `policy-${index}`;

function PolicyRow({ policy }: { policy: PolicySummary }) {
  const app = useApp();
  const key = policyKey(policy);
  const open = useValue(state => state.openPolicies.has(key));
  const detail = useValue(state => state.details.get(policy.index));
  useEffect(() => {
    if (open && !detail) void app.lists.detail(policy.index);
  }, [app, open, detail, policy.index]);
  const id = policyId(policy.index);
  return (
    <li class={`policy v-${policy.verdict}`} id={id} data-verdict={policy.verdict}>
      <VerdictMark verdict={policy.verdict} size={22} />
      <Fold
        id={id}
        kind="finding"
        open={open}
        toggle={() => app.lists.togglePolicy(key)}
        title={<span>{policyName(policy)}</span>}
        head={
          <>
            <p class="policy-headline">{sentence(policy.headline)}</p>
            <p class="finding-meta">
              <strong class="finding-word">{verdictWord(policy.verdict)}</strong>
              <span>{policy.kind_title}</span>
              <span>{count(policy.rules, 'rule')}</span>
              <PlaceButton at={policy.at} />
            </p>
          </>
        }
      >
        {detail && <PolicyBody policy={detail} />}
      </Fold>
    </li>
  );
}
