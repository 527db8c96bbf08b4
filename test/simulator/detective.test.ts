import {
  DescribeOrganizationConfigurationCommand as Describe,
  ListGraphsCommand,
  ListOrganizationAdminAccountsCommand as List,
} from '@aws-sdk/client-detective';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startSimulator, type Simulator } from '../../src/simulator/index.js';
import { clients, failure, MANAGEMENT, signed } from './clients.js';

const SECURITY = '222222222222';
const delegated = new Date('2026-03-04T05:06:07.089Z');

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator({ scenario: 'minimal' });
  simulator.change(({ detective }) => {
    detective.administrators = {
      '*': { account: SECURITY, delegated },
      'eu-west-1': { account: MANAGEMENT, delegated },
      'eu-west-2': null,
    };
  });
});
afterEach(() => simulator.close());

const ask = (region: string, input: ConstructorParameters<typeof List>[0] = {}) =>
  clients(simulator, { region }).detective.send(new List(input));

test('by Region: account, graph and time, no status', async () => {
  const { Administrators = [] } = await ask('us-east-1');
  const pattern = /^arn:aws:detective:us-east-1:222222222222:graph:[0-9a-f]{32}$/;
  expect(Administrators).toEqual([
    { AccountId: SECURITY, DelegationTime: delegated, GraphArn: expect.stringMatching(pattern) as unknown },
  ]);
  const managed = (await ask('eu-west-1')).Administrators ?? [];
  expect(managed[0]).toMatchObject({ AccountId: MANAGEMENT });
  expect(managed[0]?.GraphArn).toContain(`:eu-west-1:${MANAGEMENT}:`);
  expect((await ask('eu-west-2')).Administrators).toEqual([]);
});

test('only the management account may ask', async () => {
  for (const account of [SECURITY, '000000000001']) {
    const { detective } = clients(simulator, { account });
    expect(await failure(detective.send(new List({})))).toMatchObject({ name: 'AccessDeniedException', status: 403 });
  }
});

test('pages of 1 to 200', async () => {
  const accounts = Array.from({ length: 201 }, (_, index) => String(900_000_000_000 + index));
  simulator.change(({ detective }) => {
    detective.administrators = { '*': accounts.map((account) => ({ account, delegated })) };
  });
  const first = await ask('us-east-1');
  const second = await ask('us-east-1', { NextToken: first.NextToken });
  expect([first.Administrators?.length, second.Administrators?.length, second.NextToken]).toEqual([200, 1, undefined]);
  for (const input of [{ MaxResults: 0 }, { MaxResults: 201 }, { NextToken: 'x' }, { NextToken: 'x'.repeat(1025) }]) {
    expect(await failure(ask('us-east-1', input))).toMatchObject({ name: 'ValidationException', status: 400 });
  }
});

test('denied by IAM, throttled, and not in every Region', async () => {
  simulator.change((scenario) => {
    scenario.denied = [{ action: 'detective:*', region: 'us-east-1' }];
  });
  expect(await failure(ask('us-east-1'))).toMatchObject({ name: 'AccessDeniedException', status: 403 });
  expect((await failure(ask('ap-northeast-3'))).status).toBeUndefined();
  simulator.fault({ operation: 'detective:*', kind: 'throttle' });
  expect(await failure(ask('us-east-2'))).toMatchObject({ name: 'TooManyRequestsException', status: 429 });
});

test('on the wire: POST with a body, and times as text', async () => {
  const post = async (body: string, method = 'POST') => {
    const init = { method, headers: { ...signed('detective'), 'content-type': 'application/json' } };
    const response = await fetch(
      `${simulator.url}/orgs/adminAccountslist`,
      method === 'POST' ? { ...init, body } : init,
    );
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  expect(await post('{"MaxResults":1}')).toMatchObject({
    status: 200,
    body: { Administrators: [{ DelegationTime: '2026-03-04T05:06:07.089Z' }] },
  });
  expect((await post('')).status).toBe(200);
  expect(await post('{"MaxResults":0}')).toMatchObject({ status: 400, body: { __type: 'ValidationException' } });
  expect(await post('{"MaxResults":')).toMatchObject({ status: 400, body: { __type: 'SerializationException' } });
  expect((await post('', 'GET')).status).toBe(404);
});

describe('what the administrator sees', () => {
  const OTHER = '333333333333';
  const graphs = (account: string, region: string, input: ConstructorParameters<typeof ListGraphsCommand>[0] = {}) =>
    clients(simulator, { account, region }).detective.send(new ListGraphsCommand(input));
  const settings = async (account: string, region: string, GraphArn: string | undefined) =>
    (await clients(simulator, { account, region }).detective.send(new Describe({ GraphArn }))).AutoEnable;
  const graphOf = async (account: string, region: string) => (await graphs(account, region)).GraphList?.[0]?.Arn;

  beforeEach(() => {
    simulator.change(({ detective }) => {
      detective.graphs = [OTHER];
      detective.organization_configuration = { '*': { auto_enable: true }, 'us-east-2': { auto_enable: false } };
    });
  });

  test('its own graph, as the management account sees it, and no graph of others', async () => {
    const [administrator] = (await ask('us-east-1')).Administrators ?? [];
    const { GraphList, NextToken } = await graphs(SECURITY, 'us-east-1');
    expect(GraphList).toEqual([{ Arn: administrator?.GraphArn, CreatedTime: delegated }]);
    expect(NextToken).toBeUndefined();
    expect((await graphs(SECURITY, 'eu-west-2')).GraphList).toEqual([]);
    expect((await graphs(MANAGEMENT, 'us-east-1')).GraphList).toEqual([]);
    expect((await graphs(OTHER, 'eu-west-2')).GraphList).toHaveLength(1);
    for (const input of [{ MaxResults: 0 }, { MaxResults: 201 }, { NextToken: 'x' }]) {
      expect(await failure(graphs(SECURITY, 'us-east-1', input))).toMatchObject({ name: 'ValidationException' });
    }
  });

  test('whether members are added, for its own graph', async () => {
    expect(await settings(SECURITY, 'us-east-1', await graphOf(SECURITY, 'us-east-1'))).toBe(true);
    expect(await settings(SECURITY, 'us-east-2', await graphOf(SECURITY, 'us-east-2'))).toBe(false);
    const refused = { name: 'AccessDeniedException', status: 403 };
    const notOwn = await failure(settings(SECURITY, 'us-east-1', await graphOf(SECURITY, 'us-east-2')));
    expect(notOwn).toMatchObject(refused);
    expect(notOwn.message).toContain(
      'detective:DescribeOrganizationConfiguration on resource: arn:aws:detective:us-east-2',
    );
    expect(await failure(settings(OTHER, 'us-east-1', await graphOf(OTHER, 'us-east-1')))).toMatchObject({
      ...refused,
      message: 'The request can only be made by the Detective administrator account of the organization',
    });
    for (const wrong of [undefined, 'graph', `${(await graphOf(SECURITY, 'us-east-1')) ?? ''}0`]) {
      expect(await failure(settings(SECURITY, 'us-east-1', wrong))).toMatchObject({ name: 'ValidationException' });
    }
  });
});
