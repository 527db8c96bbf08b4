// What holds for every rule there is, and for every one to come: on two whole organizations each table is taken away in turn, and nothing
// that was not seen may read as "all is well".
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { judge, loadRules, type Rule, type RuleResult } from '../../src/rules/index.js';
import { flatten } from '../../src/schema/index.js';
import { tables } from '../../tables/index.js';
import { syncedWorld, type World } from '../support/world.js';
import { close, organization, queriesDir } from './database.js';

const names = flatten(tables)
  .map(({ name }) => name)
  .filter((name) => name !== 'aws_delegation_reads');
const operations = new Map(flatten(tables).map(({ name, permissions }) => [name, permissions[0] ?? '']));
const isAsked = (name: string): boolean => operations.get(name) !== '';

const signature = { approved_by: 'Ada', approved_on: '2026-01-15', review_by: '2026-07-15' };
const spec = {
  owners: {
    infosec: { accounts: ['222233334444'] },
    infra_ops: { ous: ['/Infrastructure'] },
    networking: { names: ['Network Hub'] },
    backup: { names: ['Backup'] },
  },
  expectations: { ipam: ['networking', 'infra_ops'] },
  workload_ous: ['/Workloads', '/Sandbox'],
  allowed_regions: ['eu-central-1', 'eu-west-1', 'us-east-1'],
  separation_of_duties: true,
  delegated_admin_role_name: 'OrgAudit',
  approvals: {
    delegations: [
      { service: 'guardduty', account: '222233334444', ...signature },
      { service: 'macie', account: '222233334444', ...signature },
      { service: 'organizations-delegation-policy', account: '222233334444', ...signature },
    ],
  },
};

const rules: readonly Rule[] = await loadRules(queriesDir);
const matches = (table: string, { reads }: Rule): boolean =>
  reads.some((pattern) => new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(table));

const keyOf = ({ organizationId, accountId, region, resourceId }: RuleResult): string =>
  JSON.stringify([organizationId, accountId, region, resourceId]);
/** Without aws_organizations nobody knows which organization it is. */
const placeOf = ({ accountId, region, resourceId }: RuleResult): string =>
  JSON.stringify([accountId, region, resourceId]);
const thingOf = ({ accountId, resourceId }: RuleResult): string => JSON.stringify([accountId, resourceId]);
const toldOf = (rows: readonly RuleResult[]): string[] =>
  rows.map((row) => `${keyOf(row)} ${row.status} ${row.unknownCause ?? ''}`).sort();

type ByRule = ReadonlyMap<string, readonly RuleResult[]>;

const byRule = (all: readonly RuleResult[]): ByRule =>
  new Map(rules.map(({ id }) => [id, all.filter((row) => row.rule.id === id)]));

const kindsOf = (verdicts: ByRule): string[] =>
  [...verdicts].flatMap(([id, rows]) => [
    ...new Set(rows.map(({ status, unknownCause }) => `${id} ${status} ${unknownCause ?? ''}`).sort()),
  ]);

/** What is wrong with the verdicts of a rule where less was read than for `whole`. */
function lies(rows: readonly RuleResult[], whole: readonly RuleResult[]): string[] {
  const failed = new Set(whole.filter(({ status }) => status === 'fail').map(thingOf));
  const judged = new Map(rows.map((row) => [keyOf(row), row.status]));
  const hasUnknown = rows.some(({ status }) => status === 'unknown');
  return [
    ...(rows.length === 0 ? ['it says nothing'] : []),
    ...rows
      .filter((row) => row.status === 'pass' && failed.has(thingOf(row)))
      .map((row) => `a pass rests on what was not read: ${row.resourceId}: ${row.reason}`),
    ...whole
      .filter(
        (row) => row.status === 'fail' && !hasUnknown && !['fail', 'unknown'].includes(judged.get(keyOf(row)) ?? ''),
      )
      .map((row) => `a finding is gone, and nothing is unknown: ${row.resourceId}: ${row.reason}`),
  ];
}

const takeAway: Readonly<Record<string, (table: string) => string>> = {
  // Where AWS says no there are no current rows.
  denied: (table) => `
    delete from ${table};
    delete from aws_delegation_reads where table_name = '${table}' and scope <> '' and region = '';
    update aws_delegation_reads
    set outcome = 'denied', row_count = 0, error_code = 'AccessDeniedException', error_message = 'Not this one.'
    where table_name = '${table}'`,
  skipped: (table) => `
    delete from ${table};
    delete from aws_delegation_reads where table_name = '${table}';
    insert into aws_delegation_reads (_cq_sync_time, _cq_source_name, _cq_id, account_id, region, service, table_name, operation, scope, outcome, request_count, row_count)
    select sync_time, source_name, gen_random_uuid(), '111122223333', '', '', '${table}', '${operations.get(table) ?? ''}', '', 'skipped', 0, 0
    from delegation.newest_syncs`,
  // A sync of the CloudQuery CLI that was ended while it wrote.
  'half written': (table) => `
    delete from ${table} where ctid = (select min(ctid) from ${table});
    update aws_delegation_reads set row_count = row_count + 1
    where table_name = '${table}' and ctid = (select min(ctid) from aws_delegation_reads where table_name = '${table}')
      and not exists (select from ${table})`,
};

