// What a review can be taken away as, in the order of the menu. A new form is one more entry here.
import type { Engine } from '../session/engine';
import type { Ending } from '../ui/save';

export type Form = {
  id: string;
  title: string;
  /** What it is for, in a few words. */
  use: string;
  /** The name of the saved file, and what it ends in. */
  name: string;
  ending: Ending;
  /** Whoever makes it. */
  make(engine: Engine): Promise<string>;
};

export const FORMS: readonly Form[] = [
  {
    id: 'markdown',
    title: 'Report as Markdown',
    use: 'for a ticket or a comment',
    name: 'portcullis-report',
    ending: 'md',
    make: engine => engine.ask('markdown'),
  },
  {
    id: 'csv',
    title: 'Findings as CSV',
    use: 'for a spreadsheet',
    name: 'portcullis-findings',
    ending: 'csv',
    make: engine => engine.ask('csv'),
  },
  {
    id: 'register',
    title: 'Public ports as CSV',
    use: 'the register: what is open, why, and who answers for it',
    name: 'portcullis-public-ports',
    ending: 'csv',
    make: engine => engine.ask('register_csv'),
  },
  {
    id: 'json',
    title: 'Everything as JSON',
    use: 'for other programs; the command line prints the same',
    name: 'portcullis-report',
    ending: 'json',
    make: async engine => `${JSON.stringify(await engine.ask('report'), null, 2)}\n`,
  },
  {
    id: 'baseline',
    title: 'Baseline',
    use: 'approves what is open now: write down why, and later reviews tell only what is new',
    name: 'portcullis',
    ending: 'toml',
    make: engine => engine.ask('baseline'),
  },
];
