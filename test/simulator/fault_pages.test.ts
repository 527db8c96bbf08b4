import { ListOrganizationAdminAccountsCommand } from '@aws-sdk/client-guardduty';
import { DescribeIpamsCommand } from '@aws-sdk/client-ec2';
import { ListRolesCommand } from '@aws-sdk/client-iam';
import {
  DescribeOrganizationCommand,
  ListAccountsCommand,
  ListAccountsForParentCommand,
  ListDelegatedAdministratorsCommand,
  ListPoliciesCommand,
  ListTargetsForPolicyCommand,
  paginateListAccounts,
} from '@aws-sdk/client-organizations';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  faultApplies,
  FAULT_KINDS,
  startSimulator,
  type ScenarioInput,
  type Simulator,
} from '../../src/simulator/index.js';
import { clients, failure, MANAGEMENT } from './clients.js';

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator({ scenario: 'demo' });
  simulator.change((scenario) => {
    scenario.page_size = 5;
  });
});
afterEach(() => simulator.close());

/** Account ids page by page. */
async function accountPages(): Promise<string[][]> {
  const pages: string[][] = [];
  for await (const page of paginateListAccounts({ client: clients(simulator).organizations }, {})) {
    pages.push((page.Accounts ?? []).map(({ Id }) => Id ?? ''));
  }
  return pages;
}

function accountIds(): string[] {
  return (simulator.scenario.organization?.accounts ?? []).map(({ id }) => id);
}

describe('empty_pages', () => {
  test('one in front of each page, with a token, and the list comes whole', async () => {
    const calm = await accountPages();
    simulator.fault({ operation: 'organizations:ListAccounts', kind: 'empty_pages' });
    expect(await accountPages()).toEqual(calm.flatMap((page) => [[], page]));
  });

  test('several in a row, and only now and then', async () => {
    simulator.fault({ operation: 'organizations:ListAccounts', kind: 'empty_pages', pages: 3, after: 1, times: 3 });
    const pages = await accountPages();
    expect(pages.slice(0, 5).map((page) => page.length)).toEqual([5, 0, 0, 0, 5]);
    expect(pages.flat()).toEqual(accountIds());
  });

  test('in each way of writing a token', async () => {
    simulator.fault({ operation: '*', kind: 'empty_pages' });
    const { guardduty, iam } = clients(simulator);
    const { ec2 } = clients(simulator, { region: 'eu-west-1' });
    const admins = await guardduty.send(new ListOrganizationAdminAccountsCommand({}));
    expect(admins.AdminAccounts).toEqual([]);
    const found = await guardduty.send(new ListOrganizationAdminAccountsCommand({ NextToken: admins.NextToken }));
    expect(found.AdminAccounts).toHaveLength(1);
    const none = await ec2.send(new DescribeIpamsCommand({}));
    expect([none.Ipams, none.NextToken]).toEqual([[], expect.any(String)]);
    expect((await ec2.send(new DescribeIpamsCommand({ NextToken: none.NextToken }))).Ipams).toHaveLength(1);
    const roles = await iam.send(new ListRolesCommand({}));
    expect(roles).toMatchObject({ Roles: [], IsTruncated: true });
    expect((await iam.send(new ListRolesCommand({ Marker: roles.Marker }))).Roles?.length).toBeGreaterThan(0);
  });

  test('the token of an empty page is bound to its request', async () => {
    simulator.fault({ operation: '*', kind: 'empty_pages' });
    const { organizations } = clients(simulator);
    const { NextToken } = await organizations.send(new ListAccountsCommand({}));
    expect(
      await failure(organizations.send(new ListPoliciesCommand({ Filter: 'TAG_POLICY', NextToken }))),
    ).toMatchObject({ name: 'InvalidInputException', reason: 'INVALID_NEXT_TOKEN' });
  });
});

test('overlapping_pages: each page begins with the last item of the one before', async () => {
  const calm = await accountPages();
  simulator.fault({ operation: 'organizations:ListAccounts', kind: 'overlapping_pages' });
  const pages = await accountPages();
  expect(pages).toEqual(calm.map((page, index) => [...(calm[index - 1]?.slice(-1) ?? []), ...page]));
  expect(calm.length).toBeGreaterThan(2);
});

