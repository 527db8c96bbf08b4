import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListAccountsCommand, ListDelegatedAdministratorsCommand } from '@aws-sdk/client-organizations';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  defineScenario,
  demoScenario,
  largeScenario,
  loadScenario,
  ScenarioError,
  scenarios,
  startSimulator,
} from '../../src/simulator/index.js';
import { clients, withSimulator } from './clients.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scenario-'));
});
afterAll(() => rm(folder, { recursive: true }));

const ORGANIZATION = {
  management_account_id: '111122223333',
  accounts: [{ id: '111122223333', name: 'Management' }],
};

describe('loading', () => {
  test('every built-in scenario', () => {
    expect(scenarios).toEqual(['demo', 'healthy', 'minimal', 'standalone', 'consolidated_billing', 'large', 'bad_day']);
    for (const name of scenarios) expect(loadScenario(name).name).toBe(name);
  });

  test('the same scenario is the same each time, and nobody else sees an edit', () => {
    const first = demoScenario();
    first.organization?.accounts.pop();
    expect(demoScenario().organization?.accounts).toHaveLength(25);
    expect(largeScenario(500)).toEqual(largeScenario(500));
    expect(new Set(largeScenario(50_000).organization?.accounts.map((account) => account.id)).size).toBe(50_000);
  });

  test('a YAML file, with OU paths for parents and targets', async () => {
    const file = join(folder, 'mine.yml');
    await writeFile(
      file,
      `name: mine
organization:
  management_account_id: '111122223333'
  root: {policy_types: [{type: SERVICE_CONTROL_POLICY}]}
  organizational_units: [{path: /Apps}, {path: /Apps/Prod}]
  accounts:
    - {id: '111122223333', name: Management}
    - {id: '012345678901', name: Shop, parent: /Apps/Prod, joined: 2025-01-02T03:04:05Z}
  policies:
    - {id: p-12345678, name: Deny, type: SERVICE_CONTROL_POLICY, content: 'no json', targets: [/Apps/Prod, '012345678901']}
`,
    );
    await withSimulator({ scenario: file }, async (simulator) => {
      const { Accounts } = await clients(simulator).organizations.send(new ListAccountsCommand({}));
      expect(Accounts?.[1]).toMatchObject({ Id: '012345678901', JoinedTimestamp: new Date('2025-01-02T03:04:05Z') });
      expect(Accounts?.[1]?.Paths?.[0]).toMatch(
        /^o-exampleorgid\/r-exam\/ou-exam-[a-z0-9]{8}\/ou-exam-[a-z0-9]{8}\/012345678901\/$/,
      );
    });
  });

  test.each([
    ['nothing.yml', undefined, /nothing\.yml: ENOENT.*exists/],
    ['broken.yml', 'name: [', /broken\.yml: .*YAML/s],
    ['key.yml', 'name: x\nregoins: []', /key\.yml: .*regoins/],
    [
      'id.yml',
      'name: x\norganization: {management_account_id: 1234, accounts: []}',
      /organization\.management_account_id/,
    ],
    ['region.yml', 'name: x\nopted_in_regions: [eu-nowhere-1]', /eu-nowhere-1.*af-south-1/],
  ])('%s says what is wrong and where', async (name, text, message) => {
    const file = join(folder, name);
    if (text !== undefined) await writeFile(file, text);
    expect(() => loadScenario(file)).toThrow(message);
    expect(() => loadScenario(file)).toThrow(ScenarioError);
  });

  test('a name that is none', () => {
    expect(() => loadScenario('dmeo')).toThrow(/dmeo.*demo, healthy, minimal/);
    expect(() => loadScenario('large', { accounts: 50_001 })).toThrow(/10 to 50000/);
  });

  test('accounts goes with large only', async () => {
    await expect(startSimulator({ scenario: 'demo', accounts: 30 })).rejects.toThrow(/scenario large/);
  });
});

