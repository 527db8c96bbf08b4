import {
  DescribeOrganizationConfigurationCommand as Describe,
  ListOrganizationAdminAccountsCommand as List,
} from '@aws-sdk/client-macie2';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startSimulator, type Simulator } from '../../src/simulator/index.js';
import { clients, failure, MANAGEMENT } from './clients.js';

const SECURITY = '222222222222';

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator({ scenario: 'minimal' });
  simulator.change(({ macie2 }) => {
    macie2.administrators = {
      '*': { account: SECURITY, status: 'ENABLED' },
      'eu-west-1': { account: MANAGEMENT, status: 'ENABLED' },
      'eu-west-2': null,
      'eu-west-3': [
        { account: SECURITY, status: 'DISABLING_IN_PROGRESS' },
        { account: MANAGEMENT, status: 'ENABLED' },
      ],
    };
  });
});
afterEach(() => simulator.close());

const ask = (region: string, input: ConstructorParameters<typeof List>[0] = {}) =>
  clients(simulator, { region }).macie2.send(new List(input));

test('by Region: one, the management account, nobody, and two while one is leaving', async () => {
  expect((await ask('us-east-1')).adminAccounts).toEqual([{ accountId: SECURITY, status: 'ENABLED' }]);
  expect((await ask('eu-west-1')).adminAccounts).toEqual([{ accountId: MANAGEMENT, status: 'ENABLED' }]);
  expect((await ask('eu-west-2')).adminAccounts).toEqual([]);
  expect((await ask('eu-west-3')).adminAccounts).toEqual([
    { accountId: SECURITY, status: 'DISABLING_IN_PROGRESS' },
    { accountId: MANAGEMENT, status: 'ENABLED' },
  ]);
});

test('never switched on, a member, and no permission: one code, three texts', async () => {
  const refused = { name: 'AccessDeniedException', status: 403 };
  simulator.change((scenario) => {
    scenario.macie2.not_enabled = ['us-east-1'];
    scenario.denied = [{ action: 'macie2:*', region: 'us-west-2' }];
  });
  expect(await failure(ask('us-east-1'))).toMatchObject({ ...refused, message: 'Macie is not enabled' });
  for (const account of [SECURITY, '000000000001']) {
    const { macie2 } = clients(simulator, { account, region: 'us-east-2' });
    const said = await failure(macie2.send(new List({})));
    expect(said).toMatchObject(refused);
    expect(said.message).toContain('must be the management account');
  }
  const denied = await failure(ask('us-west-2'));
  expect(denied).toMatchObject(refused);
  expect(denied.message).toContain('is not authorized to perform: macie2:ListOrganizationAdminAccounts');
});

test('pages of 1 to 25', async () => {
  const accounts = Array.from({ length: 26 }, (_, index) => String(900_000_000_000 + index));
  simulator.change(({ macie2 }) => {
    macie2.administrators = { '*': accounts.map((account) => ({ account, status: 'ENABLED' })) };
  });
  const first = await ask('us-east-1');
  const second = await ask('us-east-1', { nextToken: first.nextToken });
  expect([first.adminAccounts?.length, second.adminAccounts?.length, second.nextToken]).toEqual([25, 1, undefined]);
  for (const input of [{ maxResults: 0 }, { maxResults: 26 }, { nextToken: 'x' }]) {
    expect(await failure(ask('us-east-1', input))).toMatchObject({ name: 'ValidationException', status: 400 });
  }
});

test('a fault can repeat its token', async () => {
  simulator.fault({ operation: 'macie2:*', kind: 'repeat_token' });
  const { nextToken } = await ask('us-east-1');
  expect(nextToken).toBeDefined();
  expect((await ask('us-east-1', { nextToken })).nextToken).toBe(nextToken);
});

test('throttled, and not in every Region', async () => {
  simulator.change((scenario) => {
    scenario.opted_in_regions = ['eu-central-2'];
  });
  expect((await failure(ask('eu-central-2'))).status).toBeUndefined();
  simulator.fault({ operation: 'macie2:*', kind: 'throttle' });
  expect(await failure(ask('us-east-1'))).toMatchObject({ name: 'ThrottlingException', status: 429 });
});

test('settings: for the administrator of the Region alone, be Macie on or off', async () => {
  simulator.change(({ macie2 }) => {
    macie2.organization_configuration = {
      '*': { auto_enable: true, max_account_limit_reached: false },
      'us-east-2': { auto_enable: false, max_account_limit_reached: true },
    };
    macie2.not_enabled = ['us-west-1'];
  });
  const describe = async (account: string, region: string) => {
    const { autoEnable, maxAccountLimitReached } = await clients(simulator, { account, region }).macie2.send(
      new Describe({}),
    );
    return [autoEnable, maxAccountLimitReached];
  };
  expect(await describe(SECURITY, 'us-east-1')).toEqual([true, false]);
  expect(await describe(SECURITY, 'us-east-2')).toEqual([false, true]);
  expect(await describe(MANAGEMENT, 'eu-west-1')).toEqual([true, false]);

  const refused = {
    name: 'AccessDeniedException',
    message:
      'The request failed because you must be the Macie administrator for an organization to perform this operation',
    status: 403,
  };
  for (const [account, region] of [
    [MANAGEMENT, 'us-east-1'],
    [SECURITY, 'eu-west-1'],
    [SECURITY, 'eu-west-2'],
    ['000000000001', 'us-east-1'],
    [MANAGEMENT, 'us-west-1'],
  ] as const) {
    expect(await failure(describe(account, region))).toMatchObject(refused);
  }
  expect(await failure(describe(SECURITY, 'us-west-1'))).toMatchObject({ ...refused, message: 'Macie is not enabled' });
});
