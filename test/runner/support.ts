import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, vi } from 'vitest';
import { runSync, type SourceSpec, type SyncOptions, type SyncSummary } from '../../src/runner/index.js';

export interface FakeColumn {
  name: string;
  type: 'text' | 'boolean' | 'integer' | 'bigint' | 'float' | 'timestamp' | 'json' | 'uuid';
  primaryKey?: boolean;
  notNull?: boolean;
  unique?: boolean;
}

export interface FakeTable {
  name: string;
  columns: FakeColumn[];
  metadata?: Record<string, string>;
}

export type FakeRow = Record<string, unknown>;

export type Step =
  | { migrate: FakeTable }
  | { insert: FakeTable; rows: FakeRow[] }
  | { insert: FakeTable; row: FakeRow; count: number; batch: number }
  | { error: { table_name: string; error: string } }
  | { log: unknown }
  | { stderr: string }
  | { touch: string }
  | { waitFor: string }
  | { kill: NodeJS.Signals }
  | { untilCancelled: string }
  | { status: { code: number; details: string } };

export interface Script {
  steps: Step[];
  versions?: number[];
  init?: { code: number; details: string } | 'never';
  start?: { stderr?: string; exit?: number };
  requests?: string;
  pidFile?: string;
  ignoreSignals?: boolean;
}

const fakePlugin = fileURLToPath(new URL('fake_plugin.js', import.meta.url));
const directories: string[] = [];

afterAll(async () => {
  for (const directory of directories) await rm(directory, { recursive: true, force: true });
});

export async function scratchDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'aws-delegation-runner-test-'));
  directories.push(directory);
  return directory;
}

export async function pluginCommand(script: Script): Promise<string[]> {
  const path = join(await scratchDirectory(), 'script.json');
  await writeFile(path, JSON.stringify(script));
  return [process.execPath, fakePlugin, path];
}

export const spec: SourceSpec = {
  name: 'test',
  tables: ['*'],
  skipTables: [],
  skipDependentTables: true,
  deterministicCqId: false,
  pluginSpec: null,
};

export async function sync(
  databaseUrl: string,
  script: Script | Step[],
  options: Partial<SyncOptions> = {},
): Promise<SyncSummary> {
  const command = await pluginCommand(Array.isArray(script) ? { steps: script } : script);
  return runSync({ spec, databaseUrl, pluginCommand: command, ...options });
}

/** Whatever the promise is rejected with; fails where it is not. */
export async function failureOf(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error('it did not fail');
}

export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  await vi.waitFor(
    async () => {
      if (!(await condition())) throw new Error(`never came: ${what}`);
    },
    { timeout: 20_000, interval: 10 },
  );
}

export const untilFile = (path: string): Promise<void> => until(() => existsSync(path), path);

export async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8')) as unknown;
}

const text = (name: string, primaryKey = false): FakeColumn => ({
  name,
  type: 'text',
  primaryKey,
  notNull: primaryKey,
});

const cqColumns: FakeColumn[] = [
  { name: '_cq_id', type: 'uuid', unique: true, notNull: true },
  { name: '_cq_parent_id', type: 'uuid' },
];

export function table(name: string, columns: FakeColumn[], metadata: Record<string, string> = {}): FakeTable {
  return { name, columns: [...cqColumns, ...columns], metadata };
}

/** A UUID that is always the same for the same number. */
export function uuid(number: number): string {
  return `00000000-0000-4000-8000-${number.toString().padStart(12, '0')}`;
}

export const accounts = table('aws_organizations_accounts', [
  text('request_account_id', true),
  text('id', true),
  text('name'),
]);

export const reads = table('aws_delegation_reads', [
  text('account_id', true),
  text('region', true),
  text('table_name', true),
  text('operation', true),
  text('scope', true),
  text('service'),
  text('outcome'),
  text('error_code'),
  text('error_message'),
  { name: 'request_count', type: 'bigint' },
  { name: 'row_count', type: 'bigint' },
  { name: 'started_at', type: 'timestamp' },
  { name: 'duration_ms', type: 'bigint' },
]);

export function account(number: number, name = `account ${number}`): FakeRow {
  return { _cq_id: uuid(number), request_account_id: '111122223333', id: String(number), name };
}

let readNumber = 1000;

export function read(tableName: string, outcome: string, more: FakeRow = {}): FakeRow {
  return {
    _cq_id: uuid(readNumber++),
    account_id: '111122223333',
    region: '',
    table_name: tableName,
    operation: 'organizations:ListAccounts',
    scope: '',
    service: 'organizations',
    outcome,
    request_count: '2',
    row_count: '1',
    started_at: '1790000000000000',
    duration_ms: '12',
    ...more,
  };
}

/** A whole stream: the tables announced, their rows, and the reads last. */
export function stream(contents: [FakeTable, FakeRow[]][], readRows: FakeRow[]): Step[] {
  return [
    ...contents.map(([migrate]) => ({ migrate })),
    { migrate: reads },
    ...contents.filter(([, rows]) => rows.length > 0).map(([insert, rows]) => ({ insert, rows })),
    { insert: reads, rows: readRows },
  ];
}
