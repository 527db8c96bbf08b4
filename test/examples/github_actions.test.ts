import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { startSimulator, type Simulator } from '../../src/simulator/index.js';
import { bin, ofTheMachine } from '../support/cli.js';
import { freshDatabase, type FreshDatabase } from '../support/postgres.js';

const root = join(import.meta.dirname, '..', '..');
const text = readFileSync(join(root, 'examples', 'github-actions', 'delegation.yml'), 'utf8');

interface Step {
  readonly name?: string;
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly permissions: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  readonly defaults: { readonly run: { readonly shell: string } };
  readonly 'timeout-minutes': number;
  readonly steps: readonly Step[];
}

const workflow = parse(text) as {
  on: Record<string, unknown>;
  permissions: unknown;
  concurrency: Record<string, unknown>;
  jobs: { delegation: Job };
};
const job = workflow.jobs.delegation;
const nameOf = ({ name, uses }: Step) => name ?? uses ?? '';

describe('examples/github-actions/delegation.yml', () => {
  it('asks for the permissions that it uses, and for no other', () => {
    expect(workflow.permissions).toEqual({});
    expect(job.permissions).toEqual({
      contents: 'read',
      'id-token': 'write',
      'security-events': 'write',
      actions: 'read',
    });
    const checkout = job.steps.find(({ uses }) => uses?.startsWith('actions/checkout@'));
    expect(checkout?.with).toMatchObject({ 'persist-credentials': false });
  });

  it('runs each night and by hand, one at a time, for a time that ends', () => {
    expect(Object.keys(workflow.on)).toEqual(['schedule', 'workflow_dispatch']);
    expect(workflow.concurrency).toMatchObject({ 'cancel-in-progress': false });
    expect(job['timeout-minutes']).toBeLessThan(360);
  });

  it('uses actions of GitHub and AWS only, each by its major version', () => {
    const uses = job.steps.flatMap((step) => step.uses ?? []);
    expect(uses.length).toBeGreaterThan(5);
    for (const use of uses) expect(use).toMatch(/^(actions|github|aws-actions)\/[a-z/-]+@v\d+$/);
  });

  it('no expression is pasted into a script, and nothing is fetched by its name alone', () => {
    const scripts = job.steps.flatMap((step) => step.run ?? []);
    for (const script of scripts) {
      expect(script).not.toContain('${{');
      for (const [, word] of script.matchAll(/\bnpx +(\S+)/g)) expect(word).toBe('--no');
    }
  });

  it('uploads before it fails, whatever happened before', () => {
    const names = job.steps.map(nameOf);
    expect(names.at(-1)).toBe('Verdict');
    for (const step of job.steps.slice(names.indexOf('github/codeql-action/upload-sarif@v4')))
      expect(step.if, nameOf(step)).toMatch(/^always\(\)/);
  });

  describe('its scripts, with a simulator as AWS', { timeout: 180_000 }, () => {
    let simulator: Simulator;
    let database: FreshDatabase;

    beforeAll(async () => {
      [simulator, database] = await Promise.all([startSimulator({ scenario: 'demo' }), freshDatabase()]);
    });

    afterAll(async () => {
      await Promise.all([simulator.close(), database.drop()]);
    });

    it('a night with findings: everything is there to be uploaded, and the job ends with what check said', async () => {
      const run = await runJob({ AWS_ENDPOINT_URL: simulator.url }, { DATABASE_URL: database.url });
      try {
        expect(run.outputs).toEqual({ sync: { code: '0' }, check: { code: '1' } });
        expect(run.ended).toEqual(
          new Map([
            ['Install', 0],
            ['Sync', 0],
            ['Check', 0],
            ['Findings for code scanning', 0],
            ['Report', 0],
            ['Evidence', 0],
            ['Verdict', 1],
          ]),
        );
        expect(run.said('Verdict')).toBe('sync ended with 0, check with 1\n');
        expect(run.summary).toMatch(/^## aws-delegation: \d+ fail/);
        expect(run.summary).toContain('security_services_held_by_infosec');
        expect(Buffer.byteLength(run.summary)).toBeLessThan(1024 * 1024);

        const [uploaded] = job.steps.flatMap((step) => (step.uses?.includes('upload-artifact') ? [step.with] : []));
        const out = join(run.workspace, String(uploaded?.['path']));
        expect((await readdir(out)).sort()).toEqual(['aws-delegation.sarif', 'evidence', 'report.html', 'sync.json']);
        const sarif = JSON.parse(await readFile(join(out, 'aws-delegation.sarif'), 'utf8')) as {
          version: string;
          runs: { results: unknown[] }[];
        };
        expect(sarif.version).toBe('2.1.0');
        expect(sarif.runs[0]?.results.length).toBeGreaterThan(0);
        expect(await readFile(join(out, 'report.html'), 'utf8')).toMatch(/^<!doctype html>/i);
        expect(await readdir(join(out, 'evidence'))).not.toEqual([]);
        expect(JSON.parse(await readFile(join(out, 'sync.json'), 'utf8'))).toMatchObject({});
        expect(await database.query('select from aws_organizations_accounts')).toHaveLength(
          simulator.scenario.organization?.accounts.length ?? -1,
        );
      } finally {
        await run.remove();
      }
    });

    it('a night without AWS: the job ends with what sync said, and what an earlier night has stored is judged', async () => {
      const fault = simulator.fault({
        operation: '*',
        kind: 'error',
        code: 'InvalidClientTokenId',
        status: 403,
        message: 'no',
      });
      const run = await runJob({ AWS_ENDPOINT_URL: simulator.url }, { DATABASE_URL: database.url });
      fault.remove();
      try {
        expect(run.outputs).toEqual({ sync: { code: '4' }, check: { code: '1' } });
        expect(run.ended.get('Report')).toBe(0);
        expect(run.ended.get('Verdict')).toBe(4);
        expect(run.summary).toContain('security_services_held_by_infosec');
      } finally {
        await run.remove();
      }
    });

    it('a job that breaks off before the sync does not end well', async () => {
      const run = await runJob({ BROKEN_NPM: '1' }, { DATABASE_URL: database.url });
      try {
        expect([...run.ended]).toEqual([
          ['Install', 1],
          ['Verdict', 4],
        ]);
        expect(run.said('Verdict')).toBe('sync ended with nothing, check with nothing\n');
      } finally {
        await run.remove();
      }
    });
  });
});

interface Run {
  readonly workspace: string;
  readonly outputs: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Exit codes of the scripts that were run, in order. */
  readonly ended: ReadonlyMap<string, number | null>;
  readonly summary: string;
  said(step: string): string;
  remove(): Promise<void>;
}

/** The scripts of the job, as GitHub's runner runs them; the actions in between are left out. */
async function runJob(env: NodeJS.ProcessEnv, secrets: Readonly<Record<string, string>>): Promise<Run> {
  const folder = await mkdtemp(join(tmpdir(), 'aws-delegation-workflow-'));
  const workspace = join(folder, 'workspace');
  const tools = join(folder, 'tools');
  await Promise.all([mkdir(join(workspace, 'node_modules', '.bin'), { recursive: true }), mkdir(tools)]);
  await copyFile(join(root, 'spec.yml'), join(workspace, 'spec.yml'));
  await writeFile(join(workspace, 'package.json'), '{"private": true}');
  // What `npm ci` would bring is this checkout; npx finds it as it finds what is installed.
  await symlink(bin, join(workspace, 'node_modules', '.bin', 'aws-delegation'));
  await writeFile(join(tools, 'npm'), '#!/bin/sh\n[ "$*" = ci ] && [ -z "$BROKEN_NPM" ]\n');
  await chmod(join(tools, 'npm'), 0o755);

  const outputs: Record<string, Record<string, string>> = {};
  const expand = (text: string): string =>
    text.replace(/\$\{\{ (.*?) \}\}/g, (_, expression: string) => {
      const [, kind = '', ...path]: readonly (string | undefined)[] =
        /^(\w+)\.(?:(\w+)\.outputs\.(\w+)|(\w+))$/.exec(expression) ?? [];
      let found: unknown = { secrets, github: { workspace }, steps: outputs }[kind];
      if (found === undefined) throw new Error(`this test does not know ${expression}`);
      for (const key of path) if (key !== undefined) found = (found as Record<string, unknown> | undefined)?.[key];
      return typeof found === 'string' ? found : '';
    });
  const valuesOf = (values: Readonly<Record<string, string>> = {}) =>
    Object.fromEntries(Object.entries(values).map(([name, text]) => [name, expand(text)]));

  const ended = new Map<string, number | null>();
  const said = new Map<string, string>();
  const summaryFile = join(folder, 'summary');
  await writeFile(summaryFile, '');
  let hasFailed = false;
  for (const [index, step] of job.steps.entries()) {
    if (step.run === undefined) continue;
    if (hasFailed && step.if !== 'always()') continue;
    expect(step.if ?? 'always()').toBe('always()');
    const outputFile = join(folder, `output-${index}`);
    await Promise.all([writeFile(outputFile, ''), writeFile(join(folder, 'script.sh'), step.run)]);
    expect(job.defaults.run.shell).toBe('bash');
    const machine = ofTheMachine();
    const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', join(folder, 'script.sh')], {
      cwd: workspace,
      env: {
        ...machine,
        PATH: [tools, machine['PATH']].join(delimiter),
        HOME: folder,
        CI: 'true',
        GITHUB_ACTIONS: 'true',
        GITHUB_WORKSPACE: workspace,
        GITHUB_STEP_SUMMARY: summaryFile,
        GITHUB_OUTPUT: outputFile,
        // What configure-aws-credentials leaves in the environment.
        AWS_ACCESS_KEY_ID: 'ASIAKEYOFTHETESTS0',
        AWS_SECRET_ACCESS_KEY: 'secret',
        AWS_SESSION_TOKEN: 'token',
        AWS_REGION: 'us-east-1',
        ...env,
        ...valuesOf(job.env),
        ...valuesOf(step.env),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
    const [code] = (await once(child, 'close')) as [number | null];
    ended.set(nameOf(step), code);
    said.set(nameOf(step), output);
    hasFailed ||= code !== 0;
    const lines = (await readFile(outputFile, 'utf8')).trim().split('\n').filter(Boolean);
    if (step.id !== undefined && lines.length > 0)
      outputs[step.id] = Object.fromEntries(lines.map((line) => line.split('=') as [string, string]));
  }
  return {
    workspace,
    outputs,
    ended,
    summary: await readFile(summaryFile, 'utf8'),
    said: (step) => said.get(step) ?? '',
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