describe('expired_token', () => {
  test.each([
    ['organizations', 'InvalidInputException', 400],
    ['guardduty', 'BadRequestException', 400],
    ['ec2', 'InvalidNextToken', 400],
    ['iam', 'ValidationError', 400],
  ] as const)('in the words of %s', async (service, name, status) => {
    const { organizations, guardduty, ec2, iam } = clients(simulator);
    simulator.fault({ operation: '*', kind: 'expired_token' });
    simulator.fault({ operation: '*', kind: 'repeat_token' });
    const ask = {
      organizations: async (NextToken?: string) => await organizations.send(new ListAccountsCommand({ NextToken })),
      guardduty: async (NextToken?: string) =>
        await guardduty.send(new ListOrganizationAdminAccountsCommand({ NextToken })),
      ec2: async (NextToken?: string) => await ec2.send(new DescribeIpamsCommand({ NextToken })),
      iam: async (Marker?: string) => {
        const answer = await iam.send(new ListRolesCommand({ Marker }));
        return { NextToken: answer.Marker };
      },
    }[service];
    const { NextToken } = await ask();
    expect(NextToken).toBeTypeOf('string');
    expect(await failure(ask(NextToken))).toMatchObject({ name, status });
  });

  test('after so many uses, and good again when it is given out again', async () => {
    const { organizations } = clients(simulator);
    simulator.fault({ operation: 'organizations:ListAccounts', kind: 'expired_token', uses: 2 });
    const second = async (): Promise<string> => {
      const { NextToken } = await organizations.send(new ListAccountsCommand({}));
      return NextToken ?? '';
    };
    const token = await second();
    const use = () => organizations.send(new ListAccountsCommand({ NextToken: token }));
    expect((await use()).Accounts).toHaveLength(5);
    expect((await use()).Accounts).toHaveLength(5);
    expect((await failure(use())).name).toBe('InvalidInputException');
    expect(await second()).toBe(token);
    expect((await use()).Accounts).toHaveLength(5);
  });

  test('after so long', async () => {
    const { organizations } = clients(simulator);
    simulator.fault({ operation: 'organizations:ListAccounts', kind: 'expired_token', ms: 300 });
    const { NextToken } = await organizations.send(new ListAccountsCommand({}));
    const use = (): Promise<string> =>
      organizations.send(new ListAccountsCommand({ NextToken })).then(
        () => 'ok',
        (error: unknown) => (error as Error).name,
      );
    expect(await use()).toBe('ok');
    await expect.poll(use, { timeout: 5_000, interval: 50 }).toBe('InvalidInputException');
  });

  test('the first page is never refused', async () => {
    const fault = simulator.fault({ operation: '*', kind: 'expired_token' });
    const { organizations } = clients(simulator);
    expect((await organizations.send(new ListAccountsCommand({}))).Accounts).toHaveLength(5);
    expect((await organizations.send(new DescribeOrganizationCommand({}))).Organization?.Id).toBe('o-exampleorgid');
    expect(fault.hits).toBe(0);
  });
});

