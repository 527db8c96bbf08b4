import { inputs } from './inputs.js';
import { kills } from './kills.js';
import type { Part } from './part.js';

/** In turns, one round each, until the time is over. */
export const parts: readonly Part[] = [kills, inputs];
