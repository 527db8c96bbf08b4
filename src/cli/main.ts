import { CommanderError } from 'commander';
import { createProgram } from './program.js';
import { explain } from './errors.js';
import { exitCode } from './exit_code.js';
import { tell } from './terminal.js';

/** Reads the arguments, runs the command, and ends the process with its exit code. */
export async function run(argv: readonly string[]): Promise<void> {
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
