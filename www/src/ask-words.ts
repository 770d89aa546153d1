// The sentences around answers to questions.
import type { Answered, Starred } from './app/asking';
import type { Answer, Fate, Step } from './session/types';
import { capital, sentence } from './words';

const FATE_WORDS: Record<Fate, string> = { allowed: 'Allowed', denied: 'Denied', partly: 'Partly', unknown: "Can't tell" };

/** The word that always stands beside a fate's shape. */
export const fateWord = (fate: Fate): string => FATE_WORDS[fate];

/** The core begins its sentence with the fate, which has a word and a shape of its own here. */
export const saidWords = ({ said, fate }: Answer): string => sentence(said.startsWith(`${fate}: `) ? said.slice(fate.length + 2) : said);

/** Where a step stands on the way. */
export function stepWords({ side, layer, said }: Step): string {
  if (layer === null) return capital(said);
  return `${side === 'leaving' ? 'Out through' : 'In through'} ${said}`;
}

/** What a step does, before the lines that decide it. */
export function outcomeWords({ outcome, layer, decided_by: line, perhaps }: Step): string {
  if (outcome === 'unknown') return perhaps.length > 0 ? "Can't tell; may be decided by" : "Can't tell";
  const word = fateWord(outcome);
  if (line) return `${word} by`;
  return outcome === 'denied' && layer !== null ? `${word}: no line admits it` : word;
}

/** The packet whose steps are shown: the address is that of the end which is not in the documents. */
export const packetWords = (address: string, steps: Step[]): string =>
  `Followed with one packet ${steps.length > 0 && steps.every(step => step.side === 'leaving') ? 'to' : 'from'} ${address}:`;

/** Of what was asked about, the part that gets through. */
export const admittedWords = (text: string): string => `Gets through: ${text}.`;

export type Standing = 'kept' | 'broken' | 'lost';

/** Whether a starred question still has the answer it was starred with. */
export function standing({ then, now: { answer } }: Starred): Standing {
  if (!answer) return 'lost';
  return signature(answer) === signature(then) ? 'kept' : 'broken';
}

/** A part is the same only while the same part gets through. */
const signature = ({ fate, ways }: Answer): string =>
  fate === 'partly' ? JSON.stringify(ways.map(({ source, destination, fate, admitted }) => [source, destination, fate, admitted])) : fate;

const STANDING_WORDS: Record<Standing, string> = { kept: 'Kept', broken: 'Broken', lost: "Can't be asked" };

export const standingWord = (standing: Standing): string => STANDING_WORDS[standing];

export const mustWords = ({ fate }: Answer): string => (fate === 'partly' ? 'Must stay as it is' : `Must stay ${fate}`);

/** What became of a starred question, where there is something to say. */
export function nowWords(starred: Starred): string {
  const { then, now } = starred;
  if (now.error) return sentence(now.error);
  if (standing(starred) !== 'broken' || !now.answer) return '';
  return now.answer.fate === then.fate ? 'Now another part gets through.' : `Now ${now.answer.fate === 'unknown' ? "can't tell" : now.answer.fate}.`;
}

/** What a screen reader is told of the typed question; null when it knows that already. */
export function answerChange(told: string, { answer }: Answered): string | null {
  const said = answer ? sentence(answer.said) : '';
  return said && said !== told ? said : null;
}

/** What a screen reader is told of the starred questions: those that broke, and those that are as they were again. */
export function starredChange(before: ReadonlyMap<string, Standing>, starred: Starred[]): string {
  return starred
    .flatMap(each => {
      const was = before.get(each.now.question) ?? 'kept';
      const is = standing(each);
      if (was === is) return [];
      return is === 'kept' ? `Mended: ${each.now.question} is ${each.then.fate} again.` : `${standingWord(is)}: ${each.now.question}. ${mustWords(each.then)}. ${nowWords(each)}`;
    })
    .join(' ');
}
