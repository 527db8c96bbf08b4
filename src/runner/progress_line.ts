import ora from 'ora';
import type { SyncProgress } from './progress.js';

export interface Progress {
  update(progress: SyncProgress): void;
  /** Ends the animation; what is printed next starts on a line of its own. */
  stop(): void;
}

/** A line that changes in place on a terminal; nothing at all where stderr is a file or a pipe. */
export function startProgress(
  stream: NodeJS.WriteStream = process.stderr,
  env: NodeJS.ProcessEnv = process.env,
): Progress {
  // A terminal without a width (some containers give one) would let the spinner count lines for ever.
  if (!stream.isTTY || !(stream.columns > 0) || env['TERM'] === 'dumb' || env['CI']) {
    return { update: () => undefined, stop: () => undefined };
  }
  const hasColor = !env['NO_COLOR'];
  // discardStdin puts the terminal into raw mode, in which Ctrl-C is no signal any more.
  const spinner = ora({ text: 'starting', stream, discardStdin: false, ...(hasColor ? {} : { color: false }) }).start();
  return {
    update(progress) {
      spinner.text = progressText(progress);
    },
    stop() {
      spinner.stop();
    },
  };
}

export function progressText(progress: SyncProgress): string {
  const numbers = `${progress.requests.toLocaleString('en-US')} requests, ${progress.rows.toLocaleString('en-US')} rows`;
  if (progress.phase === 'starting') return 'starting';
  if (progress.phase === 'reading')
    return `reading AWS: ${numbers}${progress.table === undefined ? '' : ` (${progress.table})`}`;
  return `writing PostgreSQL: ${progress.rows.toLocaleString('en-US')} rows${progress.table === undefined ? '' : ` (${progress.table})`}`;
}
