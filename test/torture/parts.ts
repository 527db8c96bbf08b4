import { faults } from './faults.js';
import type { Part } from './part.js';

/** In turns, one round each, until the time is over. */
export const parts: readonly Part[] = [faults];
