import type { ClientBase } from 'pg';
import { lockNotAvailable, lockSql, withHolders } from '../postgres/index.js';
import { messageOf, RulesError, sqlState } from './errors.js';
import { installBody, stateSql } from './install_sql.js';
import { literal } from './literal.js';
import { uninstallBody } from './uninstall_sql.js';
import { defaultPatienceMs, installKey, lockViewsSql } from './view_locks.js';

/**
 * Installs the views, in the transaction that is open, or in one of its own. Nothing is done, and no lock is taken, where they
 * are as this version installs them and the tables are as they were then. Views of an older version whose columns were others
 * are removed first, unless somebody built on them.
 *
 * @throws RulesError with the code 55P03 where somebody kept a lock on a view: the open transaction can go on without the views.
 */
export async function installViews(
  client: ClientBase,
  queriesDir: string,
  { lockPatienceMs = defaultPatienceMs }: { lockPatienceMs?: number } = {},
): Promise<void> {
  const { sql, fingerprint } = await installBody(queriesDir);
  const isOwn = await openSavepoint(client);
  const rollback = isOwn ? 'rollback' : 'rollback to savepoint delegation_install';
  // A table that somebody has locked must not keep the locks on the views for long.
  const restart = `${isOwn ? 'rollback; begin' : rollback}; set local lock_timeout = '5s'`;
  const lockTimeout = (await client.query<{ lock_timeout: string }>('show lock_timeout')).rows[0]?.lock_timeout ?? '0';
  try {
    if (!(await isInstalled(client, fingerprint))) {
      // Without the locks of the look: two that keep those would wait for each other.
      await client.query(restart);
      await client.query(lockSql({ advisory: installKey, patienceMs: lockPatienceMs }));
      // Perhaps by the one who was waited for.
      if (!(await isInstalled(client, fingerprint))) {
        await client.query(lockViewsSql(lockPatienceMs));
        await replace();
      }
      await client.query(`set local lock_timeout = ${literal(lockTimeout)}`);
    }
    await client.query(isOwn ? 'commit' : 'release savepoint delegation_install');
  } catch (error) {
    await client.query(rollback);
    throw new RulesError(explain(await withHolders(error, client)), { cause: error, code: sqlState(error) });
  }

  async function replace(): Promise<void> {
    try {
      await client.query(sql);
    } catch (error) {
      if (!isOtherShape(error)) throw error;
      await client.query(restart);
      await client.query(lockViewsSql(lockPatienceMs));
      await client.query(uninstallBody);
      await client.query(sql);
    }
  }
}

/** Whether the views are as this version installs them, and nobody has changed one since. Reads only. */
export async function areViewsOfThisVersion(client: ClientBase, queriesDir: string): Promise<boolean> {
  return isInstalled(client, (await installBody(queriesDir)).fingerprint);
}

async function isInstalled(client: ClientBase, fingerprint: string): Promise<boolean> {
  const { rows: found } = await client.query<{ is_there: boolean }>(
    `select count(*) = 2 as is_there
      from pg_catalog.pg_attribute
      where (attrelid, attname) in ((to_regclass('delegation.pack'), 'fingerprint'), (to_regclass('delegation.pack_columns'), 'table_name'))`,
  );
  if (found[0]?.is_there !== true) return false;
  const { rows } = await client.query<{ is_same: boolean }>(
    `select pack.fingerprint = $1 || live.state as is_same from delegation.pack cross join (${stateSql}) as live`,
    [`${fingerprint} `],
  );
  return rows[0]?.is_same === true;
}

/** Removes what {@link installViews} made, in the transaction that is open, or in one of its own. */
export async function uninstallViews(client: ClientBase): Promise<void> {
  const isOwn = await openSavepoint(client);
  try {
    await client.query(uninstallBody);
    await client.query(isOwn ? 'commit' : 'release savepoint delegation_install');
  } catch (error) {
    await client.query(isOwn ? 'rollback' : 'rollback to savepoint delegation_install');
    throw new RulesError(explain(error, 'Removing'), { cause: error, code: sqlState(error) });
  }
}

/** True where there was no transaction, and one was opened. */
async function openSavepoint(client: ClientBase): Promise<boolean> {
  try {
    await client.query('savepoint delegation_install');
    return false;
  } catch (error) {
    // no_active_sql_transaction
    if (sqlState(error) !== '25P01') throw error;
    await client.query('begin');
    return true;
  }
}

// invalid_table_definition, invalid_function_definition: a column or a result was renamed, moved or got another type.
function isOtherShape(error: unknown): boolean {
  return ['42P16', '42P13'].includes(sqlState(error) ?? '');
}

function explain(error: unknown, doing: 'Installing' | 'Removing' = 'Installing'): string {
  const { detail, hint } = error as { detail?: string; hint?: string };
  const said = [messageOf(error), detail, hint].filter((part) => part !== undefined && part !== '').join(' ');
  switch (sqlState(error)) {
    case '2BP01': // dependent_objects_still_exist
      return (
        `${doing} the views in schema "delegation": ${doing === 'Installing' ? 'views of an older version' : 'they'} have to go, and ` +
        `something of yours stands on them: ${said} Nothing was changed. Drop that (and create it again afterwards), and nothing else ` +
        'needs to change.'
      );
    case lockNotAvailable:
      return (
        `${doing} the views in schema "delegation": ${messageOf(error)}. They are as they were. ${hint ?? ''} Whoever reads them has to end the ` +
        'transaction first; then run this again, or `aws-delegation check`.'
      );
    case '42501': // insufficient_privilege
      return (
        `${doing} the views in schema "delegation": this database user may not (${said}). Install them once as the owner of the ` +
        'database or of the schema (psql -f queries/install.sql), and run `check --no-install` as this user.'
      );
    default:
      return (
        `${doing} the views in schema "delegation" failed, and nothing was changed: ${said} If it happens again, remove the views ` +
        'with queries/uninstall.sql and install them again; synced rows are not touched by that.'
      );
  }
}
