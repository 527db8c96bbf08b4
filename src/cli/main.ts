import { writeSync } from 'node:fs';
import { CommanderError } from 'commander';
import { createProgram } from './program.js';
import { explain } from './errors.js';
import { exitCode } from './exit_code.js';
import { tell } from './terminal.js';

/** Reads the arguments, runs the command, and ends the process with its exit code. */
export async function run(argv: readonly string[]): Promise<void> {
  endQuietly();
  const program = await createProgram(argv);
  try {
    await program.parseAsync(argv);
  } catch (error) {
    if (error instanceof CommanderError) {
      // Commander has told the user already; help and version are no mistakes.
      process.exitCode = error.exitCode === 0 ? exitCode.ok : exitCode.usage;
      return;
    }
    const { text, code } = explain(error);
    tell(text);
    process.exitCode = code;
  }
}

/**
 * A defect ends the process with what any other error says: Node would print every member of the error and of its causes, and
 * those of an SDK hold requests and what signed them. A report of Node's that somebody asks for leaves the environment out.
 */
function endQuietly(): void {
  process.on('uncaughtException', (error) => {
    const { text, code } = explain(error);
    // Not by the stream, which may still have it when the process is gone.
    writeSync(2, `${text}\n`);
    process.exit(code);
  });
  // Of Node 22.13 and newer.
  Object.assign(process.report, { excludeEnv: true });
}
