import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ClientBase } from 'pg';
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

${await installBody(queriesDir)}
commit;
`;
}

/** The opposite. Fails, and changes nothing, where somebody else's view stands on one of ours. */
export function uninstallSql(): string {
  return `-- Generated from src/rules/install.ts: removes the schema "delegation" and its results.
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

async function installBody(queriesDir: string): Promise<string> {
  const version = await packVersion(queriesDir);
  const bodies = await readPieces(queriesDir);
  return `set local client_min_messages = warning;
-- Two at once would stumble over each other.
do $lock$ begin perform pg_advisory_xact_lock(hashtext('delegation.install')); end $lock$;

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
    execute format('create or replace view delegation.pack (pack_version, live_schema) as select %L::text, %L::text', ${literal(version)}, current_schema());
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
 * Installs the views, in the transaction that is open, or in one of its own. Views of an older version whose columns were
 * others are removed first, unless somebody built on them.
 */
export async function installViews(client: ClientBase, queriesDir: string): Promise<void> {
  const isOwn = await openSavepoint(client);
  const rollback = isOwn ? 'rollback' : 'rollback to savepoint delegation_install';
  const body = await installBody(queriesDir);
  try {
    try {
      await client.query(body);
    } catch (error) {
      if (!isOtherShape(error)) throw error;
      await client.query(isOwn ? 'rollback; begin' : rollback);
      await client.query(uninstallBody);
      await client.query(body);
    }
    await client.query(isOwn ? 'commit' : 'release savepoint delegation_install');
  } catch (error) {
    await client.query(rollback);
    throw new RulesError(explain(error), { cause: error });
  }
}

/** Removes what {@link installViews} made, in the transaction that is open, or in one of its own. */
export async function uninstallViews(client: ClientBase): Promise<void> {
  const isOwn = await openSavepoint(client);
  try {
    await client.query(uninstallBody);
    await client.query(isOwn ? 'commit' : 'release savepoint delegation_install');
  } catch (error) {
    await client.query(isOwn ? 'rollback' : 'rollback to savepoint delegation_install');
    throw new RulesError(explain(error, 'Removing'), { cause: error });
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
