import { editDistance } from './edit_distance.js';

/** The key of `allowed` that somebody who wrote `given` may have meant. */
export function suggestion(given: string, allowed: readonly string[]): string | undefined {
  let best: string | undefined;
  // One slip in a short word, two in a long one.
  let bestDistance = given.length < 5 ? 2 : 3;
  for (const candidate of given.length > 100 ? [] : allowed) {
    const distance = editDistance(given.toLowerCase().replaceAll('-', '_'), candidate);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}
