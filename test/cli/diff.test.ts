import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PageData } from '../../src/report/page_data.js';
import type { Change, Drift } from '../../src/rules/index.js';
import { queriesDir } from '../rules/database.js';
import { changedWorld, tooling, workload, type ChangedWorld } from '../support/changed_world.js';
import { run, type Ended } from '../support/cli.js';
import { hasPsql } from '../support/machine_postgres.js';
import { freshDatabase } from '../support/postgres.js';

/** A folder without a spec.yml. */
const empty = mkdtempSync(join(tmpdir(), 'diff-'));
let world: ChangedWorld;
beforeAll(async () => {
  world = await changedWorld(queriesDir);
}, 120_000);
afterAll(async () => {
  await world.close();
  rmSync(empty, { recursive: true });
});

const diff = (...args: string[]): Promise<Ended> =>
  run(['diff', '--database', world.database.url, ...args], { cwd: empty });

async function json(...args: string[]): Promise<Drift & { counts: Record<string, number> }> {
  const { stdout, stderr } = await diff(...args, '--format', 'json');
  expect(stderr).toBe('');
  return JSON.parse(stdout) as Drift & { counts: Record<string, number> };
}

const lineOf = ({ kind, serviceId, method, region, accountId, before, after, eventId, actor }: Change): unknown[] => [
  kind,
  serviceId,
  method,
  region,
  accountId,
  before,
  after,
  eventId !== null,
  actor,
];
const ada = 'arn:aws:iam::111122223333:role/Admin (ada)';

