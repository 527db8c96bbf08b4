import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from 'pg';
import { expect, test } from 'vitest';
import { services } from '../../src/catalog/index.js';
import { loadReportInput, loadRules, runRules } from '../../src/rules/index.js';
import { textReport } from '../../src/report/index.js';
import { flatten } from '../../src/schema/index.js';
import { tables } from '../../tables/index.js';
import { close, here, organization, queriesDir, type Organization } from './database.js';

// Not in every run: PERFORMANCE=1 npx vitest run test/rules/performance.test.ts --disable-console-intercept
const sizes = [5_000, 50_000];

test.runIf(process.env['PERFORMANCE'] !== undefined)(
  `${sizes.join(' and ')} accounts, 2,000 organizational units, 1,000 SCPs, 33 Regions`,
  async () => {
    const columns = new Map<string, string[]>();
    const note = (what: string, value: string): void => void columns.set(what, [...(columns.get(what) ?? []), value]);
    for (const size of sizes) {
      const given = await ofSize(size);
      const { client } = given;
      const time = async <Value>(what: string, work: () => Promise<Value>): Promise<Value> => {
        const start = performance.now();
        const value = await work();
        note(what, `${((performance.now() - start) / 1000).toFixed(2)} s`);
        return value;
      };
      for (const { id } of await loadRules(queriesDir)) {
        const { rows } = await time(id, () =>
          client.query<{ count: string }>('select count(*) from delegation.judge($1)', [[id]]),
        );
        note(`${id}: rows`, rows[0]?.count ?? '');
      }
      note('most memory of the server process', await peakMemory(client));
      await time('all rules, in SQL', () => client.query('select count(*) from delegation.judge(null)'));
      await client.query('begin');
      await time('all rules, in a run before it writes', () => client.query(rulesOfARun));
      await client.query('rollback');
      const run = await time('all rules, written and read', () => runRules(client, { queriesDir }));
      note('verdicts', String(run.all.length));
      await time('the same again', () => runRules(client, { queriesDir }));
      await client.query('vacuum full aws_policy_results');
      const { rows: stored } = await client.query<{ results: string; changes: string }>(
        `select pg_size_pretty(pg_total_relation_size('aws_policy_results')) as results,
          pg_size_pretty(pg_total_relation_size('aws_policy_result_changes')) as changes`,
      );
      note('aws_policy_results', stored[0]?.results ?? '');
      note('aws_policy_result_changes', stored[0]?.changes ?? '');
      const input = await time('who holds what', () => loadReportInput(client, run));
      await time('text', () => Promise.resolve(textReport(input, { width: 120, color: false })));
      // As people ask them: the rules bring planner settings of their own, and install.sql analyzes.
      await client.query('analyze');
      for (const view of [
        'delegations',
        'holders',
        'service_regions',
        'resource_policy_grants',
        'account_guardrails',
      ]) {
        await time(`delegation.${view}`, () => client.query(`select count(*) from delegation.${view}`));
      }
      await time('delegation.guardrails of one account', () =>
        client.query(`select * from delegation.guardrails where account_id = '200000000007'`),
      );
      expect(run.all.length).toBeGreaterThan(size);
      await close(given);
    }
    const lines = [...columns].map(
      ([what, values]) => `${what.padEnd(60)} ${values.map((value) => value.padStart(12)).join(' ')}`,
    );
    console.info([`${''.padEnd(60)} ${sizes.map((size) => String(size).padStart(12)).join(' ')}`, ...lines].join('\n'));
  },
  1_200_000,
);

/** What `keep_results` does before it writes: what the rules stand on, and the rules. */
const rulesOfARun = `
do $$
declare
    noted record;
begin
    set local jit = off;
    set local enable_nestloop = off;
    set local enable_mergejoin = off;
    set local work_mem = '64MB';
    for noted in select view_name, kept_for from delegation.noted_views order by position loop
        if noted.kept_for is null then
            perform delegation.note_view(noted.view_name);
        else
            execute format('create temporary table %I on commit drop as select live.* from delegation.%I as live', 'aws_delegation_' || noted.view_name, 'live_' || noted.view_name);
        end if;
    end loop;
    perform count(*) from delegation.judge(null);
end
$$`;

async function ofSize(accounts: number): Promise<Organization> {
  const sql = await readFile(join(here, 'performance.sql'), 'utf8');
  const given = await organization('', { finish: false });
  await given.client.query(`select set_config('fixture.account_count', '${accounts}', false)`);
  await given.client.query(sql.replace('{catalogue}', () => catalogueSql()));
  await given.client.query('select fixture.finish()');
  return given;
}

/** The real catalogue, asked in every Region. */
function catalogueSql(): string {
  const table = flatten(tables).find(({ name }) => name === 'aws_delegation_services');
  const rows = services.map((service) => ({
    _cq_sync_time: '2026-11-01 12:00:00',
    _cq_source_name: 'prod',
    account_id: '111111111111',
    ...Object.fromEntries(
      (table?.columns ?? [])
        .filter(({ member }) => member in service)
        .map(({ name, member }) => [name, (service as unknown as Record<string, unknown>)[member]]),
    ),
    service_regions: null,
  }));
  const json = JSON.stringify(rows).replaceAll("'", "''");
  return `insert into aws_delegation_services select (jsonb_populate_record(null::aws_delegation_services, entry || jsonb_build_object('_cq_id', gen_random_uuid()))).* from jsonb_array_elements('${json}'::jsonb) as entry`;
}

/** The most that the server process of this connection ever held, shared buffers included; where /proc is there. */
async function peakMemory(client: Client): Promise<string> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  try {
    const status = await readFile(`/proc/${String(rows[0]?.pid)}/status`, 'utf8');
    const [, kilobytes = '0'] = /VmHWM:\s*(\d+)/.exec(status) ?? [];
    return `${Math.round(Number(kilobytes) / 1024)} MB`;
  } catch {
    return 'not known';
  }
}
