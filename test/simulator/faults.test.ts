import { ListOrganizationAdminAccountsCommand } from '@aws-sdk/client-guardduty';
import {
  DescribeOrganizationCommand,
  DescribePolicyCommand,
  ListAccountsCommand,
  ListRootsCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startSimulator, type FaultKind, type Simulator } from '../../src/simulator/index.js';
import { clients, failure, MANAGEMENT } from './clients.js';

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator({ scenario: 'demo' });
});
afterEach(() => simulator.close());

describe('each kind', () => {
  const errors: [FaultKind, string, number | undefined][] = [
    ['deny', 'AccessDeniedException', 400],
    ['throttle', 'TooManyRequestsException', 400],
    ['server_error', 'ServiceException', 500],
    ['html', 'SyntaxError', 200],
    ['html_error', 'SyntaxError', 503],
    ['truncated', 'SyntaxError', 200],
  ];
  test.each(errors)('%s', async (kind, name, status) => {
    const { organizations } = clients(simulator);
    const fault = simulator.fault({ operation: 'organizations:ListAccounts', kind });
    expect(await failure(organizations.send(new ListAccountsCommand({})))).toMatchObject({ name, status });
    expect(fault.hits).toBe(1);
    expect(simulator.requests.at(-1)?.status).toBe(status);
    // Other operations are not touched.
    expect((await organizations.send(new ListRootsCommand({}))).Roots).toHaveLength(1);
    fault.remove();
    expect((await organizations.send(new ListAccountsCommand({}))).Accounts).toHaveLength(20);
  });

  test.each(['reset', 'cut'] as const)('%s ends the connection', async (kind) => {
    const { organizations } = clients(simulator);
    simulator.fault({ operation: 'organizations:ListAccounts', kind, times: 1 });
    const { status } = await failure(organizations.send(new ListAccountsCommand({})));
    expect(kind === 'cut' || status === undefined).toBe(true);
    expect((await organizations.send(new ListAccountsCommand({}))).Accounts).toHaveLength(20);
  });

  test('empty_object is an answer without any member', async () => {
    simulator.fault({ operation: 'organizations:*', kind: 'empty_object' });
    const { organizations } = clients(simulator);
    expect((await organizations.send(new ListAccountsCommand({}))).Accounts).toBeUndefined();
    expect((await organizations.send(new DescribeOrganizationCommand({}))).Organization).toBeUndefined();
  });

  test('hang: no answer, and close() ends all the same', async () => {
    simulator.fault({ operation: 'organizations:ListAccounts', kind: 'hang' });
    const gone = new AbortController();
    const { organizations } = clients(simulator);
    const first = failure(organizations.send(new ListAccountsCommand({}), { abortSignal: gone.signal }));
    await expect.poll(() => simulator.requests.length).toBe(1);
    gone.abort();
    expect((await first).name).toBe('AbortError');

    const second = failure(organizations.send(new ListAccountsCommand({})));
    await expect.poll(() => simulator.requests.length).toBe(2);
    await simulator.close();
    expect((await second).status).toBeUndefined();
    expect(simulator.requests.map((request) => request.status)).toEqual([0, 0]);
    await simulator.close();
  });

  test('repeat_token: the same token for ever, also where there is only one page', async () => {
    simulator.fault({ operation: 'organizations:List*', kind: 'repeat_token' });
    const { organizations } = clients(simulator);
    const first = await organizations.send(new ListAccountsCommand({}));
    const second = await organizations.send(new ListAccountsCommand({ NextToken: first.NextToken }));
    const third = await organizations.send(new ListAccountsCommand({ NextToken: second.NextToken }));
    expect(first.NextToken).toBeTypeOf('string');
    expect([second.NextToken, third.NextToken]).toEqual([first.NextToken, first.NextToken]);
    expect(third.Accounts).toEqual(second.Accounts);
    const roots = await organizations.send(new ListRootsCommand({}));
    const again = await organizations.send(new ListRootsCommand({ NextToken: roots.NextToken }));
    expect(again.NextToken).toBe(roots.NextToken);
  });

  test('slow answers in the end', async () => {
    simulator.fault({ operation: 'organizations:DescribeOrganization', kind: 'slow', ms: 1 });
    const { Organization } = await clients(simulator).organizations.send(new DescribeOrganizationCommand({}));
    expect(Organization?.Id).toBe('o-exampleorgid');
  });

  test('error: any code, message and status', async () => {
    simulator.fault({
      operation: 'guardduty:ListOrganizationAdminAccounts',
      kind: 'error',
      code: 'BadRequestException',
      message: 'The request failed because the account is not subscribed.',
      status: 400,
    });
    expect(
      await failure(clients(simulator).guardduty.send(new ListOrganizationAdminAccountsCommand({}))),
    ).toMatchObject({
      name: 'BadRequestException',
      message: 'The request failed because the account is not subscribed.',
      status: 400,
    });
  });

  test.each([
    ['guardduty', 'throttle', 'TooManyRequestsException', 429],
    ['guardduty', 'server_error', 'InternalServerErrorException', 500],
    ['sts', 'throttle', 'Throttling', 400],
    ['sts', 'server_error', 'InternalFailure', 500],
  ] as const)('%s %s', async (service, kind, name, status) => {
    simulator.fault({ operation: `${service}:*`, kind });
    const { guardduty, sts } = clients(simulator);
    const send =
      service === 'sts'
        ? sts.send(new GetCallerIdentityCommand({}))
        : guardduty.send(new ListOrganizationAdminAccountsCommand({}));
    expect(await failure(send)).toMatchObject({ name, status });
  });
});

