import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { run, type Ended } from '../support/cli.js';
import { freshDatabase, type FreshDatabase } from '../support/postgres.js';

let folder: string;
let database: FreshDatabase;
let untouched: FreshDatabase;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'report-cli-'));
  [database, untouched] = await Promise.all([freshDatabase(), freshDatabase()]);
});
afterAll(async () => {
  await Promise.all([database.drop(), untouched.drop()]);
  rmSync(folder, { recursive: true });
});

const call = (command: string, ...args: string[]): Promise<Ended> =>
  run([command, '--database', database.url, ...args], { cwd: folder });

it('writes a file that only its owner can read, and says where it is', async () => {
  const { code, stdout, stderr } = await call('report');
  const file = join(folder, 'aws-delegation-report.html');
  expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  expect(stderr).toContain(file);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const html = await readFile(file, 'utf8');
  expect(html).toMatch(/^<!doctype html>/);
  expect(html).toContain('<title>AWS delegation: nothing read</title>');
});

it('writes to stdout what `check --format html` writes too, with the exit code of each', async () => {
  const [report, check] = [await call('report', '-o', '-'), await call('check', '--format', 'html')];
  // Nothing read is nothing known: the check says so, and the report was written all the same.
  expect([report.code, check.code]).toEqual([0, 2]);
  const likeEachOther = ({ stdout }: Ended): string => stdout.replace(/id="data">[^<]*/, '');
  expect(likeEachOther(report)).toBe(likeEachOther(check));
  expect(report.stdout).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/);
});

it('names the file that cannot be written, and what is in its way', async () => {
  const { code, stderr } = await call('report', '-o', join('nowhere', 'report.html'));
  expect(code).toBe(4);
  expect(stderr).toMatch(/Writing .*nowhere.report\.html failed \(ENOENT\)/);
  expect(stderr).not.toContain('mistake');
});

it('does not install anything where it is told not to', async () => {
  const { code, stderr } = await run(['report', '--database', untouched.url, '--no-install'], { cwd: folder });
  expect(code).toBe(4);
  expect(stderr).toContain('the views (schema "delegation") are not installed');
  expect(await untouched.query(`select from pg_namespace where nspname = 'delegation'`)).toEqual([]);
});
