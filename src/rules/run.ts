import type { ClientBase } from 'pg';
import { lockNotAvailable, withHolders } from '../postgres/index.js';
import { messageOf, RulesError, sqlState } from './errors.js';
import { loadRules, type Rule } from './header.js';
import { packVersion } from './pack.js';
import { fillRemediation, type RemediationService } from './remediation.js';
import type { RawStatus, RuleResult, Status, UnknownCause, WaiverState } from './results.js';
import { settingsForManyAccounts } from './settings.js';

export interface RunOptions {
  readonly queriesDir: string;
  /** Ids of the rules to run; all where it is left out. */
  readonly rules?: readonly string[];
  /** Statuses to give back. All are run and written all the same. */
  readonly only?: readonly Status[];
  /** False for a user who may only read: nothing is written to aws_policy_results. */
  readonly write?: boolean;
  /** For how long somebody else may be in the way, such as another run; ten minutes by default. */
  readonly lockPatienceMs?: number;
  /** Called after the verdicts, for whoever reads more of the same snapshot. */
  readonly onSnapshot?: () => Promise<void>;
}

const defaultPatienceMs = 600_000;

export interface Run {
  readonly results: readonly RuleResult[];
  /** What {@link RunOptions.only} left out is in here too: exit code and counts come from all of them. */
  readonly all: readonly RuleResult[];
  readonly waivers: readonly WaiverState[];
  readonly rules: readonly Rule[];
  readonly executionTime: Date;
  readonly packVersion: string;
}

/**
 * Runs the rules on what is synced, all on one snapshot, and keeps their results in aws_policy_results. The views have to
 * be installed; `client` must not be in a transaction.
 */
export async function runRules(client: ClientBase, options: RunOptions): Promise<Run> {
  const { write = true, lockPatienceMs = defaultPatienceMs } = options;
  await client.query(`set lock_timeout = ${lockPatienceMs}`);
  try {
    return await runInTurn(client, options, write);
  } catch (error) {
    throw sqlState(error) === lockNotAvailable ? await blocked(client, error) : error;
  } finally {
    await client.query('reset lock_timeout').catch(() => undefined);
  }
}

async function blocked(client: ClientBase, error: unknown): Promise<RulesError> {
  const cause = error instanceof RulesError ? error.cause : error;
  const told = await withHolders(cause, client, resultsLock);
  const { hint = 'See pg_stat_activity for a transaction that was left open.' } = told as { hint?: string };
  return new RulesError(
    `Running the rules: ${messageOf(told)}. No result was written. ${hint} Then run the check again.`,
    { cause, code: lockNotAvailable },
  );
}

async function runInTurn(client: ClientBase, options: RunOptions, write: boolean): Promise<Run> {
  // Before the snapshot is taken: a run that waits for another has to see what that has written.
  if (write) await client.query(`select pg_advisory_lock(${resultsLock})`);
  try {
    await client.query(`begin transaction isolation level repeatable read ${write ? '' : 'read only'}`);
    const run = await judge(client, options);
    await options.onSnapshot?.();
    await client.query('commit');
    return run;
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    if (write) await client.query(`select pg_advisory_unlock(${resultsLock})`);
  }
}

/** As in queries/check.sql. */
const resultsLock = "hashtext('delegation.results')::bigint";

/** {@link runRules} in the transaction that is open. */
export async function judge(client: ClientBase, options: RunOptions): Promise<Run> {
  const { queriesDir, only, write = true } = options;
  const rules = await loadRules(queriesDir, options.rules);
  const version = await packVersion(queriesDir);
  await checkInstalled(client, version);
  await client.query(settingsForManyAccounts);
  const executionTime = (await client.query<{ now: Date }>('select now() as now')).rows[0]?.now ?? new Date();
  const rows = await verdicts(client, write ? 'keep_results' : 'judge', options.rules);
  const services = await catalogue(client);
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  const all = rows.map((row) => resultOf(row, byId, services));
  return {
    results: only ? all.filter(({ status }) => only.includes(status)) : all,
    all,
    waivers: await waiverStates(client, rows, options.rules),
    rules,
    executionTime,
    packVersion: version,
  };
}

