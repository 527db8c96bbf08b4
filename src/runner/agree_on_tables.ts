import type { Client } from 'pg';
import { stateTable } from './state_table.js';
import { rowsAreSafe, UsageError } from './errors.js';
import { takeTurn } from './lock.js';
import { migrateTables } from './migrate.js';
import { planMigration, problemLines, unfitError, type Change } from './plan_migration.js';
import { quote } from './names.js';
import { decodeSchema, type TableSchema } from './schema.js';
import { beforeDropOf, turnOf, type SyncRun } from './sync_options.js';

/**
 * Tables that do not fit end the sync here, before AWS is read for an hour, or are agreed to be dropped: returns which.
 */
export async function agreeOnTables(options: SyncRun, announced: readonly Uint8Array[]): Promise<ReadonlySet<string>> {
  const { client, spec, writeMode = 'overwrite-delete-stale' } = options;
  const shape = { writeMode, isKeyedByCqId: spec.deterministicCqId };
  const tables = announced.map((schema) => decodeSchema(schema, shape));
  if (spec.stateTable !== undefined) await expectStateTable(client, spec.stateTable, tables);
  const unfit = (await planMigration(client, tables)).filter(({ problems }) => problems.length > 0);
  if (unfit.length === 0) return new Set();
  if (options.migrateMode !== 'forced') throw unfitError(unfit);

  const mayDrop = new Set(unfit.map(({ table }) => table.name));
  // Nobody is asked for what cannot be done: somebody's view on one of the tables shows here.
  await client.query('begin');
  try {
    const names = unfit.map(({ table }) => table);
    await takeTurn(client, names, turnOf(options));
    await migrateTables(client, names, { mayDrop, beforeDrop: beforeDropOf(options), onNotice: () => undefined });
  } finally {
    await client.query('rollback').catch(() => undefined);
  }
  const text =
    `Forced migration: these tables do not fit and are dropped with all their rows, those of other sources and of earlier syncs ` +
    `included, and with the indexes and grants on them. They are created anew in the transaction of this sync:\n` +
    `${problemLines(unfit)}\n${await countRows(client, unfit)}`;
  if ((await options.confirmDrop?.(text)) !== true) {
    throw new UsageError('The forced migration was not confirmed. Nothing was read or written.');
  }
  return mayDrop;
}

/** Not one of the tables that a forced migration may drop: what stands under a name that was given by mistake is somebody's. */
async function expectStateTable(client: Client, name: string, tables: readonly TableSchema[]): Promise<void> {
  const todo = `Give table_name of backend_options a name that nothing else has, such as aws_delegation_state. ${rowsAreSafe}`;
  if (tables.some((table) => table.name === name)) {
    throw new UsageError(`backend_options: ${name} is one of the tables that this sync writes. ${todo}`);
  }
  const unfit = (await planMigration(client, [stateTable(name)])).filter(({ problems }) => problems.length > 0);
  if (unfit.length > 0) {
    throw new UsageError(
      `backend_options: the table ${name} of the database is no state of incremental tables:\n${problemLines(unfit)}\n${todo}`,
    );
  }
}

/** `  aws_x: 12 rows (10 of "one", 2 of "other")` */
async function countRows(client: Client, changes: readonly Change[]): Promise<string> {
  const lines: string[] = [];
  for (const { table, existingColumns } of changes) {
    // Another tool's table may have none.
    const sourceName = existingColumns.has('_cq_source_name') ? '_cq_source_name' : 'null';
    const { rows } = await client.query<{ source: string | null; count: string }>(
      `select ${sourceName} as source, count(*)::text as count from ${quote(table.name)} group by 1 order by 1`,
    );
    const total = rows.reduce((sum, { count }) => sum + Number(count), 0);
    const parts = rows.map(({ source: name, count }) => `${count} of ${name === null ? 'no source' : `"${name}"`}`);
    lines.push(`  ${table.name}: ${total} row${total === 1 ? '' : 's'}${total === 0 ? '' : ` (${parts.join(', ')})`}`);
  }
  return lines.join('\n');
}
