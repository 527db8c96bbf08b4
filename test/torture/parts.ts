import { concurrent } from './concurrent.js';
import { faults } from './faults.js';
import { inputs } from './inputs.js';
import { kills } from './kills.js';
import { life } from './life.js';
import type { Part } from './part.js';

/** In turns, one round each, until the time is over. */
export const parts: readonly Part[] = [kills, faults, concurrent, inputs, life];