describe('what changed between two syncs', () => {
  test('is told by diff, by the function and by the rows of the history alike', async () => {
    const told = await json('--since', '30d');
    const delegations = told.changes.filter(({ kind }) => kind !== 'verdict_changed');
    expect(delegations.map(lineOf)).toEqual([
      ['delegation_added', 'config', 'organizations', null, workload, null, 'config.amazonaws.com', true, ada],
      ['delegation_removed', 'backup', 'organizations', null, workload, 'backup.amazonaws.com', null, true, ada],
      ['holder_moved', 'guardduty', null, null, tooling, '/Security', '/Infrastructure', false, null],
      ['region_lost', 'guardduty', 'service', 'eu-central-1', tooling, 'ENABLED', null, true, ada],
    ]);
    expect(new Set(delegations.map(({ eventTime }) => eventTime))).toEqual(
      new Set([null, world.changedAt.toISOString()]),
    );
    // The Region that could not be asked is not lost, and is told to be open.
    expect(told.unread.map(({ serviceId, region, method }) => [serviceId, region, method])).toEqual([
      ['guardduty', 'eu-west-1', 'service'],
    ]);

    const { rows: drift } = await world.client.query<{ kind: string; at: Date }>(
      `select * from delegation.drift(now() - interval '30 days', null)`,
    );
    expect(drift.map(({ kind, at }) => [kind, at.toISOString()])).toEqual(
      told.changes.map(({ kind, at }) => [kind, at]),
    );
    const { rows: states } = await world.client.query<{ line: string }>(
      `select concat_ws(' ', service_id, method, region, ou_path, began_by, ended_by, case when is_confirmed is false then 'not confirmed' end) as line
       from delegation.delegation_history order by service_id, method, region, valid_from`,
    );
    expect(states.map(({ line }) => line)).toEqual([
      'backup organizations / first_read removed',
      'config organizations / added',
      'guardduty organizations /Security first_read changed',
      'guardduty organizations /Infrastructure changed',
      'guardduty service eu-central-1 /Security first_read removed',
      'guardduty service eu-west-1 /Security first_read changed',
      'guardduty service eu-west-1 /Infrastructure changed not confirmed',
      'guardduty service us-east-1 /Security first_read changed',
      'guardduty service us-east-1 /Infrastructure changed',
    ]);
    const { rows: current } = await world.client.query(`select count(*)::integer as count from delegation.delegations`);
    expect(current).toEqual([
      { count: states.filter(({ line }) => !/removed|first_read changed|not confirmed/.test(line)).length },
    ]);

    // Verdicts: as the table of changes has them.
    const verdicts = told.changes.filter(({ kind }) => kind === 'verdict_changed');
    const { rows: changed } = await world.client.query<{ count: number }>(
      'select count(*)::integer as count from aws_policy_result_changes',
    );
    expect(verdicts).toHaveLength(changed[0]?.count ?? -1);
    expect(
      verdicts.filter(({ ruleId, resourceId }) => ruleId === 'scp_prevents_leaving' && resourceId === workload),
    ).toEqual([
      expect.objectContaining({
        before: 'fail',
        after: 'pass',
        turn: 'better',
        accountName: 'Workload',
        sourceName: 'changing',
      }),
    ]);
  });

  test('is what the report shows', async () => {
    const told = await json('--since', '30d');
    const { stdout } = await run(['report', '--database', world.database.url, '--no-install', '-o', '-'], {
      cwd: empty,
    });
    const packed = /id="data">([^<]+)</.exec(stdout)?.[1] ?? '';
    const data = JSON.parse(gunzipSync(Buffer.from(packed, 'base64')).toString()) as PageData;
    const shown = data.organizations.flatMap(({ drift }) => drift ?? []);
    // The page sums up what differs in its Region or its resource only.
    const summedUp = new Map<string, number>();
    const add = (key: unknown[], count: number): void => {
      summedUp.set(JSON.stringify(key), (summedUp.get(JSON.stringify(key)) ?? 0) + count);
    };
    for (const { kind, at, serviceId, accountId, ruleId, before, after, actor } of told.changes) {
      add([kind, at.slice(0, 19), serviceId, accountId, ruleId, before, after, actor], 1);
    }
    for (const { kind, at, service, account, rule, before, after, actor, count } of shown) {
      add([kind, at.slice(0, 19), service, account, rule, before, after, actor], -count);
    }
    expect(shown.length).toBeGreaterThan(4);
    expect([...summedUp].filter(([, left]) => left !== 0)).toEqual([]);
  });

  test('as text: who gained and who lost what, by whom, and which verdicts changed', async () => {
    const { code, stdout, stderr } = await diff('--since', '20h');
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    const at = `${world.changedAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
    const plain = stdout.replace(/\s+/g, ' ');
    expect(stdout).toMatch(/^What changed after .* and up to .*\n/);
    expect(plain).toMatch(/Organization o-\w+, source changing: the syncs from .* to .* Gained \(1\)/);
    expect(plain).toContain(`333333333333 Workload: AWS Config, named by Organizations: config.amazonaws.com sync of`);
    expect(plain).toContain(
      'Tooling: Amazon GuardDuty, named by the service in eu-central-1 (it keeps others): ENABLED',
    );
    expect(plain).toContain('Tooling (holds Amazon GuardDuty): moved /Security -> /Infrastructure');
    expect(plain).toContain(`by ${ada}, ${at}, event `);
    expect(plain).toContain('Lost (2)');
    expect(plain).toContain('Holders (1)');
    expect(plain).toContain('BETTER scp_prevents_leaving (critical): fail -> pass, run of ');
    expect(plain).toContain('Amazon GuardDuty in eu-west-1, last read');
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(120);
  });

  test('as CSV: the columns of the function, a line per change', async () => {
    const { code, stdout } = await diff('--since', '20h', '--format', 'csv');
    expect(code).toBe(1);
    const lines = stdout.trimEnd().split('\r\n');
    expect(lines[0]).toBe(
      'at,kind,source_name,organization_id,service_id,service_name,method,region,account_id,account_name,rule_id,resource_id,before,after,event_id,event_time,actor,severity,reason',
    );
    expect(lines.filter((line) => line.includes(',region_lost,'))).toHaveLength(1);
    expect(lines.length - 1).toBe((await json('--since', '20h')).changes.length);
  });

  test('as Markdown', async () => {
    const { code, stdout } = await diff('--since', '20h', '--format', 'markdown');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^## aws-delegation: \d+ changes\n/);
    expect(stdout).toContain(
      '- 333333333333 Workload: AWS Config, named by Organizations: config.amazonaws.com; sync of ',
    );
    expect(stdout).toContain('**Lost**');
    expect(stdout).toContain('- better: `scp_prevents_leaving` (critical), fail → pass, run of ');
    expect(stdout).toContain('### What the newest sync could not ask');
  });

  test('ends with 0 where nothing changed, with 2 where that is not known', async () => {
    const midnight = new Date(Date.now() - 2 * 3_600_000).toISOString();
    const quiet = await diff('--since', '20h', '--until', midnight);
    expect(quiet).toEqual({ code: 0, stderr: '', stdout: expect.stringContaining('No change.') as string });
    // Since the newest sync nothing changed, but that could not ask everything.
    const now = await diff('--since', '0h');
    expect(now.code).toBe(2);
    expect(now.stdout).toContain('No change that is known.');
    const early = await diff('--since', '90d', '--until', midnight);
    expect(early.code).toBe(2);
    expect(early.stdout).toMatch(
      /The history of changing begins at \d{4}-.* UTC: what changed before that is\s+not known/,
    );
  });

  test('a sync that is not kept yet is told', async () => {
    await world.client.query('begin');
    await world.client.query(
      `create table away as select * from aws_delegation_history_syncs; delete from aws_delegation_history_syncs where kept_at > now() - interval '1 hour'`,
    );
    await world.client.query('commit');
    const { code, stdout } = await diff('--since', '1h', '--until', new Date().toISOString());
    await world.client.query(
      'truncate aws_delegation_history_syncs; insert into aws_delegation_history_syncs select * from away',
    );
    expect(code).toBe(1);
    expect(stdout.replace(/\s+/g, ' ')).toMatch(
      /The newest sync of changing \(.* UTC\) is not in the history yet: run `aws-delegation check`/,
    );
  });

  test.runIf(hasPsql)('history.sql keeps a sync as check does, and prints what came with it', async () => {
    const psql = async (): Promise<string> => {
      const { stdout } = await promisify(execFile)(
        'psql',
        [world.database.url, '-X', '-f', join(queriesDir, 'history.sql')],
        {
          env: { ...process.env, LC_ALL: 'C.UTF-8' },
        },
      );
      return stdout;
    };
    const read = async (): Promise<unknown[]> =>
      (
        await world.client.query<Record<string, unknown>>(
          'select * from aws_delegation_history order by method, service_id, region, valid_from',
        )
      ).rows;
    const byCheck = await read();
    expect(await psql()).toContain('kept already');
    expect(await read()).toEqual(byCheck);

    // As it was after the first of the two.
    await world.client.query(`
      delete from aws_delegation_history where valid_from > now() - interval '20 hours';
      update aws_delegation_history set valid_to = null, ended_by = null;
      delete from aws_delegation_history_syncs where kept_at > now() - interval '20 hours';
      update aws_delegation_history_reads set last_read = first_read`);
    const printed = await psql();
    expect(printed).toMatch(/changing +\| o-\w+ +\| .* \| kept/);
    expect(printed).toMatch(/delegation_removed +\| AWS Backup/);
    expect(printed).toMatch(/region_lost/);
    expect(printed).toMatch(/Could not be asked[\s\S]*guardduty +\| eu-west-1/);
    expect(await read()).toEqual(byCheck);
  });
});

describe('diff says what is wrong', () => {
  test.each([
    [['--since', 'yesterday'], 3, /Expected a day .* found 'yesterday'/],
    [['--since', '2026-02-31'], 3, /found '2026-02-31'/],
    [['--since', '1d', '--until', '2d'], 3, /--since \(.*\) is after --until/],
    [['--since', '2999-01-01'], 3, /is after now/],
    [[], 3, /required option '--since <time>'/],
    [['--since', '1d', '--format', 'xml'], 3, /Allowed choices are text, json, csv, markdown/],
  ])('%j', async (args, code, message) => {
    const ended = await diff(...args);
    expect(ended).toMatchObject({ code, stdout: '' });
    expect(ended.stderr).toMatch(message);
  });

  test('a database without views, and one without a sync', async () => {
    const bare = await freshDatabase();
    const without = await run(['diff', '--since', '1d', '--database', bare.url], { cwd: empty });
    expect(without).toMatchObject({ code: 4, stdout: '' });
    expect(without.stderr).toMatch(
      /^Comparing two times: this database keeps no history, because the views .* are not installed.* Run `aws-delegation check`/,
    );
    await run(['check', '--database', bare.url], { cwd: empty });
    const nothing = await run(['diff', '--since', '1d', '--database', bare.url], { cwd: empty });
    expect(nothing.code).toBe(2);
    expect(nothing.stdout).toContain('No history is kept yet. Run `aws-delegation check` after each sync');
    await bare.drop();
  });
});
