import { writeFile } from 'node:fs/promises';
import { SyncError } from './errors.js';
import type { WrittenTable } from './writer.js';

export type Outcome = 'ok' | 'absent' | 'denied' | 'failed' | 'skipped';

/** A read that was denied or failed. */
export interface ReadProblem {
  readonly outcome: 'denied' | 'failed';
  readonly accountId: string;
  readonly region: string;
  readonly tableName: string;
  readonly operation: string;
  readonly scope: string;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
}

export interface SyncSummary {
  readonly sourceName: string;
  /** `_cq_sync_time` of the rows: ISO 8601 in UTC, with microseconds. */
  readonly syncTime: string;
  readonly tables: readonly WrittenTable[];
  readonly rows: number;
  readonly staleRemoved: number;
  readonly staleKept: number;
  readonly reads: Readonly<Record<Outcome, number>>;
  readonly problems: readonly ReadProblem[];
  /** What the plugin had to say about a table that it did not announce. */
  readonly tableErrors: readonly { readonly tableName: string; readonly error: string }[];
  readonly requests: number;
  readonly durationMs: number;
  readonly exitCode: 0 | 2;
}

/** One line for a log: what was synced, how long it took, and whether something is missing. */
export function summaryLine(summary: SyncSummary): string {
  const { reads } = summary;
  const seconds = (summary.durationMs / 1000).toFixed(1);
  const parts = [
    `synced ${count(summary.rows, 'row')} in ${count(summary.tables.length, 'table')} as "${summary.sourceName}" in ${seconds} s`,
    `${count(summary.requests, 'request')}, ${reads.ok + reads.absent} of ${reads.ok + reads.absent + reads.denied + reads.failed} reads complete`,
  ];
  if (reads.denied > 0) parts.push(`${reads.denied} denied`);
  if (reads.failed > 0) parts.push(`${reads.failed} failed`);
  if (summary.staleRemoved > 0) parts.push(`${count(summary.staleRemoved, 'stale row')} removed`);
  if (summary.staleKept > 0) parts.push(`${count(summary.staleKept, 'earlier row')} kept where a read is missing`);
  return parts.join(', ');
}

function count(number: number, what: string): string {
  return `${number.toLocaleString('en-US')} ${what}${number === 1 ? '' : 's'}`;
}

/** `--summary FILE` */
export async function writeSummary(path: string, summary: SyncSummary): Promise<void> {
  try {
    await writeFile(path, `${JSON.stringify(summary, null, 2)}\n`);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw new SyncError(
      `The summary could not be written to ${path} (${code}). The sync itself is complete and stored; give a file that can be written.`,
    );
  }
}
