// What a finding offers below its facts, in this order. A new one is one more line here.
import type { ComponentType } from 'preact';
import type { Finding } from '../session/types';
import { AboutAudit } from './about-audit';
import { MakeExercise } from './make-exercise';

export const OFFERS: readonly ComponentType<{ finding: Finding }>[] = [({ finding }) => <AboutAudit id={finding.audit} />, MakeExercise];
