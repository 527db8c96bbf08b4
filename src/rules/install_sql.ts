import { createHash } from 'node:crypto';
import { literal } from './literal.js';
import { packVersion, readPieces } from './pack.js';
import { defaultPatienceMs, lockViewsSql } from './view_locks.js';

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

/**
 * What the views are now, and what they are bound to: the stored trees of the views, the functions, and the columns of the
 * tables. Where nothing of that changed since the installation, nothing has to be installed, and no reader to wait.
 */
export const stateSql = `select md5(concat(current_schema(), E'\\n', string_agg(part, E'\\n' order by part collate "C"))) as state
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

export async function installBody(queriesDir: string): Promise<Install> {
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
