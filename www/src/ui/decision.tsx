import { useApp } from '../app/context';
import { useAsked } from '../app/asked';
import { COLUMN_MEANS, SEVERITY_MEANS } from '../meanings';
import type { Cell, DecisionTable, Verdict } from '../session/types';
import { capital, sentence, verdictWord } from '../words';
import { VerdictLabel } from './mark';

type Why = { verdict: Verdict; because: string; cell: Cell | null };

/** Asks why a verdict is what it is. */
export function WhyButton(why: Why) {
  const app = useApp();
  return (
    <button type="button" class="link why" aria-haspopup="dialog" onClick={() => app.store.set({ dialog: { kind: 'why', ...why } })}>
      {question(why.verdict)}
    </button>
  );
}

const question = (verdict: Verdict): string => (verdict === 'unknown' ? "Why can't this be told?" : `Why is this ${verdictWord(verdict).toLowerCase()}?`);

/** The sentence that gave the verdict, and the cell of the table behind it. */
export function Decision({ verdict, because, cell }: Why) {
  return (
    <>
      <h2 id="dialog-title">{question(verdict)}</h2>
      <p>{sentence(because)}</p>
      {cell && <Deciding cell={cell} verdict={verdict} />}
    </>
  );
}

function Deciding({ cell, verdict }: { cell: Cell; verdict: Verdict }) {
  const table = useAsked('decision_table');
  if (!table) return null;
  const given = table.rows.find(row => row.severity === cell.severity)?.verdicts[cell.column];
  const open = verdict === 'unknown';
  return (
    <>
      {open && <p>That is the worst that what the text leaves open could turn out to be. Until it is settled, neither this nor anything better can be said.</p>}
      <dl class="meanings">
        <div>
          <dt>{open ? 'Who might reach it' : 'Who can reach it'}</dt>
          <dd>
            <strong>{capital(table.columns[cell.column] ?? '')}.</strong> {COLUMN_MEANS[cell.column]}
          </dd>
        </div>
        <div>
          <dt>What listens there</dt>
          <dd>
            <strong>A service of {cell.severity} severity.</strong> {SEVERITY_MEANS[cell.severity]}
          </dd>
        </div>
      </dl>
      <Table table={table} cell={cell} />
      {given && given !== verdict && !open && (
        <p>
          The table says {verdictWord(given).toLowerCase()} for these sources; the verdict is {verdictWord(verdict).toLowerCase()} for the reason above.
        </p>
      )}
    </>
  );
}

/** Sources run down and severities across, so that the long words have room and a phone shows all of it. */
function Table({ table, cell }: { table: DecisionTable; cell: Cell }) {
  return (
    <table class="decision">
      <caption>The table that decides every open port</caption>
      <thead>
        <tr>
          <th scope="col">Who can reach it</th>
          {table.rows.map(({ severity }) => (
            <th key={severity} scope="col" data-decides={severity === cell.severity}>
              {capital(severity)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {table.columns.map((column, nth) => (
          <tr key={column}>
            <th scope="row" data-decides={nth === cell.column}>
              {capital(column)}
            </th>
            {table.rows.map(({ severity, verdicts }) => {
              const decides = nth === cell.column && severity === cell.severity;
              return (
                <td key={severity} aria-current={decides ? 'true' : undefined}>
                  <VerdictLabel verdict={verdicts[nth] ?? null} />
                  {decides && <span class="only-heard">, this one decides</span>}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
