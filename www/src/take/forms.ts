// What a review can be taken away as. A new form is one more entry here.
import type { Engine } from '../session/engine';

export type Form = {
  id: string;
  title: string;
  /** What it is for, in a few words. */
  use: string;
  /** The name of the saved file, and its type. */
  file: string;
  type: string;
  make(engine: Engine): Promise<string>;
};

export const FORMS: readonly Form[] = [
  {
    id: 'markdown',
    title: 'Report as Markdown',
    use: 'for a ticket or a comment',
    file: 'portcullis-report.md',
    type: 'text/markdown',
    make: engine => engine.ask('markdown'),
  },
  {
    id: 'csv',
    title: 'Findings as CSV',
    use: 'for a spreadsheet',
    file: 'portcullis-findings.csv',
    type: 'text/csv',
    make: engine => engine.ask('csv'),
  },
  {
    id: 'register',
    title: 'Public ports as CSV',
    use: 'the register: what is open, why, and who answers for it',
    file: 'portcullis-public-ports.csv',
    type: 'text/csv',
    make: engine => engine.ask('register_csv'),
  },
  {
    id: 'json',
    title: 'Everything as JSON',
    use: 'for other programs; the command line prints the same',
    file: 'portcullis-report.json',
    type: 'application/json',
    make: async engine => `${JSON.stringify(await engine.ask('report'), null, 2)}\n`,
  },
  {
    id: 'baseline',
    title: 'Baseline',
    use: 'approves what is open now: write down why, and later reviews tell only what is new',
    file: 'portcullis.toml',
    type: 'application/toml',
    make: engine => engine.ask('baseline'),
  },
];
