import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClientBase } from 'pg';
import { messageOf, RulesError, sqlState } from './errors.js';
import { parseRule, type Rule } from './header.js';
import { packVersion } from './install.js';
import {
  rawStatuses,
  unknownCauses,
  type RawStatus,
  type RuleResult,
  type Status,
  type UnknownCause,
} from './results.js';
import { writeResults } from './results_table.js';
import { settingsForManyAccounts } from './settings.js';

export interface RunOptions {
  readonly queriesDir: string;
  /** Ids of the rules to run; all where it is left out. */
  readonly rules?: readonly string[];
  /** Statuses to give back. All are run and written all the same. */
  readonly only?: readonly Status[];
  /** False for a user who may only read: nothing is written to aws_policy_results. */
  readonly write?: boolean;
}

export interface Run {
  readonly results: readonly RuleResult[];
  /** What {@link RunOptions.only} left out is in here too: exit code and counts come from all of them. */
  readonly all: readonly RuleResult[];
  readonly rules: readonly Rule[];
  readonly executionTime: Date;
  readonly packVersion: string;
}

/** The rules of the pack, by id. */
export async function loadRules(queriesDir: string, wanted?: readonly string[]): Promise<Rule[]> {
  const folder = join(queriesDir, 'rules');
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort();
  const rules = await Promise.all(
    files.map(async (file) => parseRule(await readFile(join(folder, file), 'utf8'), join('queries', 'rules', file))),
  );
  if (!wanted) return rules;
  const unknown = wanted.filter((id) => !rules.some((rule) => rule.id === id));
  if (unknown.length > 0) {
    throw new RulesError(
      `There is no rule ${unknown.map((id) => `"${id}"`).join(', ')}. There are: ${rules.map(({ id }) => id).join(', ')}.`,
      { exitCode: 3 },
    );
  }
  return rules.filter(({ id }) => wanted.includes(id));
}

/**
 * Runs the rules on what is synced, all on one snapshot, and keeps their results in aws_policy_results. The views have to
 * be installed; `client` must not be in a transaction.
 */
