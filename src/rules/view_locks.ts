import type { ClientBase } from 'pg';
import { lockSql } from '../postgres/index.js';

// Of the advisory lock: two installations at once would stumble over each other.
export const installKey = `hashtext('delegation.install')::bigint`;
export const defaultPatienceMs = 60_000;

/**
 * Nobody reads the views while they are replaced, and a reader that keeps its transaction open stops that. LOCK TABLE would lock
 * the tables below, too; dropping a default that is not there locks the view, and changes nothing.
 */
export function lockViewsSql(patienceMs: number): string {
  return lockSql({
    advisory: installKey,
    relations: `select
                    format('alter view delegation.%I alter column %I drop default', pg_class.relname, pg_attribute.attname) as statement,
                    pg_class.oid as relation,
                    true as is_exclusive
                from pg_catalog.pg_class
                join pg_catalog.pg_attribute on pg_attribute.attrelid = pg_class.oid and pg_attribute.attnum = 1
                where pg_class.relnamespace = pg_catalog.to_regnamespace('delegation')
                    and pg_class.relkind = 'v'
                    and pg_has_role(pg_class.relowner, 'USAGE')
                order by pg_class.relname`,
    patienceMs,
  });
}

/** Locks the views against readers, in the transaction that is open. Before a table is locked: whoever reads a view goes from it to its tables. */
export async function lockViews(client: ClientBase, patienceMs = defaultPatienceMs): Promise<void> {
  await client.query(lockViewsSql(patienceMs));
}
