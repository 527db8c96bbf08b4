import {
  DescribeOrganizationConfigurationCommand,
  GetDelegatedAdminAccountCommand,
  ListDelegatedAdminAccountsCommand,
} from '@aws-sdk/client-inspector2';
import { expect, test } from 'vitest';
import type { ScenarioInput } from '../../src/simulator/index.js';
import { clients, failure, MANAGEMENT, withSimulator } from './clients.js';

const SECURITY = '222222222222';
const scenario: ScenarioInput = {
  name: 'inspector2',
  organization: {
    management_account_id: MANAGEMENT,
    accounts: [
      { id: MANAGEMENT, name: 'Management' },
      { id: SECURITY, name: 'Security' },
    ],
  },
  inspector2: {
    administrators: {
      '*': { account: SECURITY },
      'eu-west-1': null,
      'eu-west-2': Array.from({ length: 6 }, (_, index) => ({ account: `90000000000${index}` })),
      'eu-west-3': { account: SECURITY, status: 'DISABLE_IN_PROGRESS', relationship_status: 'REMOVED' },
    },
    not_enabled: ['us-west-2'],
    organization_configuration: {
      '*': { auto_enable: { ec2: true, ecr: true, lambda: true } },
      'eu-west-3': { max_account_limit_reached: true },
    },
    absent_regions: ['us-west-1'],
  },
};

const list = (input = {}) => new ListDelegatedAdminAccountsCommand(input);
const get = () => new GetDelegatedAdminAccountCommand({});

test('one in each Region, or nobody, in the words of both operations', async () => {
  await withSimulator({ scenario }, async (simulator) => {
    const { inspector2: home } = clients(simulator);
    expect((await home.send(list())).delegatedAdminAccounts).toEqual([{ accountId: SECURITY, status: 'ENABLED' }]);
    expect((await home.send(get())).delegatedAdmin).toEqual({ accountId: SECURITY, relationshipStatus: 'ENABLED' });

    const { inspector2: leaving } = clients(simulator, { region: 'eu-west-3' });
    expect((await leaving.send(list())).delegatedAdminAccounts?.[0]?.status).toBe('DISABLE_IN_PROGRESS');
    expect((await leaving.send(get())).delegatedAdmin?.relationshipStatus).toBe('REMOVED');

    for (const region of ['eu-west-1', 'us-west-2']) {
      const { inspector2: nobody } = clients(simulator, { region });
      expect((await nobody.send(list())).delegatedAdminAccounts).toEqual([]);
      expect(await failure(nobody.send(get()))).toMatchObject({ name: 'ResourceNotFoundException', status: 404 });
    }
  });
});

test('five on a page; tokens and limits are checked', async () => {
  await withSimulator({ scenario }, async (simulator) => {
    const { inspector2 } = clients(simulator, { region: 'eu-west-2' });
    const first = await inspector2.send(list());
    expect(first.delegatedAdminAccounts).toHaveLength(5);
    const second = await inspector2.send(list({ nextToken: first.nextToken }));
    expect(second.delegatedAdminAccounts).toEqual([{ accountId: '900000000005', status: 'ENABLED' }]);
    expect(second.nextToken).toBeUndefined();
    for (const wrong of [{ maxResults: 0 }, { maxResults: 6 }, { nextToken: 'broken' }]) {
      expect(await failure(inspector2.send(list(wrong)))).toMatchObject({ name: 'ValidationException', status: 400 });
    }
  });
});

test('who may ask: the list is for the management account, the other call for members too', async () => {
  await withSimulator({ scenario: { ...scenario, denied: [] } }, async (simulator) => {
    const { inspector2: member } = clients(simulator, { account: SECURITY });
    expect(await failure(member.send(list()))).toMatchObject({ name: 'AccessDeniedException', status: 403 });
    expect((await member.send(get())).delegatedAdmin?.accountId).toBe(SECURITY);
    const { inspector2: stranger } = clients(simulator, { account: '999999999999' });
    expect(await failure(stranger.send(get()))).toMatchObject({ name: 'AccessDeniedException', status: 403 });

    simulator.change((edited) => {
      edited.denied = ['inspector2:Get*'];
    });
    const { inspector2 } = clients(simulator);
    expect((await failure(inspector2.send(get()))).message).toContain('inspector2:GetDelegatedAdminAccount');
  });
});

test('where it does not exist the connection ends', async () => {
  await withSimulator({ scenario }, async (simulator) => {
    const { inspector2 } = clients(simulator, { region: 'us-west-1' });
    expect((await failure(inspector2.send(list()))).status).toBeUndefined();
  });
});

test('settings: for the delegated administrator alone', async () => {
  await withSimulator({ scenario }, async (simulator) => {
    const describe = async (account: string, region: string) => {
      const { inspector2 } = clients(simulator, { account, region });
      const { autoEnable, maxAccountLimitReached } = await inspector2.send(
        new DescribeOrganizationConfigurationCommand({}),
      );
      return { autoEnable, maxAccountLimitReached };
    };
    expect(await describe(SECURITY, 'us-east-1')).toEqual({
      autoEnable: { ec2: true, ecr: true, lambda: true, lambdaCode: false, codeRepository: false },
      maxAccountLimitReached: false,
    });
    // What AWS has before anybody changes it.
    expect(await describe(SECURITY, 'eu-west-3')).toEqual({
      autoEnable: { ec2: false, ecr: false, lambda: false, lambdaCode: false, codeRepository: false },
      maxAccountLimitReached: true,
    });
    for (const [account, region] of [
      [MANAGEMENT, 'us-east-1'],
      [SECURITY, 'eu-west-1'],
      [SECURITY, 'us-west-2'],
    ] as const) {
      expect(await failure(describe(account, region))).toMatchObject({
        name: 'AccessDeniedException',
        message: 'Invoking account does not have access to describe the organization configuration.',
        status: 403,
      });
    }
  });
});
