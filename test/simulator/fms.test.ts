import {
  GetAdminAccountCommand,
  GetAdminScopeCommand,
  ListAdminAccountsForOrganizationCommand,
} from '@aws-sdk/client-fms';
import { expect, test } from 'vitest';
import { startSimulator, type ScenarioInput } from '../../src/simulator/index.js';
import { clients, failure, MANAGEMENT, withSimulator } from './clients.js';

const SECURITY = '222222222222';
const NETWORK = '333333333333';
const scenario: ScenarioInput = {
  name: 'fms',
  organization: {
    management_account_id: MANAGEMENT,
    accounts: [
      { id: MANAGEMENT, name: 'Management' },
      { id: SECURITY, name: 'Security' },
      { id: NETWORK, name: 'Network' },
    ],
  },
  fms: {
    administrators: [
      { account: SECURITY, default: true, role_status: 'CREATING', status: 'ONBOARDING' },
      { account: NETWORK, scope: { RegionScope: { Regions: ['eu-west-1'], AllRegionsEnabled: false } } },
    ],
  },
};

const list = (input = {}) => new ListAdminAccountsForOrganizationCommand(input);
const get = () => new GetAdminAccountCommand({});
const scopeOf = (AdminAccount: string) => new GetAdminScopeCommand({ AdminAccount });

test('the administrators, the default one, and how far they may go', async () => {
  await withSimulator({ scenario }, async (simulator) => {
    const { fms } = clients(simulator);
    expect((await fms.send(list())).AdminAccounts).toEqual([
      { AdminAccount: SECURITY, DefaultAdmin: true, Status: 'ONBOARDING' },
      { AdminAccount: NETWORK, DefaultAdmin: false, Status: 'ONBOARDING_COMPLETE' },
    ]);
    expect(await fms.send(get())).toMatchObject({ AdminAccount: SECURITY, RoleStatus: 'CREATING' });
    expect((await fms.send(scopeOf(SECURITY))).AdminScope?.AccountScope?.AllAccountsEnabled).toBe(true);
    expect(await fms.send(scopeOf(NETWORK))).toMatchObject({
      AdminScope: { RegionScope: { Regions: ['eu-west-1'], AllRegionsEnabled: false } },
      Status: 'ONBOARDING_COMPLETE',
    });
  });
});

test('pages, and what the model forbids', async () => {
  await withSimulator({ scenario }, async (simulator) => {
    const { fms } = clients(simulator);
    const first = await fms.send(list({ MaxResults: 1 }));
    expect(first.AdminAccounts?.map(({ AdminAccount }) => AdminAccount)).toEqual([SECURITY]);
    const second = await fms.send(list({ MaxResults: 1, NextToken: first.NextToken }));
    expect(second.AdminAccounts?.map(({ AdminAccount }) => AdminAccount)).toEqual([NETWORK]);
    const wrong = [
      () => fms.send(list({ MaxResults: 101 })),
      () => fms.send(list({ NextToken: 'broken' })),
      () => fms.send(scopeOf('none')),
    ];
    for (const ask of wrong) {
      expect(await failure(ask())).toMatchObject({ name: 'ValidationException', status: 400 });
    }
  });
});

test('nobody', async () => {
  await withSimulator({ scenario: { ...scenario, fms: {} } }, async (simulator) => {
    const { fms } = clients(simulator);
    for (const ask of [() => fms.send(list()), () => fms.send(get()), () => fms.send(scopeOf(SECURITY))]) {
      expect(await failure(ask())).toMatchObject({ name: 'ResourceNotFoundException', status: 400 });
    }
  });
});

test('a default administrator that the list does not name', async () => {
  const administrators = [{ account: SECURITY, default: true, listed: false }];
  await withSimulator({ scenario: { ...scenario, fms: { administrators } } }, async (simulator) => {
    const { fms } = clients(simulator);
    expect((await fms.send(list())).AdminAccounts).toEqual([]);
    expect((await fms.send(get())).AdminAccount).toBe(SECURITY);
  });
});

test('who may ask what', async () => {
  await withSimulator({ scenario: { ...scenario } }, async (simulator) => {
    const { fms: administrator } = clients(simulator, { account: NETWORK });
    expect(await failure(administrator.send(list()))).toMatchObject({
      name: 'InvalidOperationException',
      message: `${NETWORK} is not the management account of the Organization, Organization management account is ${MANAGEMENT}: `,
    });
    expect((await administrator.send(get())).AdminAccount).toBe(SECURITY);
    expect((await administrator.send(scopeOf(NETWORK))).Status).toBe('ONBOARDING_COMPLETE');
    const refused = {
      name: 'AccessDeniedException',
      message: `Account: ${NETWORK} is not currently delegated by AWS FM.`,
    };
    expect(await failure(administrator.send(scopeOf(SECURITY)))).toMatchObject(refused);
    simulator.change(({ fms }) => {
      fms.administrators.pop();
    });
    expect(await failure(administrator.send(get()))).toMatchObject(refused);
  });
});

test.each([
  ['aws', 'us-east-1', 'eu-west-1'],
  ['aws-cn', 'cn-northwest-1', 'cn-north-1'],
  ['aws-us-gov', 'us-gov-west-1', 'us-gov-east-1'],
] as const)('%s: administrators are asked for in %s, and not in %s', async (partition, region, elsewhere) => {
  await withSimulator({ scenario: { ...scenario, partition } }, async (simulator) => {
    expect((await clients(simulator, { region }).fms.send(get())).AdminAccount).toBe(SECURITY);
    const { fms } = clients(simulator, { region: elsewhere });
    for (const ask of [() => fms.send(list()), () => fms.send(get()), () => fms.send(scopeOf(SECURITY))]) {
      expect((await failure(ask())).name).toBe('InvalidOperationException');
    }
  });
});

test('no more than ten administrators, and no service in a partition without it', async () => {
  const administrators = Array.from({ length: 11 }, (_, index) => ({ account: String(900_000_000_000 + index) }));
  await expect(startSimulator({ scenario: { ...scenario, fms: { administrators } } })).rejects.toThrow('fms');
  await withSimulator({ scenario: { ...scenario, partition: 'aws-eusc' } }, async (simulator) => {
    const { fms } = clients(simulator, { region: 'eusc-de-east-1' });
    expect((await failure(fms.send(get()))).status).toBeUndefined();
  });
});
