import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ClientBase } from 'pg';
import { lockNotAvailable, lockSql, withHolders } from '../postgres/index.js';
import { messageOf, RulesError, sqlState } from './errors.js';
import { loadRules } from './header.js';
import { literal } from './literal.js';
import { notesSql, withNotes } from './noted_views.js';
import { ruleViewsSql } from './rule_views.js';

/**
 * The pieces in the order in which they stand on each other; the rules come after the views, and `functions/judge.sql` after
 * the rules. A file that is not here is not installed: a test compares.
 */
export const pieces: readonly string[] = [
  'functions/text.sql',
  'functions/policy_language.sql',
  'views/current.sql',
  'views/reads.sql',
  'views/organizations.sql',
  'views/accounts.sql',
  'views/owners.sql',
  'views/services.sql',
  'views/resource_policy_grants.sql',
  'views/resource_policies.sql',
  'views/delegations.sql',
  'views/holders.sql',
  'views/service_regions.sql',
  'views/expected.sql',
  'views/service_answers.sql',
  'views/service_ownership.sql',
  'views/approvals.sql',
  'views/changes.sql',
  'views/guardrail_statements.sql',
  'views/guardrail_classes.sql',
  'views/guardrails.sql',
  'views/service_linked_roles.sql',
  'views/organization_configurations.sql',
  'views/history.sql',
  'functions/history.sql',
  'functions/judge.sql',
];

/**
 * `queries/install.sql`: everything in one transaction, for psql or any other client. Views are replaced, never dropped,
 * so that views of others on top of them stay.
 */
export async function installSql(queriesDir: string): Promise<string> {
  return `-- Generated from queries/functions, queries/views and queries/rules: installs the schema "delegation" for the tables of the current schema
-- (search_path). Run it after a first sync, when a table is new, and after an upgrade; it can be run again at any time.
begin;

${(await installBody(queriesDir)).sql}
commit;
`;
}

/** The opposite. Fails, and changes nothing, where somebody else's view stands on one of ours. */
export function uninstallSql(): string {
  return `-- Generated from src/rules/install.ts: removes the schema "delegation", its results and its history.
-- Synced tables stay, and so do results of other packs.
begin;

${uninstallBody}
do $results$
begin
    if pg_catalog.to_regclass('aws_policy_results') is not null then
        delete from aws_policy_results where framework = 'aws_delegation';
        if not exists (select from aws_policy_results) then
            drop table aws_policy_results;
        end if;
    end if;
    drop table if exists aws_policy_result_changes;
    drop table if exists aws_policy_result_history;
    drop table if exists aws_delegation_history;
    drop table if exists aws_delegation_history_syncs;
    drop table if exists aws_delegation_history_reads;
end
$results$;

commit;
`;
}

interface Piece {
  readonly name: string;
  readonly sql: string;
}

async function readPieces(queriesDir: string): Promise<Piece[]> {
  const read = async (name: string): Promise<Piece> => ({
    name,
    sql: withNotes(await readFile(join(queriesDir, name), 'utf8')),
  });
  const all = await Promise.all(pieces.map(read));
  const notes = { name: 'notes', sql: notesSql };
  const rules = { name: 'rules', sql: ruleViewsSql(await loadRules(queriesDir)) };
  return all.flatMap((piece) => (piece.name === 'functions/judge.sql' ? [notes, rules, piece] : [piece]));
}

// Of the advisory lock: two installations at once would stumble over each other.
const installKey = `hashtext('delegation.install')::bigint`;
const defaultPatienceMs = 60_000;

/**
 * Nobody reads the views while they are replaced, and a reader that keeps its transaction open stops that. LOCK TABLE would lock
 * the tables below, too; dropping a default that is not there locks the view, and changes nothing.
 */
