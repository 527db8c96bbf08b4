import { ListOrganizationAdminAccountsCommand as List } from '@aws-sdk/client-securityhub';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startSimulator, type Simulator } from '../../src/simulator/index.js';
import { clients, failure, MANAGEMENT, signed } from './clients.js';

const SECURITY = '222222222222';
const WORKLOAD = '333333333333';

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator({ scenario: 'minimal' });
  simulator.change(({ securityhub }) => {
    securityhub.administrators = {
      '*': { account: SECURITY, status: 'ENABLED' },
      'eu-west-1': { account: MANAGEMENT, status: 'DISABLE_IN_PROGRESS' },
      'eu-west-2': null,
    };
    securityhub.v2_administrator = { account: WORKLOAD };
  });
});
afterEach(() => simulator.close());

const ask = (region: string, input: ConstructorParameters<typeof List>[0] = {}) =>
  clients(simulator, { region }).securityhub.send(new List(input));

test('CSPM by Region, and what is meant where no feature is named', async () => {
  const enabled = { AdminAccounts: [{ AccountId: SECURITY, Status: 'ENABLED' }], Feature: 'SecurityHub' };
  expect(await ask('us-east-1')).toMatchObject(enabled);
  expect(await ask('us-east-1', { Feature: 'SecurityHub' })).toMatchObject(enabled);
  expect((await ask('eu-west-1')).AdminAccounts).toEqual([{ AccountId: MANAGEMENT, Status: 'DISABLE_IN_PROGRESS' }]);
  expect((await ask('eu-west-2')).AdminAccounts).toEqual([]);
});

test('V2 is one answer in all Regions, without a status', async () => {
  for (const region of ['us-east-1', 'eu-west-2']) {
    const { AdminAccounts, Feature } = await ask(region, { Feature: 'SecurityHubV2' });
    expect({ AdminAccounts, Feature }).toEqual({ AdminAccounts: [{ AccountId: WORKLOAD }], Feature: 'SecurityHubV2' });
  }
});

test('CSPM that was never switched on: its own error, which says nothing of V2', async () => {
  simulator.change(({ securityhub }) => {
    securityhub.not_enabled = ['us-east-1'];
  });
  expect(await failure(ask('us-east-1'))).toMatchObject({
    name: 'InvalidAccessException',
    message: `Account ${MANAGEMENT} is not subscribed to AWS Security Hub`,
    status: 401,
  });
  expect((await ask('us-east-1', { Feature: 'SecurityHubV2' })).AdminAccounts).toHaveLength(1);
  expect((await ask('us-east-2')).AdminAccounts).toHaveLength(1);
});

test('a member, and an account without an organization, may ask for neither', async () => {
  const refused = { name: 'InvalidAccessException', status: 401 };
  for (const account of [SECURITY, '000000000001']) {
    const { securityhub } = clients(simulator, { account });
    expect(await failure(securityhub.send(new List({})))).toMatchObject(refused);
    expect(await failure(securityhub.send(new List({ Feature: 'SecurityHubV2' })))).toMatchObject(refused);
  }
});

test('pages of 1 to 10; a token belongs to its feature', async () => {
  const accounts = Array.from({ length: 11 }, (_, index) => String(900_000_000_000 + index));
  simulator.change(({ securityhub }) => {
    securityhub.administrators = { '*': accounts.map((account) => ({ account, status: 'ENABLED' })) };
  });
  const first = await ask('us-east-1');
  const second = await ask('us-east-1', { NextToken: first.NextToken });
  expect([first.AdminAccounts?.length, second.AdminAccounts?.length, second.NextToken]).toEqual([10, 1, undefined]);
  for (const input of [
    { MaxResults: 0 },
    { MaxResults: 11 },
    { NextToken: 'x' },
    { NextToken: first.NextToken, Feature: 'SecurityHubV2' as const },
    { Feature: 'SecurityHubV3' as never },
  ]) {
    expect(await failure(ask('us-east-1', input))).toMatchObject({ name: 'InvalidInputException', status: 400 });
  }
});

test('denied by IAM, throttled, and not there', async () => {
  simulator.change((scenario) => {
    scenario.denied = [{ action: 'securityhub:*', region: 'us-east-1' }];
    scenario.securityhub.absent_regions = ['us-west-1'];
  });
  expect(await failure(ask('us-east-1'))).toMatchObject({ name: 'AccessDeniedException', status: 403 });
  expect((await failure(ask('us-west-1'))).status).toBeUndefined();
  simulator.fault({ operation: 'securityhub:*', kind: 'throttle' });
  expect(await failure(ask('us-east-2'))).toMatchObject({ name: 'LimitExceededException', status: 429 });
});

test('on the wire members start with a capital, also in the query string and in errors', async () => {
  const fetched = async (query: string) => {
    const response = await fetch(`${simulator.url}/organization/admin${query}`, { headers: signed('securityhub') });
    return { status: response.status, type: response.headers.get('x-amzn-errortype'), body: await response.json() };
  };
  expect(await fetched('?Feature=SecurityHubV2')).toEqual({
    status: 200,
    type: null,
    body: { AdminAccounts: [{ AccountId: WORKLOAD }], Feature: 'SecurityHubV2' },
  });
  // Not the name of a member, so CSPM.
  expect((await fetched('?feature=SecurityHubV2')).body).toMatchObject({ Feature: 'SecurityHub' });
  expect(await fetched('?NextToken=x')).toEqual({
    status: 400,
    type: 'InvalidInputException',
    body: { Message: 'Invalid token', __type: 'InvalidInputException', Code: 'InvalidInputException' },
  });
});
