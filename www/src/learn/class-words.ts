// The sentences around files of answers and packs, and those in the table of a class.
import type { ClassState, Row } from '../app/classroom';
import type { ClassRow, Problem } from '../session/types';
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

export const otherPackWords = (name: string, theirs: string | null, ours: string | undefined): string =>
  theirs === null ? `${name} answers the project's exercises, not ${ours ?? 'these'}: put the pack away first` : `${name} answers ${theirs}, not ${ours ?? 'these'}: load that pack first`;

/** An answer in the table of a class, in words. */
export function answerWords(answer: ClassRow | undefined): string {
  if (!answer || answer.excess === null) return 'No answer';
  const { passed, excess, hints, shown_solution } = answer;
  const help = [hints > 0 ? count(hints, 'hint') : '', shown_solution ? 'saw the solution' : ''].filter(Boolean);
  return [passed ? `Solved, excess ${amountWords(excess)}` : 'Not yet', ...help].join(', ');
}

export const solvedOf = (answers: Row['answers']): number => [...answers.values()].filter(({ passed }) => passed).length;

export function lineOfClass({ rows, exercises, refused }: ClassState): string {
  const solved = rows.reduce((sum, { answers }) => sum + solvedOf(answers), 0);
  const told = `${count(rows.length, 'learner')}, ${count(solved, 'exercise')} solved of ${count(rows.length * exercises.length, 'answer')} asked for.`;
  return [told, ...refused.map(sentence)].join(' ');
}
