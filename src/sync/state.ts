import { arrowSchemaOf } from '../schema/arrow.js';
import type { ReadContext, Settings, Table } from '../schema/index.js';
import { Spool } from './spool.js';
import { TableWriter } from './table_writer.js';

/** A table whose rows come from the spec, as a sync would send it. */
export interface StatedTable {
  name: string;
  columns: readonly string[];
  key: readonly string[];
  /** Columns that tell what the sync did. */
  asSynced: readonly string[];
  /** As in an `insert` of a sync. */
  records: Uint8Array[];
}

/** Rows for which nobody has to be asked, made as a sync makes them. */
export async function stateTables(
  tables: readonly Table[],
  settings: Settings,
  accountId: string,
): Promise<StatedTable[]> {
  const spool = await Spool.open();
  try {
    const stated: StatedTable[] = [];
    for (const table of tables) {
      const writer = new TableWriter(table, null, spool, accountId);
      // They look at the settings and at nothing else: there is no account to ask.
      const context = { settings } as ReadContext;
      for await (const item of table.list(context, undefined)) await writer.add(item as object, '', null);
      await writer.flush();
      const records: Uint8Array[] = [];
      for await (const record of spool.read(table.name)) records.push(record);
      const columns = arrowSchemaOf(table, null).fields.map(({ name }) => name);
      stated.push({ name: table.name, columns, key: table.primaryKey, asSynced: table.asSynced, records });
    }
    return stated;
  } finally {
    await spool.close();
  }
}
