import type { ClientBase } from 'pg';

export interface Existing {
  /** By name. */
  readonly columns: ReadonlyMap<string, { type: string; isNotNull: boolean }>;
  readonly key: { readonly name: string | undefined; readonly columns: readonly string[] };
  /** Unique constraints of one column. */
  readonly uniques: readonly { readonly name: string; readonly column: string }[];
}

export async function existingTables(client: ClientBase, names: readonly string[]): Promise<Map<string, Existing>> {
  const { rows } = await client.query<{
    table_name: string;
    column_name: string;
    type: string;
    not_null: boolean;
    key_name: string | null;
    is_key: boolean;
    uniques: string[];
  }>(
    `select
        pg_class.relname as table_name,
        pg_attribute.attname as column_name,
        pg_catalog.format_type(pg_attribute.atttypid, pg_attribute.atttypmod) as type,
        pg_attribute.attnotnull as not_null,
        primary_key.conname as key_name,
        coalesce(pg_attribute.attnum = any (primary_key.conkey), false) as is_key,
        array(
          select pg_constraint.conname::text
          from pg_catalog.pg_constraint
          where pg_constraint.conrelid = pg_class.oid
            and pg_constraint.contype = 'u'
            and pg_constraint.conkey = array[pg_attribute.attnum]
          order by pg_constraint.conname
        ) as uniques
      from pg_catalog.pg_class
      join pg_catalog.pg_namespace on pg_namespace.oid = pg_class.relnamespace
      join pg_catalog.pg_attribute on pg_attribute.attrelid = pg_class.oid
      left join pg_catalog.pg_constraint as primary_key on primary_key.conrelid = pg_class.oid and primary_key.contype = 'p'
      where pg_namespace.nspname = current_schema()
        and pg_class.relname = any ($1)
        and pg_attribute.attnum > 0
        and not pg_attribute.attisdropped
      order by pg_class.relname, pg_attribute.attnum`,
    [names],
  );
  return new Map(
    names.flatMap((name) => {
      const own = rows.filter((row) => row.table_name === name);
      if (own.length === 0) return [];
      const existing: Existing = {
        columns: new Map(own.map((row) => [row.column_name, { type: row.type, isNotNull: row.not_null }])),
        key: {
          name: own[0]?.key_name ?? undefined,
          columns: own.filter((row) => row.is_key).map((row) => row.column_name),
        },
        uniques: own.flatMap((row) => row.uniques.map((unique) => ({ name: unique, column: row.column_name }))),
      };
      return [[name, existing] as const];
    }),
  );
}