describe('what does not hold together is refused', () => {
  const cases: [string, object, RegExp][] = [
    ['no management account', { accounts: [] }, /management_account_id 111122223333/],
    [
      'an account under nothing',
      { accounts: [...ORGANIZATION.accounts, { id: '222222222222', name: 'x', parent: '/Nowhere' }] },
      /222222222222 has the parent \/Nowhere/,
    ],
    ['a child before its parent', { organizational_units: [{ path: '/A/B' }] }, /\/A\/B comes before its parent \/A/],
    [
      'OUs six deep',
      {
        organizational_units: ['/1', '/1/2', '/1/2/3', '/1/2/3/4', '/1/2/3/4/5', '/1/2/3/4/5/6'].map((path) => ({
          path,
        })),
      },
      /five levels/,
    ],
    [
      'the management account as delegate',
      {
        delegated_administrators: [
          { account: '111122223333', service_principal: 'guardduty.amazonaws.com', since: '2026-01-01T00:00:00Z' },
        ],
      },
      /management account holds guardduty/,
    ],
    [
      'a policy of a type that is off',
      { policies: [{ id: 'p-12345678', name: 'x', type: 'TAG_POLICY', content: {}, targets: ['/'] }] },
      /TAG_POLICY is not enabled/,
    ],
  ];
  test.each(cases)('%s', async (_what, organization, message) => {
    const scenario = defineScenario({ name: 'x', organization: { ...ORGANIZATION, ...organization } });
    await expect(startSimulator({ scenario })).rejects.toThrow(message);
  });
});

test('settings that AWS would not have are refused', () => {
  const hub = (settings: object) => () =>
    defineScenario({ name: 'x', securityhub: { organization_configuration: { '*': settings } } });
  expect(hub({ configuration_type: 'CENTRAL', auto_enable: true })).toThrow(/organization_configuration\.\*.*CENTRAL/);
  expect(hub({ configuration_type: 'CENTRAL', auto_enable_standards: 'DEFAULT' })).toThrow(/CENTRAL/);
  expect(hub({ configuration_type: 'LOCAL', status: 'FAILED' })).toThrow(/LOCAL/);
  expect(hub({ configuration_type: 'CENTRAL', status: 'FAILED' })).not.toThrow();
});

test('the settings of the demo have something to find, those of healthy do not', () => {
  const { guardduty, securityhub, macie2, inspector2, detective, securitylake } = demoScenario();
  expect(
    Object.values(guardduty.organization_configuration).map((settings) => settings.auto_enable_organization_members),
  ).toEqual(['ALL', 'NEW', 'NONE']);
  expect(securityhub.organization_configuration['eu-central-1']).toMatchObject({
    auto_enable: false,
    configuration_type: 'CENTRAL',
    status: 'ENABLED',
  });
  expect(Object.values(macie2.organization_configuration).map((settings) => settings.auto_enable)).toEqual([
    true,
    false,
  ]);
  const inspected = Object.values(inspector2.organization_configuration).map(({ auto_enable: { ec2, lambda } }) => [
    ec2,
    lambda,
  ]);
  expect(inspected).toEqual([
    [true, true],
    [true, false],
  ]);
  expect(detective.organization_configuration).toEqual({ '*': { auto_enable: true } });
  expect(securitylake.data_lakes).toHaveLength(securitylake.organization_configuration.length + 1);

  const healthy = loadScenario('healthy');
  expect(healthy.guardduty.organization_configuration['*']?.auto_enable_organization_members).toBe('ALL');
  for (const { except_regions: except, region } of [
    ...healthy.accessanalyzer.analyzers,
    ...healthy.config.aggregators,
    ...healthy.securitylake.organization_configuration,
  ]) {
    expect([region, except]).toEqual(['*', []]);
  }
});

test('an organization changes between two reads; an edit that does not hold together changes nothing', async () => {
  await withSimulator({ scenario: 'minimal' }, async (simulator) => {
    const { organizations } = clients(simulator);
    const delegates = async () => {
      const answer = await organizations.send(new ListDelegatedAdministratorsCommand({}));
      return answer.DelegatedAdministrators?.map((delegate) => delegate.Id);
    };
    expect(await delegates()).toEqual(['222222222222']);
    simulator.change(({ organization }) => {
      for (const delegation of organization?.delegated_administrators ?? []) delegation.account = '333333333333';
    });
    expect(await delegates()).toEqual(['333333333333']);
    expect(() => {
      simulator.change(({ organization }) => {
        for (const delegation of organization?.delegated_administrators ?? []) delegation.account = '444444444444';
      });
    }).toThrow(ScenarioError);
    expect(await delegates()).toEqual(['333333333333']);
    simulator.setScenario('demo');
    expect(await delegates()).toHaveLength(7);
  });
});

test('a port that is taken is an error, not a wait', async () => {
  await withSimulator({ scenario: 'minimal' }, async (simulator) => {
    const port = Number(new URL(simulator.url).port);
    await expect(startSimulator({ scenario: 'minimal', port })).rejects.toThrow(/EADDRINUSE/);
  });
});
