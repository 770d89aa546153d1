// The figures that can be tried: a control, a picture that follows it, and what it says.
import type { ComponentType } from 'preact';
import { useState } from 'preact/hooks';
import { useAsked } from '../../../app/asked';
import { bounds, LAST_PORT, RANGES } from '../../../sections/catalog-words';
import type { CatalogEntry, DecisionTable, Verdict } from '../../../session/types';
import { VerdictLabel, VerdictShape } from '../../../ui/mark';
import { severityHeight } from '../../../ui/severity';
import { fitted } from '../../../views/picture-text';
import { capital, count, number, verdictWord } from '../../../words';
import type { Figure, Live, Table } from '../chapter';
import { Frame, type Sized } from './figure';
import { address, admitted, CLIENTS, passing } from './facts';
import { Slider } from './slider';

type Tried = ComponentType<{ figure: Figure }>;

/** A number picks its place on the line of all ports, and says what is known about it. */
const Ranges: Tried = ({ figure }) => {
  const [port, setPort] = useState(3389);
  const found = useAsked('catalog', String(port));
  const range = RANGES.find(({ last }) => port <= last);
  const known = found?.port?.port === port ? found.entries : [];
  const said = `Port ${port}: one of the ${range?.title.toLowerCase() ?? ''}. ${known.length > 0 ? `Commonly ${known.map(({ name, severity }) => `${name} (${severity})`).join(', ')}.` : 'The catalog knows no service there.'}`;
  return (
    <Frame
      figure={figure}
      controls={<Slider label="Port" first={0} last={LAST_PORT} value={port} says={said} set={setPort} />}
      draw={width => ranges(port, width)}
      told={said}
    />
  );
};

function ranges(port: number, width: number): Sized {
  const at = (of: number) => 1 + (of / (LAST_PORT + 1)) * (width - 2);
  const here = at(port + 0.5);
  const beside = here > width - 60 ? 'anchor-end' : here < 60 ? '' : 'anchor-middle';
  return {
    height: 92,
    children: (
      <>
        {RANGES.map(({ title, first, last }, n) => {
          const chosen = port >= first && port <= last;
          const [x, wide] = [at(first), at(last + 1) - at(first)];
          const end = n === RANGES.length - 1;
          return (
            <g key={title}>
              <rect class={chosen ? 'fig-band fig-band-chosen' : 'fig-band'} x={x} y={26} width={wide} height={28} />
              {/* The first range is narrower than its name. */}
              <text class={`${chosen ? 'picture-title' : 'picture-small'} ${end ? 'anchor-end' : ''}`} x={n === 1 ? x + 104 : end ? width - 1 : 1} y={72}>
                {title.split(' ')[0]}
              </text>
              <text class={`picture-small ${end ? 'anchor-end' : ''}`} x={n === 1 ? x + 104 : end ? width - 1 : 1} y={88}>
                {number(last - first + 1)}
              </text>
            </g>
          );
        })}
        <path class="fig-here" d={`M${here} 20V60`} />
        <text class={`fig-code fig-part ${beside}`} x={Math.min(width - 1, Math.max(1, here))} y={14}>
          {port}
        </text>
      </>
    ),
  };
}

/** The ports that are shown; what stands beside them is from the catalog. */
const DOORS: readonly (readonly [string, number])[] = [
  ['tcp', 22],
  ['tcp', 25],
  ['udp', 53],
  ['tcp', 80],
  ['udp', 123],
  ['tcp', 443],
  ['tcp', 445],
  ['tcp', 3306],
  ['tcp', 3389],
  ['tcp', 5432],
  ['tcp', 6379],
  ['tcp', 8080],
  ['tcp', 9200],
  ['tcp', 27_017],
];

type Door = { port: string; entry: CatalogEntry; verdict: Verdict };

/** The same ports for sources of every width, by the table that decides every verdict. */
const Severities: Tried = ({ figure }) => {
  const [column, setColumn] = useState(0);
  const entries = useAsked('catalog', '')?.entries ?? [];
  const table = useAsked('decision_table');
  const doors = DOORS.flatMap(([protocol, port]) => {
    const entry = entries.find(each => each.protocols.split('+').includes(protocol) && bounds(each)[0] === port);
    const verdict = entry && decided(table, entry, column);
    return entry && verdict ? [{ port: `${protocol}/${port}`, entry, verdict }] : [];
  });
  const twin: Table = {
    title: `Reached by: ${table?.columns[column] ?? ''}`,
    head: ['Port', 'Service', 'Severity', 'Verdict'],
    rows: doors.map(({ port, entry, verdict }) => [port, entry.name, entry.severity, verdictWord(verdict)]),
  };
  return (
    <Frame
      figure={figure}
      controls={
        <label class="fig-slider">
          <span>Who may come in</span>
          <select value={column} onChange={event => setColumn(Number(event.currentTarget.value))}>
            {table?.columns.map((name, n) => (
              <option key={name} value={n}>
                {capital(name)}
              </option>
            ))}
          </select>
        </label>
      }
      draw={width => rows(doors, width)}
      twin={twin}
    />
  );
};

const decided = (table: DecisionTable | undefined, { severity }: CatalogEntry, column: number): Verdict | undefined => table?.rows.find(row => row.severity === severity)?.verdicts[column];

