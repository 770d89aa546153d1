// The editor's looks. Custom properties reach into the shadow root, so the palette of the page is the palette here.
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

const verdicts = ['dangerous', 'unknown', 'caution', 'secure'];

export const theme: Extension = [
  EditorView.theme({
    '&': { height: '100%', fontSize: 'var(--code-size)', color: 'var(--ink)', backgroundColor: 'transparent' },
    '&.cm-focused': { outline: 'none' },
    '.cm-scroller': { overflow: 'auto', fontFamily: 'var(--mono)', lineHeight: '1.6' },
    '.cm-content': { caretColor: 'var(--accent)', padding: 'var(--s2) 0' },
    '.cm-line': { padding: '0 var(--s4) 0 var(--s2)' },
    '.cm-placeholder': { color: 'var(--ink-3)', whiteSpace: 'pre-wrap' },
    '.cm-cursor': { borderLeftColor: 'var(--accent)', borderLeftWidth: '2px' },
    '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--ink-3)', border: 'none' },
    '.cm-lineNumbers .cm-gutterElement': { padding: '0 var(--s2) 0 var(--s1)', minWidth: '3ch' },
    '&.cm-focused .cm-activeLine': { backgroundColor: 'var(--active-line)' },
    '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'transparent' },
    '&.cm-focused .cm-activeLineGutter': { backgroundColor: 'var(--active-line)', color: 'var(--ink)' },
    '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': { backgroundColor: 'var(--selection)' },
    '&.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--selection)', color: 'inherit' },
    '.cm-searchMatch': { backgroundColor: 'var(--match)' },
    // The arrows for folding show only where the pointer is, so that the verdicts have the margin to themselves.
    '.cm-foldGutter .cm-gutterElement': { opacity: '0', cursor: 'pointer' },
    '.cm-gutters:hover .cm-foldGutter .cm-gutterElement': { opacity: '1' },
    '.cm-foldPlaceholder': { backgroundColor: 'var(--sunken)', border: '1px solid var(--line)', color: 'var(--ink-2)', padding: '0 var(--s1)' },
    '.cm-panels': { backgroundColor: 'var(--sunken)', color: 'var(--ink)', borderColor: 'var(--line)' },
    '.cm-panel.cm-search': { padding: 'var(--s2)', fontFamily: 'var(--sans)' },
    '.cm-panel.cm-search input, .cm-panel.cm-search button': { fontSize: 'var(--t2)' },
    '.cm-textfield': { backgroundColor: 'var(--sheet)', color: 'var(--ink)', border: '1px solid var(--line-strong)', borderRadius: 'var(--round)' },
    '.cm-button': { backgroundImage: 'none', backgroundColor: 'var(--sheet)', color: 'var(--ink)', border: '1px solid var(--line-strong)', borderRadius: 'var(--round)' },
    '.cm-tooltip': { backgroundColor: 'var(--sheet)', color: 'var(--ink)', border: '1px solid var(--line-strong)', borderRadius: 'var(--round)', boxShadow: 'var(--shadow)' },

    '.pc-gutter': { width: '22px' },
    '.pc-gutter .cm-gutterElement': { display: 'grid', placeItems: 'start center', cursor: 'pointer' },
    '.pc-shape, .pc-shape svg': { display: 'block', width: '14px', height: '14px' },
    '.pc-shape': { marginTop: 'calc(0.8em - 7px)' },
    '.pc-shape.pc-secure': { opacity: '0.75' },
    '.pc-body': { fill: 'var(--verdict)' },
    '.pc-sign': { fill: 'none', stroke: 'var(--sheet)', strokeWidth: '1.8', strokeLinecap: 'round', strokeLinejoin: 'round' },
    '.pc-ring': { fill: 'none', stroke: 'var(--ink-3)', strokeWidth: '1.5' },
    '.pc-mark': { textDecoration: 'underline 2px var(--verdict)', textUnderlineOffset: '3px' },
    '.pc-mark::selection, .pc-mark ::selection': { textDecorationColor: 'var(--verdict)' },
    '.pc-mark.pc-dangerous': { textDecorationStyle: 'wavy', textDecorationThickness: '1.5px' },
    '.pc-mark.pc-unknown': { textDecorationStyle: 'dashed' },
    '.pc-mark.pc-secure': { textDecorationThickness: '1px', textDecorationStyle: 'dotted' },
    '.pc-mark.pc-none': { textDecoration: 'line-through 1px var(--ink-3)' },
    ...Object.fromEntries(verdicts.map(verdict => [`.pc-${verdict}`, { '--verdict': `var(--${verdict})` }])),
    '.cm-line.pc-flash, &.cm-focused .cm-line.pc-flash': { backgroundColor: 'var(--flash)', boxShadow: 'inset 3px 0 var(--accent)' },
    '@media (prefers-reduced-motion: no-preference)': { '.cm-line.pc-flash': { animation: 'pc-flash 900ms ease-out' } },
    '@keyframes pc-flash': { '0%': { backgroundColor: 'var(--flash-peak)' } },
    '.pc-probe': { outline: '2px solid var(--accent)', outlineOffset: '1px', borderRadius: '2px', backgroundColor: 'var(--flash)' },
    '.pc-tooltip': { maxWidth: '46ch', padding: 'var(--s2) var(--s3)', fontFamily: 'var(--sans)', fontSize: 'var(--t2)', lineHeight: '1.45' },
    '.pc-tooltip p': { margin: '0' },
    '.pc-tooltip p + p': { marginTop: 'var(--s2)' },
    '.pc-tooltip strong': { color: 'var(--verdict, var(--ink))' },
    '.pc-tooltip svg': { width: '14px', height: '14px', verticalAlign: '-2px', marginRight: 'var(--s1)' },
  }),
  syntaxHighlighting(
    HighlightStyle.define([
      { tag: tags.propertyName, color: 'var(--code-name)' },
      { tag: tags.string, color: 'var(--code-string)' },
      { tag: [tags.number, tags.bool, tags.null], color: 'var(--code-value)' },
      { tag: [tags.punctuation, tags.bracket, tags.separator], color: 'var(--ink-3)' },
    ]),
  ),
];