describe('when', () => {
  test('times: throttled twice, then fine, with the retries of the SDK', async () => {
    const fault = simulator.fault({ operation: 'organizations:ListRoots', kind: 'throttle', times: 2 });
    const patient = new OrganizationsClient({
      endpoint: simulator.url,
      region: 'us-east-1',
      maxAttempts: 3,
      credentials: { accessKeyId: `AKIA${MANAGEMENT}TEST`, secretAccessKey: 'any' },
    });
    expect((await patient.send(new ListRootsCommand({}))).Roots).toHaveLength(1);
    expect(fault.hits).toBe(2);
    expect(simulator.requests.map((request) => request.status)).toEqual([400, 400, 200]);
  });

  test('after: the first page is fine, the second is not', async () => {
    simulator.fault({ operation: 'organizations:ListAccounts', kind: 'server_error', after: 1 });
    const { organizations } = clients(simulator);
    const { NextToken } = await organizations.send(new ListAccountsCommand({}));
    expect((await failure(organizations.send(new ListAccountsCommand({ NextToken })))).status).toBe(500);
  });

  test('match, region and account', async () => {
    simulator.fault({ operation: 'organizations:DescribePolicy', match: { PolicyId: 'p-denyleave001' }, kind: 'deny' });
    simulator.fault({ operation: 'guardduty:*', region: 'eu-west-1', kind: 'throttle' });
    simulator.fault({ operation: 'organizations:ListRoots', account: '222233334444', kind: 'deny' });
    const { organizations } = clients(simulator);
    const text = (PolicyId: string) => organizations.send(new DescribePolicyCommand({ PolicyId }));
    expect((await failure(text('p-denyleave001'))).name).toBe('AccessDeniedException');
    expect((await text('p-quarantine01')).Policy?.PolicySummary?.Id).toBe('p-quarantine01');
    const list = new ListOrganizationAdminAccountsCommand({});
    expect((await failure(clients(simulator, { region: 'eu-west-1' }).guardduty.send(list))).status).toBe(429);
    expect((await clients(simulator).guardduty.send(list)).AdminAccounts).toHaveLength(1);
    const delegate = clients(simulator, { account: '222233334444' }).organizations;
    expect((await failure(delegate.send(new ListRootsCommand({})))).name).toBe('AccessDeniedException');
    expect((await organizations.send(new ListRootsCommand({}))).Roots).toHaveLength(1);
  });

  test('clearFaults, and a fault of the scenario', async () => {
    const { organizations } = clients(simulator);
    simulator.setScenario({ ...simulator.scenario, faults: [{ operation: '*', kind: 'throttle', after: 0 }] });
    expect((await failure(organizations.send(new ListRootsCommand({})))).name).toBe('TooManyRequestsException');
    simulator.clearFaults();
    expect((await organizations.send(new ListRootsCommand({}))).Roots).toHaveLength(1);
  });

  test('a fault that is misspelt is refused', () => {
    expect(() => simulator.fault({ operation: 'x', kind: 'htlm' as FaultKind })).toThrow(/kind.*fault\(\)/);
  });
});

test('rates: more than the burst at once is throttled, and a refused request costs nothing', async () => {
  simulator.change((scenario) => {
    scenario.rates = true;
  });
  const { organizations } = clients(simulator);
  const names = await Promise.all(
    Array.from({ length: 8 }, () =>
      organizations.send(new DescribeOrganizationCommand({})).then(
        () => 'ok',
        (error: unknown) => (error as Error).name,
      ),
    ),
  );
  expect(names.filter((name) => name === 'ok').length).toBeGreaterThanOrEqual(2);
  expect(names).toContain('TooManyRequestsException');
  await expect
    .poll(
      () =>
        organizations.send(new DescribeOrganizationCommand({})).then(
          () => 'ok',
          () => 'throttled',
        ),
      {
        timeout: 10_000,
        interval: 100,
      },
    )
    .toBe('ok');
});

test('the log of requests', async () => {
  const { organizations, guardduty } = clients(simulator, { region: 'us-east-1' });
  await organizations.send(new ListAccountsCommand({ MaxResults: 3 }));
  await guardduty.send(new ListOrganizationAdminAccountsCommand({ MaxResults: 7 }));
  expect(simulator.requests.map(({ at, ...request }) => (expect(at).toBeInstanceOf(Date), request))).toEqual([
    {
      service: 'organizations',
      operation: 'organizations:ListAccounts',
      region: 'us-east-1',
      account: MANAGEMENT,
      input: { MaxResults: 3 },
      status: 200,
    },
    {
      service: 'guardduty',
      operation: 'guardduty:ListOrganizationAdminAccounts',
      region: 'us-east-1',
      account: MANAGEMENT,
      input: { MaxResults: 7 },
      status: 200,
    },
  ]);
});
