import type { Result } from '../session/protocol';
import { policyTotal } from '../words';

/** Whether an edit left a text that can't be read as before: there is an error, and policies that were read are gone. */
export const breaks = (before: Result | null, after: Result): boolean => hasError(after) && policies(after) < policies(before);

const policies = (result: Result | null): number => (result ? policyTotal(result.summary) : 0);
const hasError = (result: Result): boolean => result.summary.documents.some(document => document.problems.some(problem => problem.level === 'error'));
