import type { Note } from '../editor/surface';
import type { Result } from '../session/protocol';
import { sentence } from '../words';

/** What the editor shows in its margin: every rule with what was found about it, and every problem. */
export function notesOf({ marks, findings, notes, summary }: Result, document: number): Note[] {
  const messages = new Map([...findings.items, ...notes.items].map(({ index, message }) => [index, message]));
  const here = marks.items.filter(({ at }) => at.document === document);
  const rules = here.map(({ at, verdict, finding, label }): Note => {
    const message = finding === null ? undefined : messages.get(finding);
    return { at, verdict, text: message ? `${sentence(message)} ${sentence(label)}` : sentence(label) };
  });
  const problems = summary.documents[document]?.problems.map(({ at, message }): Note => ({ at, verdict: 'unknown', text: sentence(message) })) ?? [];
  return [...rules, ...problems];
}
