// What a chapter of the primer is made of: plain data. `Words in backticks` are set as code.

export type Chapter = {
  /** Stands in the address of a link to it. */
  id: string;
  title: string;
  /** What it is about, in a sentence. */
  lead: string;
  parts: readonly Part[];
  /** The RFCs and vendor documents that its facts come from. */
  sources: readonly string[];
  /** The exercise that follows from it, by its id, and why that one. */
  exercise: string;
  because: string;
};

export type Part = { title: string; blocks: readonly Block[] };

/** A string is a paragraph. */
export type Block = string | { list: readonly string[] } | { steps: readonly string[] } | { table: Table } | { code: string; says: string } | { figure: Figure };

export type Table = { title: string; head: readonly string[]; rows: readonly (readonly string[])[] };

export type Figure = {
  title: string;
  /** What can be seen in it, in a sentence. */
  caption: string;
  shows: Drawing | Live;
  /** The same in words. A figure that is drawn from the catalog makes its own. */
  twin: Table | null;
};

/** Drawings of plain data; several are to be chosen from. */
export type Drawing = { choose: string; among: readonly { name: string; drawing: Plain }[] } | Plain;

export type Plain = Lanes | Anatomy | Steps | Chain;

/** What can be tried in the figure itself: each is a component in figures/live.ts. */
export type Live = { live: 'ranges' | 'severities' | 'prefix' | 'replies' | 'review' };

/** Packets between two machines, one below the other; a wall between them stops some. */
export type Lanes = {
  kind: 'lanes';
  left: string;
  right: string;
  wall?: string;
  lanes: readonly Lane[];
};

/** The ports at both ends, and what is said above the line. */
export type Lane = { left: string; right: string; says: string; back?: boolean; stopped?: boolean };

/** A line of text taken apart: each part with its meaning. Parts without one stand between the others. */
export type Anatomy = { kind: 'anatomy'; parts: readonly (readonly [text: string, means?: string])[] };

/** What happens one after the other. */
export type Steps = { kind: 'steps'; steps: readonly { when: string; what: string; bad?: boolean }[] };

/** Machines behind each other, with what leads from one to the next. */
export type Chain = { kind: 'chain'; links: readonly Link[] };

/** `way` leads here from the one before. Whoever stands at a taken one goes on by a way that is marked. */
export type Link = { name: string; note: string; way?: string; taken?: boolean; reached?: boolean };