async function checkInstalled(client: ClientBase, version: string): Promise<void> {
  const { rows: found } = await client.query<{ is_there: boolean }>(
    `select to_regclass('delegation.pack') is not null as is_there`,
  );
  const install = 'Install them: `aws-delegation check` without --no-install, or psql -f queries/install.sql.';
  if (found[0]?.is_there !== true) {
    throw new RulesError(
      `Running the rules: the views (schema "delegation") are not installed in this database. ${install}`,
    );
  }
  const { rows } = await client.query<{ pack_version: string; live_schema: string; current_schema: string | null }>(
    'select pack.pack_version, pack.live_schema, current_schema() as current_schema from delegation.pack',
  );
  const [pack] = rows;
  if (pack && pack.live_schema !== pack.current_schema) {
    throw new RulesError(
      `Running the rules: the views are bound to the tables of schema "${pack.live_schema}", and this connection's current schema is ` +
        `"${pack.current_schema ?? 'none'}". Connect with search_path=${pack.live_schema}, or install the views for the other schema. ${install}`,
    );
  }
  if (pack && pack.pack_version !== version) {
    throw new RulesError(
      `Running the rules: the installed views and rules are of version ${pack.pack_version}, and this is version ${version}. ${install}`,
    );
  }
}

/** By ID of the catalogue. Two organizations have the same catalogue, unless one was synced by another version. */
async function catalogue(client: ClientBase): Promise<Map<string, RemediationService>> {
  const { rows } = await client.query<RemediationService & { serviceId: string }>(
    `select distinct on (service_id)
      service_id as "serviceId",
      group_name as "groupName",
      register_command as "registerCommand",
      deregister_command as "deregisterCommand"
    from delegation.services
    order by service_id`,
  );
  return new Map(rows.map(({ serviceId, ...service }) => [serviceId, service]));
}

/** A row of `delegation.judge`, which has seen to it that each is a verdict. */
interface Row {
  check_id: string;
  organization_id: string | null;
  account_id: string | null;
  region: string | null;
  resource_id: string;
  status: Status;
  raw_status: RawStatus;
  reason: string;
  unknown_cause: UnknownCause | null;
  waiver: string | null;
  waiver_ids: string[];
}

async function verdicts(
  client: ClientBase,
  call: 'judge' | 'keep_results',
  wanted: readonly string[] | undefined,
): Promise<Row[]> {
  try {
    const { rows } = await client.query<Row>(
      `select * from delegation.${call}($1) order by check_id collate "C", organization_id, resource_id collate "C", account_id, region`,
      [wanted ?? null],
    );
    return rows;
  } catch (error) {
    const state = sqlState(error);
    const { hint } = error as { hint?: string };
    // undefined_table, undefined_column, undefined_function, invalid_schema_name
    const isViews = ['42P01', '42703', '42883', '3F000'].includes(state ?? '');
    throw new RulesError(
      `Running the rules: PostgreSQL said: ${messageOf(error)}${state === undefined ? '' : ` (SQLSTATE ${state})`}. ` +
        (isViews
          ? 'The installed views are of another version: install them again (`aws-delegation check`, or psql -f queries/install.sql).'
          : (hint ?? whatToDo(state))),
      { cause: error, code: state },
    );
  }
}

function whatToDo(state: string | undefined): string {
  // insufficient_privilege
  if (state === '42501') {
    return 'No result was written. Run `check --no-install` as a user who may only read, or let the owner of aws_policy_results run it.';
  }
  return 'No result was written. Please report it with this message.';
}

async function waiverStates(
  client: ClientBase,
  rows: readonly Row[],
  wanted: readonly string[] | undefined,
): Promise<WaiverState[]> {
  const covering = [...new Set(rows.flatMap(({ waiver_ids }) => waiver_ids))];
  const { rows: waivers } = await client.query<WaiverState>(
    `select
      organization_id as "organizationId",
      rule,
      resource,
      account_id as "accountId",
      region,
      reason,
      owner,
      ticket,
      approved_by as "approvedBy",
      to_char(expires, 'YYYY-MM-DD') as expires,
      state
    from delegation.waiver_states($1)`,
    [covering],
  );
  // A waiver of rules that were not run has had nothing to cover.
  return wanted ? waivers.filter(({ state }) => state !== 'unused') : waivers;
}

function resultOf(
  row: Row,
  rules: ReadonlyMap<string, Rule>,
  services: ReadonlyMap<string, RemediationService>,
): RuleResult {
  const rule = rules.get(row.check_id);
  if (!rule) throw new RulesError(`Running the rules: there are verdicts of ${row.check_id}, which is no rule here.`);
  const place = {
    organizationId: row.organization_id,
    accountId: row.account_id,
    region: row.region,
    resourceId: row.resource_id,
  };
  return {
    rule,
    ...place,
    status: row.status,
    rawStatus: row.raw_status,
    reason: row.reason,
    unknownCause: row.unknown_cause,
    waiver: row.waiver,
    remediation: row.raw_status === 'fail' ? fillRemediation(rule.remediation, place, services) : null,
  };
}