/** Of the 34 that both organizations are synced in: what each rule can say of all of them, it says of these. */
const regions = [
  'us-east-1',
  'us-west-1',
  'us-west-2',
  'eu-central-1',
  'eu-west-1',
  'eu-west-3',
  'eu-north-1',
  'ap-southeast-2',
];

/** As if AWS had no other Regions. A spec that leaves them out would not do: what it leaves out is not known. */
const fewRegions = `
  do $$
  declare
    synced record;
    kept constant text[] := '{"", ${regions.join()}}';
  begin
    for synced in
      select attrelid::regclass as name
      from pg_attribute
      join pg_class on pg_class.oid = attrelid
      where relkind = 'r' and relnamespace = current_schema()::regnamespace and attname = 'region'
    loop
      execute format('delete from %s where region <> all ($1)', synced.name) using kept;
    end loop;
    delete from aws_ec2_regions where region_name <> all (kept);
    update aws_delegation_reads set row_count = (select count(*) from aws_ec2_regions) where table_name = 'aws_ec2_regions';
  end
  $$`;

describe.each([
  ['demo', ['denied', 'skipped']],
  ['healthy', ['denied', 'half written']],
] as const)('in the organization %s', (scenario, ways) => {
  let world: World;
  let whole: ByRule;
  let ofEveryRegion: ByRule;

  const verdicts = async (sql: string, wanted?: readonly string[]): Promise<ByRule> => {
    const { client } = world;
    await client.query('begin');
    try {
      await client.query(sql);
      const run = await judge(client, { queriesDir, write: false, ...(wanted && { rules: wanted }) });
      return byRule(run.all);
    } finally {
      await client.query('rollback');
    }
  };

  const isAsBefore = (id: string, rows: readonly RuleResult[]): boolean =>
    toldOf(rows).join() === toldOf(whole.get(id) ?? []).join();

  beforeAll(async () => {
    world = await syncedWorld(scenario, queriesDir, spec);
    ofEveryRegion = await verdicts('select 1');
    await world.client.query(fewRegions);
    whole = await verdicts('select 1');
  });
  afterAll(() => world.close());

  test('every rule has verdicts', () => {
    expect([...whole].filter(([, rows]) => rows.length === 0)).toEqual([]);
  });

  test('the other Regions add no kind of verdict', () => {
    expect(kindsOf(whole)).toEqual(expect.arrayContaining(kindsOf(ofEveryRegion)));
  });

  describe.each(ways)('%s:', (way) => {
    // What comes from the spec and the catalogue is not asked of anybody, so nobody can deny it.
    const taken = names.filter((name) => way !== 'denied' || isAsked(name));

    test.each(taken)('%s', async (table) => {
      // In the first way, all rules: none leans on the table unless its header names it.
      const judged = rules.filter((rule) => way === ways[0] || matches(table, rule));
      const found = await verdicts(
        takeAway[way]?.(table) ?? '',
        judged.map(({ id }) => id),
      );
      const problems: string[] = [];
      for (const rule of judged) {
        const rows = found.get(rule.id) ?? [];
        const before = whole.get(rule.id) ?? [];
        problems.push(...lies(rows, before).map((lie) => `${rule.id}: ${lie}`));
        if (!isAsBefore(rule.id, rows) && !matches(table, rule))
          problems.push(`${rule.id}: it leans on ${table}, which its header does not name`);
        // The spec can be changed by whoever wrote it; a missing permission cannot.
        const unread = new Set(before.filter(({ unknownCause }) => unknownCause === 'unread').map(placeOf));
        const strange = rows.filter(
          (row) =>
            row.status === 'unknown' &&
            !unread.has(placeOf(row)) &&
            (row.unknownCause === 'unread') === (way === 'skipped'),
        );
        if (way === 'skipped' || isAsked(table)) {
          problems.push(
            ...strange
              .filter(
                (row) => !before.some((old) => keyOf(old) === keyOf(row) && old.unknownCause === row.unknownCause),
              )
              .map(
                (row) =>
                  `${rule.id}: ${row.resourceId} is ${row.unknownCause ?? ''} where the table is ${way}: ${row.reason}`,
              ),
          );
        }
      }
      expect(problems).toEqual([]);
    });
  });

  // In the second way, one judgement of each rule instead of one of all rules for each table.
  const unnamed = (rule: Rule): string[] => names.filter((name) => !matches(name, rule));
  test.each(rules.filter((rule) => unnamed(rule).length > 0).map((rule) => [rule.id, rule] as const))(
    `${ways[1]}: all tables that the header of %s does not name`,
    async (id, rule) => {
      const sql = unnamed(rule).map((table) => takeAway[ways[1]]?.(table) ?? '');
      const found = await verdicts(sql.join(';'), [id]);
      expect(toldOf(found.get(id) ?? [])).toEqual(toldOf(whole.get(id) ?? []));
    },
  );
});

describe('nothing is known', () => {
  const onlyUnread = async (prepare: string): Promise<void> => {
    const given = await organization(prepare, { finish: false });
    const { all } = await judge(given.client, { queriesDir, write: false });
    expect(new Set(all.map(({ rule }) => rule.id)).size).toBe(rules.length);
    expect(all.filter(({ unknownCause }) => unknownCause !== 'unread')).toEqual([]);
    await close(given);
  };

  test('every table is empty, that of the reads too', () => onlyUnread(''));

  test('rows are there, and no read says that they are all', () => onlyUnread('select fixture.organization()'));
});
