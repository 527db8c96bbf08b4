import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** These tests take a minute or two, and npm's registry. */
const isWanted = process.env['AWS_DELEGATION_TEST_PACKAGE'] === '1';
const projectRoot = fileURLToPath(new URL('../..', import.meta.url));

if (!isWanted) {
  process.stdout.write('package tests left out: set AWS_DELEGATION_TEST_PACKAGE=1 where npm reaches its registry\n');
}

interface Finished {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A user's shell: nothing of the npm that runs the tests, of vitest, or of AWS. */
function environment(more: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const ours =
    /^(npm_(package|lifecycle|command|execpath|node_execpath|config_(local|global)_prefix|config_prefix)|INIT_CWD$|NODE$|NODE_ENV$|NODE_OPTIONS$|VITEST|AWS_|DATABASE_URL$)/i;
  // CI finds what is left running by this.
  const kept = Object.entries(process.env).filter(([name]) => !ours.test(name) || name === 'AWS_DELEGATION_CI_RUN');
  return { ...Object.fromEntries(kept), NO_COLOR: '1', ...more };
}

async function run(command: string, args: string[], cwd: string, env: NodeJS.ProcessEnv = {}): Promise<Finished> {
  const child = spawn(command, args, { cwd, env: environment(env), stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [exitCode] = (await once(child, 'close')) as [number | null];
  return { exitCode, stdout, stderr };
}

async function succeed(...call: Parameters<typeof run>): Promise<Finished> {
  const finished = await run(...call);
  expect(finished, finished.stderr).toMatchObject({ exitCode: 0 });
  return finished;
}

const installing = ['install', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];

describe.skipIf(!isWanted)('the package', { timeout: 400_000 }, () => {
  let directory: string;
  let tarball: string;
  let files: string[];

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'aws-delegation-package-'));
    // As root, PostgreSQL runs as another user, who has to get there.
    await chmod(directory, 0o755);
    await succeed('npm', ['pack', '--pack-destination', directory], projectRoot);
    tarball = join(directory, (await readdir(directory)).find((name) => name.endsWith('.tgz')) ?? 'no tarball');
    const listed = await succeed('tar', ['-tzf', tarball], directory);
    files = listed.stdout.trim().split('\n').sort();
  });

  afterAll(async () => {
    await rm(directory, { recursive: true, force: true });
  });

  it('holds what it needs to run and to be understood, and nothing else', () => {
    const top = new Set(files.map((file) => file.replace(/^package\//, '').replace(/\/.*/, '/')));
    expect([...top].sort()).toEqual(
      [
        'CHANGELOG.md',
        'LICENSE',
        'README.md',
        'SECURITY.md',
        'bin/',
        'dashboards/',
        'dist/',
        'docs/',
        'package.json',
        'queries/',
        'spec.yml',
      ].sort(),
    );
    const kinds = new Set(files.map((file) => /\.[^./]+$/.exec(file)?.[0] ?? file));
    expect([...kinds].sort()).toEqual(
      [
        '.css',
        '.js',
        '.json',
        '.md',
        '.pq',
        '.sql',
        '.tf',
        '.yaml',
        '.yml',
        'package/LICENSE',
        'package/bin/aws-delegation',
      ].sort(),
    );
    const tests = files.filter((file) => /(^|\/)(test|bench|scripts)\/|\.test\.|tsbuildinfo|\/\.[^/]*$/.test(file));
    expect(tests).toEqual([]);
  });

  it.each([
    { node: '20.19.0', flags: [] },
    { node: '22', flags: [] },
    // An npm that runs no install script, as the next ones will not without being asked.
    { node: '24', flags: ['--ignore-scripts'] },
  ])('installs into an empty folder and shows the demo on Node $node ($flags)', async ({ node, flags }) => {
    const folder = join(directory, `on-${node}`);
    const tools = join(directory, `node-${node}`);
    await Promise.all([mkdir(folder), mkdir(tools)]);
    const { bin, version } = await installNode(node, tools);
    // A program that only the checkout has must not be found.
    const rest = (process.env['PATH'] ?? '').split(delimiter).filter((entry) => !entry.includes('node_modules'));
    const env = {
      PATH: [bin, ...rest].join(delimiter),
      AWS_DELEGATION_HOME: join(directory, `home-${node}`),
    };
    await succeed('npm', [...installing, ...flags, tarball], folder, env);

    const script = join(folder, 'node_modules', '.bin', 'aws-delegation');
    const told = await succeed(script, ['--version'], folder, env);
    expect(told.stdout.trim()).toBe(/-(\d+\.\d+\.\d+[^/]*)\.tgz$/.exec(tarball)?.[1]);

    const demo = await succeed('npx', ['--no-install', 'aws-delegation', 'demo'], folder, env);
    expect(demo.stdout).toContain('security_services_held_by_infosec');
    expect(demo.stderr).toContain('npx aws-delegation db query --demo');
    expect(await readFile(join(folder, 'aws-delegation-report.html'), 'utf8')).toMatch(/^<!doctype html>/);
    if (flags.length > 0) expect(demo.stderr).toContain('did not run the install script');
    console.info(`the package ran on Node ${version}${flags.length > 0 ? `, installed with ${flags.join(' ')}` : ''}`);
  });

  /** From npm; the package of the platform itself, because `node` only fetches it in an install script. */
  async function installNode(wanted: string, into: string): Promise<{ bin: string; version: string }> {
    const prefix = process.platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node';
    const name = `${prefix}-${process.platform}-${process.arch}`;
    await succeed('npm', [...installing, '--ignore-scripts', '--prefix', into, `${name}@${wanted}`], into);
    const bin = join(into, 'node_modules', name, 'bin');
    const { stdout } = await succeed(join(bin, 'node'), ['-p', 'process.versions.node'], into);
    expect(stdout).toMatch(new RegExp(`^${wanted.replaceAll('.', '\\.')}\\b`));
    return { bin, version: stdout.trim() };
  }
});