describe('changes between two requests', () => {
  /** The scenario with changes, from the first request on. */
  function happen(...changes: NonNullable<ScenarioInput['changes']>): void {
    simulator.setScenario({ ...simulator.scenario, changes });
  }

  test('an account that is closed, one that moves, one that leaves and one that joins', async () => {
    const ids = accountIds();
    const [shown = '', closed = '', moved = '', gone = ''] = [ids[1], ids[7], ids[8], ids[12]];
    happen(
      {
        operation: 'organizations:ListAccounts',
        after: 1,
        close_account: closed,
        move_account: { account: moved, to: '/' },
      },
      { operation: 'organizations:ListAccounts', after: 1, remove_account: gone },
      { operation: 'organizations:ListAccounts', after: 1, remove_account: shown },
      { operation: 'organizations:ListAccounts', after: 2, add_account: { id: '999988887777', name: 'New' } },
    );
    const pages = await accountPages();
    // None of those that were there all the time is missing or there twice, though the list became shorter before page 2.
    expect(pages.flat()).toEqual([...ids.filter((id) => id !== gone), '999988887777']);
    const { organizations } = clients(simulator);
    const again = [];
    for await (const page of paginateListAccounts({ client: organizations }, {})) again.push(...(page.Accounts ?? []));
    expect(again.map(({ Id }) => Id)).not.toContain(shown);
    expect(again.find(({ Id }) => Id === closed)).toMatchObject({ State: 'CLOSED', Status: 'SUSPENDED' });
    expect(again.find(({ Id }) => Id === moved)?.Paths).toEqual([`o-exampleorgid/r-exam/${moved}/`]);
    const atTheRoot = await organizations.send(new ListAccountsForParentCommand({ ParentId: 'r-exam' }));
    expect(atTheRoot.Accounts?.map(({ Id }) => Id)).toContain(moved);
  });

  test('the item that a token stands for is gone: nothing is lost', async () => {
    const ids = accountIds();
    happen({ operation: 'organizations:ListAccounts', after: 1, remove_account: ids[4] });
    expect((await accountPages()).flat()).toEqual(ids);
  });

  test('delegations and attachments', async () => {
    const held = simulator.scenario.organization?.delegated_administrators ?? [];
    const [old] = held;
    const policy = simulator.scenario.organization?.policies.find(({ targets }) => targets.length > 0);
    const operation = 'organizations:DescribeOrganization';
    happen({
      operation,
      after: 2,
      register_delegation: {
        account: old?.account ?? '',
        service_principal: 'new.amazonaws.com',
        since: '2026-01-01T00:00:00Z',
      },
      deregister_delegation: { account: old?.account ?? '', service_principal: old?.service_principal ?? '' },
      detach_policy: { policy: policy?.id ?? '', target: policy?.targets[0] ?? '' },
    });
    const { organizations } = clients(simulator);
    const holders = async (ServicePrincipal: string): Promise<(string | undefined)[]> => {
      const list = await organizations.send(new ListDelegatedAdministratorsCommand({ ServicePrincipal }));
      return (list.DelegatedAdministrators ?? []).map(({ Id }) => Id);
    };
    const attachments = async (): Promise<number | undefined> =>
      (await organizations.send(new ListTargetsForPolicyCommand({ PolicyId: policy?.id }))).Targets?.length;
    await organizations.send(new DescribeOrganizationCommand({}));
    expect(await holders('new.amazonaws.com')).toEqual([]);
    const before = (await attachments()) ?? 0;
    await organizations.send(new DescribeOrganizationCommand({}));
    expect(await holders('new.amazonaws.com')).toEqual([old?.account]);
    expect(await holders(old?.service_principal ?? '')).not.toContain(old?.account);
    expect(await attachments()).toBe(before - 1);
  });

  test('only what is meant counts: the Region, the account, and answers without an error', async () => {
    const id = accountIds()[3];
    happen({ operation: 'organizations:ListAccounts', account: MANAGEMENT, after: 1, remove_account: id });
    simulator.fault({ operation: 'organizations:ListAccounts', kind: 'throttle', times: 1 });
    const { organizations } = clients(simulator);
    await failure(organizations.send(new ListAccountsCommand({})));
    expect(accountIds()).toContain(id);
    await organizations.send(new ListAccountsCommand({}));
    expect(accountIds()).not.toContain(id);
  });

  test('a change that changes nothing is refused', () => {
    expect(() => {
      happen({ operation: 'organizations:ListAccounts', after: 1 });
    }).toThrow(/changes\[0\]: a change changes something/);
  });
});

test('whether a kind makes a difference to an operation', () => {
  const forPages = FAULT_KINDS.filter((kind) => !faultApplies(kind, 'organizations:DescribeOrganization'));
  expect(forPages).toEqual(['repeat_token', 'empty_pages', 'overlapping_pages', 'expired_token']);
  expect(FAULT_KINDS.every((kind) => faultApplies(kind, 'organizations:ListAccounts'))).toBe(true);
  expect(faultApplies('empty_pages', 'iam:ListRoles')).toBe(true);
  expect(() => faultApplies('deny', 'organizations:ListNothing')).toThrow(/no operation organizations:ListNothing/);
});
