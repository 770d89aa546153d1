// The parts of the page beside the review. A new one is one more line here.
import type { ComponentType } from 'preact';
import type { SectionId } from '../app/state';
import { CatalogSection } from './catalog';
import { CompareSection } from './compare';
import { ChecksSection } from './checks';
import { LearnSection } from '../learn/learn';

type Section = { id: SectionId; title: string; Component: ComponentType };

/** Without the review itself, whose desk stays as it is while another part is shown. */
export const SECTIONS: readonly Section[] = [
  { id: 'compare', title: 'Compare', Component: CompareSection },
  { id: 'catalog', title: 'Ports', Component: CatalogSection },
  { id: 'checks', title: 'Checks', Component: ChecksSection },
  { id: 'learn', title: 'Learn', Component: LearnSection },
];
