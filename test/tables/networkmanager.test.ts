import { afterEach, beforeEach, expect, it } from 'vitest';
import { startSimulator, type Simulator } from '../../src/simulator/index.js';
import { delegate, endings, management, member, scenarioWith } from '../support/account.js';
import { syncFrom, type Options } from '../support/source.js';

const table = 'aws_networkmanager_organization_service_access';
const operation = 'networkmanager:ListOrganizationServiceAccessStatus';

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator({
    scenario: scenarioWith({ networkmanager: { organization_access: { accounts: [{ account: delegate }] } } }),
  });
});
afterEach(() => simulator.close());

const sync = (options: Options = {}) => syncFrom(simulator, { tables: [table], ...options });
const ended = (outcome: string, error_code: string | null = null, row_count = 0, region = 'us-west-2') => [
  { region, operation, scope: '', outcome, error_code, row_count },
];

it('one row, asked in the one Region that answers', async () => {
  const synced = await sync({ spec: { regions: ['eu-west-1'] } });
  expect(synced.tables[table]).toEqual([
    {
      account_id: management,
      region: 'us-west-2',
      organization_id: 'o-exampleorgid',
      organization_aws_service_access_status: 'ENABLED',
      slr_deployment_status: 'SUCCEEDED',
      account_status_list: [{ AccountId: delegate, SLRDeploymentStatus: 'SUCCEEDED' }],
    },
  ]);
  expect(endings(synced, table)).toEqual(ended('ok', null, 1));
});

it('never switched on', async () => {
  simulator.change((scenario) => {
    scenario.networkmanager.organization_access = null;
  });
  const synced = await sync();
  expect(synced.tables[table]).toMatchObject([
    { organization_aws_service_access_status: 'DISABLED', slr_deployment_status: null, account_status_list: [] },
  ]);
  expect(endings(synced, table)).toEqual(ended('ok', null, 1));
});

it('two pages of accounts are one row, with empty pages between or without', async () => {
  const accounts = Array.from({ length: 501 }, (_, index) => String(400000000000 + index));
  for (const empty_pages of [false, true]) {
    simulator.change((scenario) => {
      scenario.empty_pages = empty_pages;
      scenario.networkmanager.organization_access = {
        status: 'ENABLED',
        slr_deployment_status: 'IN_PROGRESS',
        accounts: accounts.map((account) => ({ account, slr_deployment_status: 'SUCCEEDED' })),
      };
    });
    const synced = await sync();
    expect(synced.tables[table]).toHaveLength(1);
    const list = synced.tables[table]?.[0]?.['account_status_list'] as { AccountId: string }[];
    expect(list.map(({ AccountId }) => AccountId)).toEqual(accounts);
    expect(endings(synced, table)).toEqual(ended('ok', null, 1));
  }
});

it('a list without an end is none', async () => {
  simulator.fault({ operation, kind: 'repeat_token' });
  const synced = await sync({ spec: { on_failure: 'report' } });
  expect(synced.announced).not.toContain(table);
  expect(endings(synced, table)).toEqual(ended('failed', 'RepeatedPageToken'));
});

it('a member, and one whom IAM denies it', async () => {
  expect(endings(await sync({ account: member }), table)).toEqual(ended('denied', 'AccessDeniedException'));
  expect(endings(await sync({ account: delegate }), table)).toEqual(ended('ok', null, 1));
  simulator.fault({ operation, kind: 'deny' });
  const synced = await sync();
  expect(synced.announced).not.toContain(table);
  expect(endings(synced, table)).toEqual(ended('denied', 'AccessDeniedException'));
});

it('throttled, then fine', async () => {
  const throttled = simulator.fault({ operation, kind: 'throttle', times: 1 });
  expect(endings(await sync(), table)).toEqual(ended('ok', null, 1));
  expect(throttled.hits).toBe(1);
});

it('in GovCloud elsewhere, in China nowhere', async () => {
  const spec = (default_region: string) => ({
    accounts: [{ id: 'test', access_key_id: 'AKIATEST', secret_access_key: 'test', default_region }],
  });
  simulator.change((scenario) => {
    scenario.partition = 'aws-us-gov';
  });
  expect(endings(await sync({ spec: spec('us-gov-east-1') }), table)).toEqual(ended('ok', null, 1, 'us-gov-west-1'));
  simulator.change((scenario) => {
    scenario.partition = 'aws-cn';
  });
  const synced = await sync({ spec: spec('cn-north-1') });
  expect(synced.tables[table]).toEqual([]);
  expect(endings(synced, table)).toEqual(ended('absent', 'ServiceNotInRegion', 0, 'cn-northwest-1'));
});
