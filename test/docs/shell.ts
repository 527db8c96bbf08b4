import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bin, ofTheMachine } from '../support/cli.js';
import { root } from './blocks.js';

/** A place as a user has it who follows the docs in a checkout. */
export interface Shell {
  readonly folder: string;
  /** Runs the lines in one bash, as somebody types them; the first that ends badly ends it. */
  run(text: string): Promise<{ code: number | null; output: string; commands: readonly Command[] }>;
}

/** `isRun`: false for one of a program that is not here, of which the arguments were looked at. */
export interface Command {
  readonly text: string;
  readonly isRun: boolean;
}

/** Programs that the docs name and that no test has: each is answered by a script that looks at what it is told. */
const standIns = ['aws', 'terraform', 'docker', 'npm', 'cloudquery', 'gh'] as const;

// What the docs show fails rules and lacks reads, so 1 and 2 are answers.
const judging = /\baws-delegation\s+(check|sync|test-connection|diff|report|evidence)\b/;

export function makeShell(folder: string, environment: NodeJS.ProcessEnv): Shell {
  for (const name of [
    'bin',
    'queries',
    'docs',
    'dashboards',
    'examples',
    'package.json',
    'Dockerfile',
    'compose.yml',
    'compose',
    '.env.example',
  ]) {
    symlinkSync(join(root, name), join(folder, name));
  }
  const programs = join(folder, 'programs');
  mkdirSync(programs);
  const program = (name: string, text: string): void => {
    writeFileSync(join(programs, name), text);
    chmodSync(join(programs, name), 0o755);
  };
  program('aws-delegation', `#!/bin/sh\nexec '${bin}' "$@"\n`);
  const standIn = (name: string): string =>
    `exec '${process.execPath}' '${join(import.meta.dirname, 'stand_in.js')}' '${root}' ${name} "$@"`;
  const ours = `[ "$1" = --yes ] && shift\n[ "$1" = aws-delegation ] && { shift; exec '${bin}' "$@"; }`;
  program('npx', `#!/bin/sh\n${ours}\n${standIn('npx')}\n`);
  for (const name of standIns) program(name, `#!/bin/sh\n${standIn(name)}\n`);
  const machine = ofTheMachine();
  const env = { ...machine, HOME: folder, NO_COLOR: '1', ...environment };
  return {
    folder,
    async run(text) {
      const commands = commandsOf(text);
      const script = [
        'set -o pipefail',
        'ended() { [ "$1" -le "$2" ] || { echo "exit code $1"; exit 1; }; }',
        ...commands.map((command) => `${command}\nended $? ${judging.test(command) ? 2 : 0}`),
      ].join('\n');
      const child = spawn('bash', ['-c', script], {
        cwd: folder,
        env: { ...env, PATH: `${programs}:${machine['PATH'] ?? ''}` },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let output = '';
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
      const [code] = (await once(child, 'close')) as [number | null];
      return { code, output, commands: commands.map((command) => ({ text: command, isRun: !isStoodIn(command) })) };
    },
  };
}

function isStoodIn(command: string): boolean {
  return [...standIns, 'npx(?!\\s+(--yes\\s+)?aws-delegation)'].some((name) =>
    new RegExp(`(^|[|&;(]\\s*)${name}\\s`).test(command),
  );
}

/** One for each line, with those that go on after a backslash or inside quotes, and without comments. */
export function commandsOf(text: string): string[] {
  const commands: string[] = [];
  let open = '';
  for (const line of text.split('\n')) {
    open += open === '' ? line : `\n${line}`;
    const quotes = open.replace(/\\./gs, '').match(/["']/g) ?? [];
    let inside = '';
    for (const quote of quotes) inside = inside === '' ? quote : inside === quote ? '' : inside;
    if (line.endsWith('\\') || inside !== '') continue;
    if (!/^\s*(#.*)?$/.test(open)) commands.push(open);
    open = '';
  }
  if (open !== '') throw new Error(`this command has no end: ${open}`);
  return commands;
}
