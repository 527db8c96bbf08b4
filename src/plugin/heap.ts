import { setFlagsFromString } from 'node:v8';

/**
 * Lets V8 collect early. By itself it lets garbage grow to some hundred megabytes before it looks, more the more memory the
 * machine has. A sync waits for AWS nearly all of its time, so the processor time that this costs is not missed.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--optimize-for-size');
}
