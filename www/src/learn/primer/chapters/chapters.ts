// The chapters in their order. A new one is one more line here.
import type { Chapter } from '../chapter';
import { anatomy } from './anatomy';
import { banners } from './banners';
import { commonMistake } from './common-mistake';
import { criticalPorts } from './critical-ports';
import { justification } from './justification';
import { portsAndSockets } from './ports-and-sockets';
import { scans } from './scans';
import { stateful } from './stateful';
import { threeRanges } from './three-ranges';
import { threeTiers } from './three-tiers';
import { unexpectedPort } from './unexpected-port';

export const CHAPTERS: readonly Chapter[] = [
  portsAndSockets,
  threeRanges,
  criticalPorts,
  anatomy,
  stateful,
  commonMistake,
  scans,
  banners,
  threeTiers,
  unexpectedPort,
  justification,
];
