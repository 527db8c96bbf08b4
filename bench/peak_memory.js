import { readFileSync } from 'node:fs';

/** In a plugin's process: answers each message of the parent with the most memory it ever had, and ends with the parent. */
export function tellPeakMemory() {
  process.on('message', () => process.send(peakMemory()));
  process.on('disconnect', () => process.exit());
}

/** In bytes. */
export function peakMemory() {
  // Linux hands the peak of the process that started us down in maxRSS; VmHWM is ours alone.
  if (process.platform === 'linux') {
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]) * 1024;
  }
  return process.resourceUsage().maxRSS * 1024;
}
