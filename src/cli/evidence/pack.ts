import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClientBase } from 'pg';
import { loadRules, type Rule } from '../../rules/index.js';
import { RunError } from '../errors.js';
import { queriesDirectory } from '../package.js';

export async function packOf(client: ClientBase): Promise<{ pack_version: string; live_schema: string }> {
  const { rows: found } = await client.query<{ is_there: boolean }>(
    `select to_regclass('delegation.pack') is not null and to_regclass('delegation.rules') is not null as is_there`,
  );
  const [pack] =
    found[0]?.is_there === true
      ? (
          await client.query<{ pack_version: string; live_schema: string; current: string | null }>(
            'select pack_version, live_schema, current_schema() as current from delegation.pack',
          )
        ).rows
      : [];
  const what = 'Collecting the evidence: ';
  if (!pack)
    throw new RunError(
      `${what}the views (schema "delegation") are not in this database. Sync into it and run \`aws-delegation check\`, then run this again.`,
    );
  if (pack.live_schema !== pack.current)
    throw new RunError(
      `${what}the views are bound to the tables of schema "${pack.live_schema}", and this connection's current schema is "${pack.current ?? 'none'}". Connect with search_path=${pack.live_schema}.`,
    );
  return pack;
}

export interface RuleRow extends Omit<Rule, 'id' | 'file' | 'sql'> {
  readonly check_id: string;
}

export async function rulesOf(client: ClientBase): Promise<RuleRow[]> {
  const { rows } = await client.query<RuleRow>(
    'select check_id, title, severity, frameworks, reads, why, decides, unknown, remediation, source from delegation.rules order by check_id collate "C"',
  );
  // They become names of folders.
  const wrong = rows.find(({ check_id }) => !/^[a-z][a-z0-9_]*$/.test(check_id));
  if (wrong)
    throw new RunError(`Collecting the evidence: delegation.rules has "${wrong.check_id}", which is no ID of a rule.`);
  return rows;
}

export async function ourRules(): Promise<Map<string, string>> {
  const rules = await loadRules(queriesDirectory);
  const texts = await Promise.all(
    rules.map(({ id }) => readFile(join(queriesDirectory, 'rules', `${id}.sql`), 'utf8')),
  );
  return new Map(rules.map(({ id }, index) => [id, texts[index] ?? '']));
}

export async function installedRules(client: ClientBase): Promise<Map<string, string>> {
  const { rows } = await client.query<{ check_id: string; sql: string | null }>(
    `select check_id, pg_get_viewdef(to_regclass(format('delegation.%I', 'rule_' || check_id))) as sql from delegation.rules`,
  );
  return new Map(
    rows.map(({ check_id, sql }) => [
      check_id,
      `-- As the database has it: delegation.rule_${check_id}\n${sql ?? '-- there is no such view'}\n`,
    ]),
  );
}

/** Views and functions of the schema by name: to be read, because none can be told to come before another. */
export async function installedSql(client: ClientBase): Promise<string> {
  const { rows } = await client.query<{ definition: string }>(
    `select format(E'-- view delegation.%I\\n%s', relname, pg_get_viewdef(oid)) as definition
    from pg_catalog.pg_class
    where relnamespace = 'delegation'::regnamespace and relkind = 'v'
    union all
    select format(E'-- function delegation.%I\\n%s', proname, pg_get_functiondef(oid))
    from pg_catalog.pg_proc
    where pronamespace = 'delegation'::regnamespace and prokind = 'f'
    order by 1`,
  );
  return rows
    .map(({ definition }) => `${definition}\n`)
    .sort()
    .join('\n');
}