function lockViewsSql(patienceMs: number): string {
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

/**
 * What the views are now, and what they are bound to: the stored trees of the views, the functions, and the columns of the
 * tables. Where nothing of that changed since the installation, nothing has to be installed, and no reader to wait.
 */
const stateSql = `select md5(concat(current_schema(), E'\\n', string_agg(part, E'\\n' order by part collate "C"))) as state
from (
    select format('view %s %s', pg_class.relname, md5(pg_rewrite.ev_action::text)) as part
    from pg_catalog.pg_rewrite
    join pg_catalog.pg_class on pg_class.oid = pg_rewrite.ev_class
    where pg_class.relnamespace = 'delegation'::regnamespace and pg_class.relname <> 'pack'
    union all
    select format('function %s %s %s %s %s', pg_proc.proname, pg_proc.proargtypes, pg_proc.proconfig, pg_proc.provolatile, md5(pg_proc.prosrc))
    from pg_catalog.pg_proc
    where pg_proc.pronamespace = 'delegation'::regnamespace
    union all
    select format('column %s %s %s %s', pg_class.relname, pg_attribute.attname, pg_attribute.atttypid, pg_attribute.atttypmod)
    from pg_catalog.pg_class
    join pg_catalog.pg_attribute on pg_attribute.attrelid = pg_class.oid and pg_attribute.attnum > 0 and not pg_attribute.attisdropped
    where pg_class.relnamespace = pg_catalog.to_regnamespace(quote_ident(current_schema()))
        and pg_class.relname in (select pack_columns.table_name from delegation.pack_columns)
) as parts`;

interface Install {
  readonly sql: string;
  /** Of what {@link sql} installs. */
  readonly fingerprint: string;
}

async function installBody(queriesDir: string): Promise<Install> {
  const sql = await installedBody(queriesDir);
  const fingerprint = createHash('sha256').update(sql).digest('hex').slice(0, 32);
  // Last: it tells what has become of all the others.
  const pack = `-- By what the next installation sees that it has nothing to do.
do $pack$
declare
    live_state text;
begin
    execute ${literal(stateSql)} into live_state;
    execute format(${literal(packView('%L', '%L', '%L'))}, ${literal(await packVersion(queriesDir))}, current_schema(), ${literal(`${fingerprint} `)} || live_state);
end
$pack$;
comment on column delegation.pack.fingerprint is 'Of what was installed, and of the tables to which it was bound.';
`;
  return { sql: `${sql}\n${pack}`, fingerprint };
}

function packView(version: string, schema: string, fingerprint: string): string {
  return `create or replace view delegation.pack (pack_version, live_schema, fingerprint) as select ${version}::text, ${schema}::text, ${fingerprint}::text`;
}

async function installedBody(queriesDir: string): Promise<string> {
  const version = await packVersion(queriesDir);
  const bodies = await readPieces(queriesDir);
  return `set local client_min_messages = warning;
${lockViewsSql(defaultPatienceMs)};

do $schema$
begin
    -- "if not exists" asks for the right to create schemas even where there is nothing to create.
    if pg_catalog.to_regnamespace('delegation') is null then
        create schema delegation;
        comment on schema delegation is 'Views and functions of aws-delegation: who holds which power in an AWS organization.';
    end if;
end
$schema$;

do $pack$
begin
    execute format(${literal(packView('%L', '%L', "''"))}, ${literal(version)}, current_schema());
end
$pack$;
comment on view delegation.pack is 'What is installed here.';
comment on column delegation.pack.pack_version is 'Version of the views and rules.';
comment on column delegation.pack.live_schema is 'Schema of the synced tables to which the views are bound.';

${bodies.map(({ name, sql }) => `-- ${name}\n${sql.trim()}\n`).join('\n')}`;
}

/**
 * Everything in the schema, of whatever version, without CASCADE: what somebody built on it in another schema stops it. The
 * newest go first, because what stands on others came after them; what does not go yet is tried again.
 */
const uninstallBody = `set local client_min_messages = warning;
do $uninstall$
declare
    object text;
    has_dropped boolean;
    is_left boolean;
    message text;
    detail text;
    foreign_message text;
    foreign_detail text;
begin
    perform pg_advisory_xact_lock(hashtext('delegation.install'));
    loop
        has_dropped := false;
        is_left := false;
        for object in
            select objects.object
            from (
                select pg_class.oid, format('view delegation.%I', pg_class.relname) as object
                from pg_catalog.pg_class
                where pg_class.relnamespace = pg_catalog.to_regnamespace('delegation') and pg_class.relkind = 'v'
                union all
                select pg_proc.oid, format('function %s', pg_proc.oid::pg_catalog.regprocedure)
                from pg_catalog.pg_proc
                where pg_proc.pronamespace = pg_catalog.to_regnamespace('delegation')
            ) as objects
            order by objects.oid desc
        loop
            begin
                execute 'drop ' || object;
                has_dropped := true;
            exception when dependent_objects_still_exist then
                is_left := true;
                get stacked diagnostics message = message_text, detail = pg_exception_detail;
                if foreign_detail is null and regexp_replace(detail, '^(view|function) delegation[.].*$', '', 'gn') ~ '[a-z]' then
                    foreign_message := message;
                    foreign_detail := detail;
                end if;
            end;
        end loop;
        exit when not is_left;
        if not has_dropped then
            raise exception using errcode = 'dependent_objects_still_exist', message = coalesce(foreign_message, message), detail = coalesce(foreign_detail, detail);
        end if;
    end loop;
    -- Who may not make it again leaves it, empty and with the rights on it.
    if pg_catalog.has_database_privilege(pg_catalog.current_database(), 'create') then
        drop schema if exists delegation;
    end if;
end
$uninstall$;
`;

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

/** Locks the views against readers, in the transaction that is open. Before a table is locked: whoever reads a view goes from it to its tables. */
export async function lockViews(client: ClientBase, patienceMs = defaultPatienceMs): Promise<void> {
  await client.query(lockViewsSql(patienceMs));
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

/** The version in package.json beside the queries: pack and plugin come together. */
export async function packVersion(queriesDir: string): Promise<string> {
  const path = join(dirname(queriesDir), 'package.json');
  const { version } = JSON.parse(await readFile(path, 'utf8')) as { version?: unknown };
  if (typeof version !== 'string') throw new RulesError(`Reading the version of the views: ${path} has none.`);
  return version;
}
