import { createInterface } from 'node:readline/promises';
import { visible } from '../report/characters.js';
import { exitCode } from './exit_code.js';

/** For people: progress, notices, errors. What a program reads goes to stdout. What AWS or a file says cannot move the cursor. */
export function tell(text: string): void {
  process.stderr.write(`${visible(text)}\n`);
}

export function print(text: string): void {
  if (!isWatchingStdout) process.stdout.on('error', onStdoutError);
  isWatchingStdout = true;
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}

/** {@link print} for what may be longer than one string can be: a piece waits until those before it have left. */
export async function printAll(pieces: Iterable<string>): Promise<void> {
  for (const piece of pieces) {
    print(piece);
    // Whoever has stopped reading wants no more.
    if (!process.stdout.writable) return;
    if (process.stdout.writableNeedDrain) await nextRoom(process.stdout);
  }
}

/** Until there is room, or nobody reads any more. */
function nextRoom(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      stream.off('drain', done).off('close', done);
      resolve();
    };
    stream.on('drain', done).on('close', done);
  });
}

let isWatchingStdout = false;

/** Whoever reads may stop before the end, as `head` does: that is no failure, and leaves the exit code as it is. */
function onStdoutError(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') return;
  tell(`Writing to stdout failed (${error.code ?? error.message}). Let it go somewhere that has room.`);
  process.exit(exitCode.failed);
}

/** Whether to write colours there; NO_COLOR and FORCE_COLOR as https://no-color.org and Node have them. */
export function hasColor(stream: NodeJS.WriteStream): boolean {
  if (process.env['NO_COLOR']) return false;
  if (process.env['FORCE_COLOR']) return process.env['FORCE_COLOR'] !== '0';
  return stream.isTTY && process.env['TERM'] !== 'dumb';
}

/** Columns of a terminal; where there is none, as wide as a log viewer shows without folding. */
export function widthOf(stream: NodeJS.WriteStream): number {
  return stream.isTTY && stream.columns > 0 ? stream.columns : 120;
}

/** Whether somebody sits there to answer. */
export function canAsk(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY;
}

/** Asks on stderr; anything but y or yes is a no, the end of the input too. Rejects when the signal aborts. */
export async function isYes(
  question: string,
  signal: AbortSignal,
  { input, output }: { input: NodeJS.ReadableStream; output: NodeJS.WritableStream } = {
    input: process.stdin,
    output: process.stderr,
  },
): Promise<boolean> {
  // Not as a terminal: that would be raw mode, in which Ctrl-C is no signal any more.
  const lines = createInterface({ input, output, terminal: false });
  try {
    const closed = new Promise<string>((resolve) =>
      lines.once('close', () => {
        resolve('');
      }),
    );
    const answer = await Promise.race([lines.question(question, { signal }), closed]);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    lines.close();
  }
}

/** Hands `work` a signal that the first Ctrl-C aborts; a second one ends the process at once. */
export async function interruptible<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const controller = new AbortController();
  const abort = (): void => {
    controller.abort();
  };
  process.once('SIGINT', abort);
  process.once('SIGTERM', abort);
  try {
    return await work(controller.signal);
  } finally {
    process.off('SIGINT', abort);
    process.off('SIGTERM', abort);
  }
}