function rows(doors: readonly Door[], width: number): Sized {
  const [row, verdict] = [28, Math.min(420, width - 100)];
  return {
    // The room is kept while the catalog is asked.
    height: row * DOORS.length,
    children: doors.map(({ port, entry, verdict: word }, n) => {
      const y = n * row + row / 2;
      return (
        <g key={port} class={`v-${word} sev-${entry.severity}`}>
          <path class="severity-field" d={`M3 ${y - 10}v20`} />
          <path class="severity-tick" d={`M3 ${y + 10}v${-20 * severityHeight(entry.severity)}`} />
          <text class="fig-code" x={16} y={y + 4}>
            {port}
          </text>
          <text x={96} y={y + 4}>
            {fitted(entry.name, 13, verdict - 104)}
          </text>
          <VerdictShape verdict={word} x={verdict} y={y - 8} />
          <text class="node-verdict" x={verdict + 22} y={y + 4}>
            {verdictWord(word)}
          </text>
        </g>
      );
    }),
  };
}

/** A bit more or less in a prefix, and how many addresses that is. */
const Prefix: Tried = ({ figure }) => {
  const [length, setLength] = useState(24);
  const { first, last, total } = admitted(length);
  const said = `${address(first)}/${length} admits ${count(total, 'address', 'addresses')}: ${total === 1 ? 'only that one' : `${address(first)} to ${address(last)}`}.`;
  return <Frame figure={figure} controls={<Slider label="Prefix length" first={0} last={32} value={length} says={said} set={setLength} />} draw={width => bits(first, length, width)} told={said} />;
};

function bits(net: number, length: number, width: number): Sized {
  const gap = 8;
  const cell = Math.min(18, (width - 3 * gap - 2) / 32);
  return {
    height: cell + 28,
    children: Array.from({ length: 32 }, (_, n) => {
      const part = Math.floor(n / 8);
      const x = 1 + n * cell + part * gap;
      return (
        <g key={n}>
          <rect class={n < length ? 'fig-bit fig-bit-fixed' : 'fig-bit'} x={x} y={1} width={cell - 2} height={cell} rx={2} />
          {n % 8 === 0 && (
            <text class="fig-code anchor-middle" x={x + cell * 4} y={cell + 20}>
              {address(net).split('.')[part]}
            </text>
          )}
        </g>
      );
    }),
  };
}

/** The first port that answers may go out to, and which clients still get one. */
const Replies: Tried = ({ figure }) => {
  const [from, setFrom] = useState(49_152);
  const without = CLIENTS.filter(client => passing(client, from) < 1).length;
  const said = `Answers go out to ports ${from} to ${LAST_PORT}: ${without === 0 ? 'every client gets all of them' : `${count(without, 'kind of client waits', 'kinds of client wait')} for some or all`}.`;
  return <Frame figure={figure} controls={<Slider label="First port" first={1024} last={LAST_PORT} value={from} says={said} set={setFrom} />} draw={width => replies(from, width)} told={said} />;
};

function replies(from: number, width: number): Sized {
  const row = 44;
  const at = (port: number) => 1 + (port / (LAST_PORT + 1)) * (width - 2);
  return {
    height: row * CLIENTS.length,
    children: (
      <>
        {CLIENTS.map((client, n) => {
          const [x, wide] = [at(client.first), at(client.last + 1) - at(client.first)];
          const part = passing(client, from);
          const open = Math.min(wide, Math.max(0, x + wide - at(from)));
          const y = n * row;
          return (
            <g key={client.name}>
              <text x={2} y={y + 16}>
                {client.short}
              </text>
              <text class="picture-title anchor-end" x={width - 4} y={y + 16}>
                {part === 1 ? 'all answers' : part === 0 ? 'no answer' : `${Math.max(1, Math.min(99, Math.round(part * 100)))} % of answers`}
              </text>
              <rect class="fig-bit" x={x} y={y + 22} width={wide} height={12} />
              <rect class="fig-bit fig-bit-fixed" x={x + wide - open} y={y + 22} width={open} height={12} />
            </g>
          );
        })}
        <path class="fig-here" d={CLIENTS.map((_, n) => `M${at(from)} ${n * row + 20}v16`).join('')} />
      </>
    ),
  };
}

const [APPROVED, REVIEW, LAST_MONTH] = [2, 8, 12];

/** Months go by, and an approval with them. */
const Review: Tried = ({ figure }) => {
  const [month, setMonth] = useState(4);
  const [verdict, why]: [Verdict, string] =
    month < APPROVED ? ['caution', 'open to everyone, and nobody has said why'] : month <= REVIEW ? ['secure', 'approved, with a reason, an owner and a review date'] : ['caution', 'the approval has expired'];
  return (
    <Frame
      figure={figure}
      controls={<Slider label="Month" first={0} last={LAST_MONTH} value={month} says={`Month ${month}: ${verdictWord(verdict)}, ${why}`} set={setMonth} />}
      draw={width => months(month, width)}
      told={
        <>
          <VerdictLabel verdict={verdict} /> Month {month}: {why}.
        </>
      }
    />
  );
};

function months(month: number, width: number): Sized {
  const at = (of: number) => 12 + (of / LAST_MONTH) * (width - 24);
  return {
    height: 66,
    children: (
      <>
        <path class="picture-rule" d={`M${at(0)} 24H${at(LAST_MONTH)}`} />
        <rect class="bar-span v-secure" x={at(APPROVED)} y={14} width={at(REVIEW) - at(APPROVED)} height={20} rx={4} />
        {[
          [APPROVED, 'approved'],
          [REVIEW, 'review date'],
        ].map(([of = 0, name]) => (
          <text key={name} class="picture-small anchor-middle" x={at(Number(of))} y={54}>
            {name}
          </text>
        ))}
        <path class="fig-here" d={`M${at(month)} 6V42`} />
      </>
    ),
  };
}

export const LIVE: Record<Live['live'], Tried> = { ranges: Ranges, severities: Severities, prefix: Prefix, replies: Replies, review: Review };