export async function runRules(client: ClientBase, options: RunOptions): Promise<Run> {
  const { queriesDir, only, write = true } = options;
  const rules = await loadRules(queriesDir, options.rules);
  const version = await packVersion(queriesDir);
  await client.query(`begin transaction isolation level repeatable read ${write ? '' : 'read only'}`);
  try {
    await checkInstalled(client);
    await client.query(settingsForManyAccounts);
    const executionTime = (await client.query<{ now: Date }>('select now() as now')).rows[0]?.now ?? new Date();
    const names = await serviceNames(client);
    const all: RuleResult[] = [];
    for (const rule of rules) all.push(...(await runRule(client, rule, names)));
    if (write) {
      await writeResults(client, all, {
        executionTime,
        packVersion: version,
        ...(options.rules && { checkIds: options.rules }),
      });
    }
    await client.query('commit');
    const results = only ? all.filter(({ status }) => only.includes(status)) : all;
    return { results, all, rules, executionTime, packVersion: version };
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}

async function checkInstalled(client: ClientBase): Promise<void> {
  const { rows: found } = await client.query<{ is_there: boolean }>(
    `select to_regclass('delegation.pack') is not null as is_there`,
  );
  const install = 'Install them: `aws-delegation check` without --no-install, or psql -f queries/install.sql.';
  if (found[0]?.is_there !== true) {
    throw new RulesError(
      `Running the rules: the views (schema "delegation") are not installed in this database. ${install}`,
    );
  }
  const { rows } = await client.query<{ live_schema: string; current_schema: string | null }>(
    'select pack.live_schema, current_schema() as current_schema from delegation.pack',
  );
  const [pack] = rows;
  if (pack && pack.live_schema !== pack.current_schema) {
    throw new RulesError(
      `Running the rules: the views are bound to the tables of schema "${pack.live_schema}", and this connection's current schema is ` +
        `"${pack.current_schema ?? 'none'}". Connect with search_path=${pack.live_schema}, or install the views for the other schema. ${install}`,
    );
  }
}

async function serviceNames(client: ClientBase): Promise<Map<string, string>> {
  const { rows } = await client.query<{ service_id: string; group_name: string }>(
    'select distinct on (service_id) service_id, group_name from delegation.services order by service_id',
  );
  return new Map(rows.map(({ service_id, group_name }) => [service_id, group_name]));
}

interface Row {
  organization_id: string | null;
  account_id: string | null;
  region: string | null;
  resource_id: string | null;
  status: string | null;
  reason: string | null;
  unknown_cause: string | null;
}

const columns: readonly (keyof Row)[] = [
  'organization_id',
  'account_id',
  'region',
  'resource_id',
  'status',
  'reason',
  'unknown_cause',
];

async function runRule(client: ClientBase, rule: Rule, names: ReadonlyMap<string, string>): Promise<RuleResult[]> {
  const { rows, fields } = await queryRule(client, rule);
  const given = fields.map(({ name }) => name);
  if (given.join() !== columns.join()) {
    throw broken(rule, `it gives the columns ${given.join(', ')}, and should give ${columns.join(', ')}`);
  }
  if (rows.length === 0) throw broken(rule, 'it gives no row, which would read as "all is well"');
  return rows.map((row) => resultOf(row, rule, names));
}

async function queryRule(client: ClientBase, rule: Rule): Promise<{ rows: Row[]; fields: { name: string }[] }> {
  try {
    return await client.query<Row>(rule.sql);
  } catch (error) {
    const state = sqlState(error);
    const isViews = state === '42P01' || state === '42703' || state === '42883' || state === '3F000';
    throw new RulesError(
      `Running the rule ${rule.id} (${rule.file}): PostgreSQL said: ${messageOf(error)}${state === undefined ? '' : ` (SQLSTATE ${state})`}. ` +
        (isViews
          ? 'The installed views are of another version: install them again (`aws-delegation check`, or psql -f queries/install.sql).'
          : 'No result was written. Please report it with this message.'),
      { cause: error },
    );
  }
}

function resultOf(row: Row, rule: Rule, names: ReadonlyMap<string, string>): RuleResult {
  const where = `for resource ${row.resource_id ?? 'null'}`;
  if (row.resource_id === null) throw broken(rule, 'a row has no resource_id');
  if (!isRawStatus(row.status)) throw broken(rule, `${where} the status is ${row.status ?? 'null'}`);
  if (row.reason === null || row.reason === '') throw broken(rule, `${where} there is no reason`);
  const { unknown_cause: cause } = row;
  if (row.status === 'unknown' ? !isUnknownCause(cause) : cause !== null) {
    throw broken(rule, `${where} the status is ${row.status} and unknown_cause is ${cause ?? 'null'}`);
  }
  return {
    rule,
    organizationId: row.organization_id,
    accountId: row.account_id,
    region: row.region,
    resourceId: row.resource_id,
    status: row.status,
    rawStatus: row.status,
    reason: row.reason,
    unknownCause: cause as UnknownCause | null,
    waiver: null,
    remediation: row.status === 'fail' ? fill(rule.remediation, row, names) : null,
  };
}

function fill(remediation: string, row: Row, names: ReadonlyMap<string, string>): string {
  const values: Readonly<Record<string, string>> = {
    service_id: row.resource_id ?? '',
    service_name: names.get(row.resource_id ?? '') ?? row.resource_id ?? '',
    region: row.region ?? 'every enabled Region',
    account_id: row.account_id ?? '',
    organization_id: row.organization_id ?? '',
  };
  return remediation.replace(/\{(\w+)\}/g, (whole, key: string) => values[key] ?? whole);
}

function isRawStatus(text: string | null): text is RawStatus {
  return (rawStatuses as readonly (string | null)[]).includes(text);
}

function isUnknownCause(text: string | null): text is UnknownCause {
  return (unknownCauses as readonly (string | null)[]).includes(text);
}

function broken(rule: Rule, what: string): RulesError {
  return new RulesError(
    `Running the rule ${rule.id} (${rule.file}): ${what}. The rule is wrong; no result was written. Please report it.`,
  );
}
