// Text from a document is data, and a document may be hostile. What would make the page say something else than stands there, or
// push everything else out of it, is not shown as it is; what is copied, saved or edited stays to the letter.
import { type ComponentChildren, options, type VNode } from 'preact';

/** Characters that turn the order of others around, and those that cannot be seen. */
const DECEIVES = /[\u0000-\u0008\u000b-\u001f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;
/** No word of any language is as long, and no name that people gave. */
const ENDLESS = /\S{512,}/g;
const KEPT = { first: 200, last: 40 };

/** Attributes that are read, by eyes or by ears. */
const READ = ['title', 'placeholder', 'aria-label'] as const;

/** What is shown of a text. */
export const shown = (text: string): string => shortened(text.replace(DECEIVES, '\ufffd'));

const shortened = (text: string): string => text.replace(ENDLESS, run => `${run.slice(0, KEPT.first)}…${run.slice(-KEPT.last)}`);

/** Holds for everything that is drawn from now on. */
export function guardText(): void {
  const before = options.vnode;
  options.vnode = vnode => {
    if (typeof vnode.type === 'string') guard(vnode as VNode<Props>);
    before?.(vnode);
  };
}

type Props = { children?: ComponentChildren } & Partial<Record<(typeof READ)[number], unknown>>;

function guard({ type, props }: VNode<Props>): void {
  // What stands there to be read in full, such as what a link carries, is cut nowhere.
  const text = type === 'pre' ? (each: string) => each.replace(DECEIVES, '\ufffd') : shown;
  const child = <C,>(each: C) => (typeof each === 'string' ? text(each) : each);
  const { children } = props;
  if (Array.isArray(children)) props.children = children.map(child);
  else if (children !== undefined) props.children = child(children);
  for (const name of READ) {
    const said = props[name];
    if (typeof said === 'string') props[name] = text(said);
  }
}
