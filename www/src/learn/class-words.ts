// The sentences around files of answers and packs, and the table of a class as CSV.
import type { Cell, ClassState } from '../app/classroom';
import type { Problem } from '../session/types';
import { count, lineWords, sentence } from '../words';
import { amountWords } from './words';

/** Larger files are not even read, in bytes. */
export const LARGEST_ANSWERS = 8 << 20;
export const LARGEST_PACK = 1 << 20;

/** What is wrong with a file: the first thing and how many more. */
export function fileWords(name: string, problems: readonly Problem[]): string {
  const [first] = problems;
  if (!first) return '';
  const more = problems.length > 1 ? `; and ${count(problems.length - 1, 'more problem')}` : '';
  return `${name}, ${lineWords(first.at)}: ${first.message}${more}`;
}

export const refusedWords = (name: string): string => `${name} is too large, so nothing of it is read: answers have at most 8 MB, a pack at most 1 MB`;

/** A cell of the table of a class, in words. */
export function cellWords(cell: Cell): string {
  if (!cell) return 'No answer';
  const help = [cell.hints > 0 ? count(cell.hints, 'hint') : '', cell.shown ? 'saw the solution' : ''].filter(Boolean);
  return [cell.passed ? `Solved, excess ${amountWords(cell.score ?? '0')}` : 'Not yet', ...help].join(', ');
}

export function lineOfClass({ rows, exercises, refused }: ClassState): string {
  const solved = rows.reduce((sum, { cells }) => sum + cells.filter(cell => cell?.passed).length, 0);
  const told = `${count(rows.length, 'learner')}, ${count(solved, 'exercise')} solved of ${count(rows.length * exercises.length, 'answer')} asked for.`;
  return [told, ...refused.map(sentence)].join(' ');
}

/** Learners down, exercises across, by RFC 4180. No cell is a formula: names are somebody else's. */
export function classCsv({ rows, exercises }: ClassState): string {
  const line = (cells: string[]) => `${cells.map(cell).join(',')}\r\n`;
  const head = ['learner', 'solved', ...exercises.map(({ id }) => id)];
  const body = rows.map(({ learner, cells }) => line([learner, String(cells.filter(each => each?.passed).length), ...cells.map(each => (each ? cellWords(each) : ''))]));
  return line(head) + body.join('');
}

const cell = (text: string): string => {
  const plain = /^[\s]*[=+\-@|%]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
};
