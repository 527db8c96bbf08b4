import { chmod, mkdir, mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import JSZip from 'jszip';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { sqlalchemyUri } from '../../src/cli/dashboards.js';
import { run, type Ended } from '../support/cli.js';
import { dashboards } from './database.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aws-delegation-dashboards-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const command = (...args: string[]): Promise<Ended> =>
  // No embedded server runs there.
  run(['dashboards', ...args], { cwd: folder, env: { AWS_DELEGATION_HOME: join(folder, 'home') } });

const url =
  'postgresql://someone:not%20for%20others@db.example.com:6432/inventory?sslmode=require&search_path=audit&application_name=x';
const connection = 'aws_delegation/databases/aws_delegation.yaml';

describe('aws-delegation dashboards', () => {
  it('writes a bundle of everything that Superset needs, with the connection and without the password', async () => {
    const ended = await command('--database', url, '--reader', 'bi reader');
    expect(ended).toMatchObject({ code: 0, stderr: expect.stringContaining('as bi reader') as string });
    const written = ended.stdout.trim().split('\n');
    for (const file of written) await readFile(join(folder, file));
    const there = (await readdir(join(folder, 'aws-delegation-dashboards'), { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
    expect(there.sort()).toEqual(written.sort());

    const bytes = await readFile(join(folder, 'aws-delegation-dashboards/superset.zip'));
    const zip = await JSZip.loadAsync(bytes);
    const sources = (await readdir(join(dashboards, 'superset'), { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => relative(join(dashboards, 'superset'), join(entry.parentPath, entry.name)));
    expect(Object.keys(zip.files).sort()).toEqual(sources.map((path) => `aws_delegation/${path}`).sort());
    for (const path of sources) {
      const name = `aws_delegation/${path}`;
      const text = await zip.file(name)?.async('string');
      expect(text).not.toContain('not for others');
      if (name !== connection) expect(text).toBe(await readFile(join(dashboards, 'superset', path), 'utf8'));
    }
    expect(parse((await zip.file(connection)?.async('string')) ?? '')).toMatchObject({
      database_name: 'aws_delegation',
      sqlalchemy_uri: 'postgresql+psycopg2://bi%20reader@db.example.com:6432/inventory?sslmode=require',
    });
    expect(JSON.stringify(ended)).not.toContain('not%20for');

    // Once more, over it: the same file, whenever it is made.
    expect(await command('--database', url, '--reader', 'bi reader')).toMatchObject({ code: 0 });
    expect(await readFile(join(folder, 'aws-delegation-dashboards/superset.zip'))).toEqual(bytes);
  });

  it('has a placeholder where no database is named, and says so', async () => {
    const ended = await command('-o', 'plain');
    expect(ended).toMatchObject({ code: 0, stderr: expect.stringContaining('no database was named') as string });
    const zip = await JSZip.loadAsync(await readFile(join(folder, 'plain/superset.zip')));
    const text = await zip.file(connection)?.async('string');
    expect(text).toBe(await readFile(join(dashboards, 'superset/databases/aws_delegation.yaml'), 'utf8'));
  });

  it('says what is wrong with the database or the folder, without a password', async () => {
    const wrong: [string, RegExp][] = [
      ['mysql://someone:secret@db/x', /^The database is no PostgreSQL: its URL begins with mysql:/],
      ['host=db password=secret', /^The database is not named by a URL/],
    ];
    for (const [database, message] of wrong) {
      const ended = await command('-o', 'wrong', '--database', database);
      expect(ended).toMatchObject({ code: 3, stdout: '', stderr: expect.stringMatching(message) as string });
      expect(ended.stderr).not.toContain('secret');
    }
    const taken = join(folder, 'taken');
    await mkdir(join(taken, 'superset.zip'), { recursive: true });
    await chmod(taken, 0o755);
    expect(await command('-o', 'taken')).toMatchObject({
      code: 4,
      stdout: '',
      stderr: expect.stringContaining('Name another folder with --output') as string,
    });
  });

  it.each([
    ['postgres://localhost/x', 'postgresql+psycopg2://r@localhost/x'],
    ['postgresql://[::1]:5432/x', 'postgresql+psycopg2://r@[::1]:5432/x'],
    ['postgresql:///x?host=/var/run/postgresql', 'postgresql+psycopg2://r@/x?host=%2Fvar%2Frun%2Fpostgresql'],
    [
      'postgresql://u:p@h/x?sslmode=verify-full&sslrootcert=/etc/ca.pem',
      'postgresql+psycopg2://r@h/x?sslmode=verify-full&sslrootcert=%2Fetc%2Fca.pem',
    ],
  ])('%s is for SQLAlchemy %s', (given, expected) => {
    expect(sqlalchemyUri(given, 'r')).toBe(expected);
  });
});
