import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { progressText, startProgress, summaryLine, writeSummary, type SyncSummary } from '../../src/runner/index.js';
import { scratchDirectory } from './support.js';

const summary: SyncSummary = {
  sourceName: 'delegation',
  syncTime: '2026-11-23T05:00:00.000001Z',
  tables: [{ name: 'aws_organizations_accounts', rows: 1234, staleRemoved: 1, staleKept: 0 }],
  rows: 1234,
  staleRemoved: 1,
  staleKept: 0,
  reads: { ok: 10, absent: 2, denied: 0, failed: 0, skipped: 4 },
  problems: [],
  tableErrors: [],
  requests: 1,
  durationMs: 12_345,
  exitCode: 0,
};

test('one line that says what was synced', () => {
  expect(summaryLine(summary)).toBe(
    'synced 1,234 rows in 1 table as "delegation" in 12.3 s, 1 request, 12 of 12 reads complete, 1 stale row removed',
  );
  expect(
    summaryLine({
      ...summary,
      staleRemoved: 0,
      staleKept: 5,
      reads: { ...summary.reads, denied: 2, failed: 1 },
      exitCode: 2,
    }),
  ).toBe(
    'synced 1,234 rows in 1 table as "delegation" in 12.3 s, 1 request, 12 of 15 reads complete, 2 denied, 1 failed, ' +
      '5 earlier rows kept where a read is missing',
  );
});

test('the summary as a file, and a place where there can be none', async () => {
  const directory = await scratchDirectory();
  await writeSummary(join(directory, 'summary.json'), summary);
  expect(JSON.parse(await readFile(join(directory, 'summary.json'), 'utf8'))).toEqual(summary);
  await expect(writeSummary(join(directory, 'none', 'summary.json'), summary)).rejects.toThrow(
    /could not be written to .*\(ENOENT\)\. The sync itself is complete/,
  );
});

test('progress is for terminals only, and without color where that is asked for', () => {
  const shown = (isTTY: boolean, env: NodeJS.ProcessEnv): string => {
    const stream = Object.assign(new PassThrough(), {
      isTTY,
      columns: 80,
      cursorTo: () => true,
      clearLine: () => true,
      moveCursor: () => true,
    });
    const progress = startProgress(stream as unknown as NodeJS.WriteStream, env);
    progress.update({ phase: 'reading', table: 'aws_x', rows: 1000, requests: 12 });
    progress.stop();
    return String(stream.read() ?? '');
  };
  expect(shown(false, {})).toBe('');
  expect(shown(true, { TERM: 'dumb' })).toBe('');
  expect(shown(true, {})).toContain('starting');
  expect(shown(true, { NO_COLOR: '1' })).not.toContain('\u001b[36m');
});

test('what progress says', () => {
  expect(progressText({ phase: 'starting', table: undefined, rows: 0, requests: 0 })).toBe('starting');
  expect(progressText({ phase: 'reading', table: 'aws_x', rows: 1000, requests: 12 })).toBe(
    'reading AWS: 12 requests, 1,000 rows (aws_x)',
  );
  expect(progressText({ phase: 'writing', table: undefined, rows: 1000, requests: 12 })).toBe(
    'writing PostgreSQL: 1,000 rows',
  );
});
