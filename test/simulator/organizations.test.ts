import {
  DescribeAccountCommand,
  DescribeOrganizationalUnitCommand,
  DescribeOrganizationCommand,
  DescribePolicyCommand,
  DescribeResourcePolicyCommand,
  ListAccountsCommand,
  ListAccountsForParentCommand,
  ListAWSServiceAccessForOrganizationCommand,
  ListChildrenCommand,
  ListCreateAccountStatusCommand,
  ListDelegatedAdministratorsCommand,
  ListDelegatedServicesForAccountCommand,
  ListHandshakesForOrganizationCommand,
  ListOrganizationalUnitsForParentCommand,
  ListParentsCommand,
  ListPoliciesCommand,
  ListPoliciesForTargetCommand,
  ListRootsCommand,
  ListTagsForResourceCommand,
  ListTargetsForPolicyCommand,
  paginateListAccounts,
  paginateListTargetsForPolicy,
} from '@aws-sdk/client-organizations';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSimulator, type Simulator } from '../../src/simulator/index.js';
import { clients, failure, withSimulator } from './clients.js';

let simulator: Simulator;
let organizations: ReturnType<typeof clients>['organizations'];

beforeAll(async () => {
  simulator = await startSimulator({ scenario: 'demo' });
  ({ organizations } = clients(simulator));
});
afterAll(() => simulator.close());

describe('what the demo organization says', () => {
  test('the organization and its root', async () => {
    const { Organization } = await organizations.send(new DescribeOrganizationCommand({}));
    expect(Organization).toEqual({
      Id: 'o-exampleorgid',
      Arn: 'arn:aws:organizations::111122223333:organization/o-exampleorgid',
      FeatureSet: 'ALL',
      MasterAccountArn: 'arn:aws:organizations::111122223333:account/o-exampleorgid/111122223333',
      MasterAccountId: '111122223333',
      MasterAccountEmail: 'aws@example.com',
      AvailablePolicyTypes: [{ Type: 'SERVICE_CONTROL_POLICY', Status: 'ENABLED' }],
    });
    const { Roots, NextToken } = await organizations.send(new ListRootsCommand({}));
    expect(NextToken).toBeUndefined();
    expect(Roots).toEqual([
      {
        Id: 'r-exam',
        Arn: 'arn:aws:organizations::111122223333:root/o-exampleorgid/r-exam',
        Name: 'Root',
        PolicyTypes: [
          { Type: 'SERVICE_CONTROL_POLICY', Status: 'ENABLED' },
          { Type: 'RESOURCE_CONTROL_POLICY', Status: 'ENABLED' },
          { Type: 'TAG_POLICY', Status: 'ENABLED' },
          { Type: 'BACKUP_POLICY', Status: 'ENABLED' },
        ],
      },
    ]);
  });

  test('accounts come in pages of 20, with placement', async () => {
    const pages = [];
    for await (const page of paginateListAccounts({ client: organizations }, {})) pages.push(page.Accounts ?? []);
    expect(pages.map((page) => page.length)).toEqual([20, 5]);
    const accounts = pages.flat();
    expect(new Set(accounts.map((account) => account.Id)).size).toBe(25);
    expect(accounts.find((account) => account.Id === '555566667777')).toEqual({
      Id: '555566667777',
      Arn: 'arn:aws:organizations::111122223333:account/o-exampleorgid/555566667777',
      Email: 'aws+network-hub@example.com',
      Name: 'Network Hub',
      Status: 'ACTIVE',
      State: 'ACTIVE',
      Paths: ['o-exampleorgid/r-exam/ou-exam-infrastr/ou-exam-network1/555566667777/'],
      JoinedMethod: 'CREATED',
      JoinedTimestamp: new Date('2019-04-02T09:00:00Z'),
    });
    // Status has no CLOSED.
    expect(accounts.find((account) => account.Id === '262626262626')).toMatchObject({
      Status: 'SUSPENDED',
      State: 'CLOSED',
    });
  });

  test('the tree, from both ends', async () => {
    const units = await organizations.send(new ListOrganizationalUnitsForParentCommand({ ParentId: 'r-exam' }));
    expect(units.OrganizationalUnits?.map((unit) => unit.Name)).toEqual([
      'Security',
      'Infrastructure',
      'Workloads',
      'Sandbox',
      'Suspended',
    ]);
    const { OrganizationalUnit } = await organizations.send(
      new DescribeOrganizationalUnitCommand({ OrganizationalUnitId: 'ou-exam-network1' }),
    );
    expect(OrganizationalUnit).toEqual({
      Id: 'ou-exam-network1',
      Arn: 'arn:aws:organizations::111122223333:ou/o-exampleorgid/ou-exam-network1',
      Name: 'Network',
      Path: 'o-exampleorgid/r-exam/ou-exam-infrastr/ou-exam-network1/',
    });
    const inNetwork = await organizations.send(new ListAccountsForParentCommand({ ParentId: 'ou-exam-network1' }));
    expect(inNetwork.Accounts?.map((account) => account.Id)).toEqual(['555566667777', '666677778888']);
    const children = await organizations.send(
      new ListChildrenCommand({ ParentId: 'ou-exam-infrastr', ChildType: 'ORGANIZATIONAL_UNIT' }),
    );
    expect(children.Children).toEqual([
      { Id: 'ou-exam-network1', Type: 'ORGANIZATIONAL_UNIT' },
      { Id: 'ou-exam-sharedsv', Type: 'ORGANIZATIONAL_UNIT' },
    ]);
    const above = await organizations.send(new ListParentsCommand({ ChildId: '555566667777' }));
    expect(above.Parents).toEqual([{ Id: 'ou-exam-network1', Type: 'ORGANIZATIONAL_UNIT' }]);
    const top = await organizations.send(new ListParentsCommand({ ChildId: '111122223333' }));
    expect(top.Parents).toEqual([{ Id: 'r-exam', Type: 'ROOT' }]);
    const { Account } = await organizations.send(new DescribeAccountCommand({ AccountId: '012345678901' }));
    expect(Account?.Name).toBe('Sandbox Ada');
  });

  test('policies, their texts and what they are attached to', async () => {
    const { Policies } = await organizations.send(new ListPoliciesCommand({ Filter: 'SERVICE_CONTROL_POLICY' }));
    expect(Policies?.map((policy) => policy.Name)).toContain('DenyLeaveOrganization');
    expect(Policies?.find((policy) => policy.AwsManaged)).toEqual({
      Id: 'p-FullAWSAccess',
      Arn: 'arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess',
      Name: 'FullAWSAccess',
      Description: 'Allows access to every operation',
      Type: 'SERVICE_CONTROL_POLICY',
      AwsManaged: true,
    });
    const { Policy } = await organizations.send(new DescribePolicyCommand({ PolicyId: 'p-denyleave001' }));
    expect(Policy?.PolicySummary?.Arn).toBe(
      'arn:aws:organizations::111122223333:policy/o-exampleorgid/service_control_policy/p-denyleave001',
    );
    expect(JSON.parse(Policy?.Content ?? '')).toMatchObject({ Version: '2012-10-17' });
    const { Targets } = await organizations.send(new ListTargetsForPolicyCommand({ PolicyId: 'p-denyleave001' }));
    expect(Targets?.[0]).toEqual({
      TargetId: 'ou-exam-security1',
      Arn: 'arn:aws:organizations::111122223333:ou/o-exampleorgid/ou-exam-security1',
      Name: 'Security',
      Type: 'ORGANIZATIONAL_UNIT',
    });
    const onRoot = await organizations.send(
      new ListPoliciesForTargetCommand({ TargetId: 'r-exam', Filter: 'SERVICE_CONTROL_POLICY' }),
    );
    expect(onRoot.Policies?.map((policy) => policy.Id)).toEqual(['p-protectdetect', 'p-FullAWSAccess']);
  });

  test('AWS attaches FullAWSAccess to the root, each OU and each account', async () => {
    const targets = [];
    const pages = paginateListTargetsForPolicy({ client: organizations }, { PolicyId: 'p-FullAWSAccess' });
    for await (const page of pages) targets.push(...(page.Targets ?? []));
    expect(targets).toHaveLength(1 + 9 + 25);
    expect(targets.map((target) => target.Type)).toContain('ROOT');
  });

  test('a policy type that is not enabled has no policies', async () => {
    const { Policies } = await organizations.send(new ListPoliciesCommand({ Filter: 'CHATBOT_POLICY' }));
    expect(Policies).toEqual([]);
  });

  test('delegation: trusted access, administrators and their services', async () => {
    const access = await organizations.send(new ListAWSServiceAccessForOrganizationCommand({}));
    expect(access.EnabledServicePrincipals).toHaveLength(20);
    expect(access.NextToken).toBeTypeOf('string');
    expect(access.EnabledServicePrincipals?.[0]).toEqual({
      ServicePrincipal: 'cloudtrail.amazonaws.com',
      DateEnabled: new Date('2019-03-05T10:00:00Z'),
    });

    const everyone = await organizations.send(new ListDelegatedAdministratorsCommand({}));
    expect(everyone.DelegatedAdministrators?.map((delegate) => delegate.Id)).toEqual([
      '222233334444',
      '333344445555',
      '555566667777',
      '777788889999',
      '888899990000',
      '999900001111',
      '121212121212',
    ]);
    // DelegatedAdministrator has no Paths in the model.
    expect(Object.keys(everyone.DelegatedAdministrators?.[0] ?? {})).not.toContain('Paths');
    const trails = await organizations.send(
      new ListDelegatedAdministratorsCommand({ ServicePrincipal: 'cloudtrail.amazonaws.com' }),
    );
    expect(trails.DelegatedAdministrators?.map((delegate) => delegate.Id)).toEqual(['222233334444', '333344445555']);
    const services = await organizations.send(
      new ListDelegatedServicesForAccountCommand({ AccountId: '121212121212' }),
    );
    expect(services.DelegatedServices).toEqual([
      { ServicePrincipal: 'inspector2.amazonaws.com', DelegationEnabledDate: new Date('2023-03-08T10:00:00Z') },
    ]);
    const { ResourcePolicy } = await organizations.send(new DescribeResourcePolicyCommand({}));
    expect(ResourcePolicy?.ResourcePolicySummary).toEqual({
      Id: 'rp-exampledeleg',
      Arn: 'arn:aws:organizations::111122223333:resourcepolicy/o-exampleorgid/rp-exampledeleg',
    });
    expect((JSON.parse(ResourcePolicy?.Content ?? '') as { Statement: unknown[] }).Statement).toHaveLength(4);
  });

  test('handshakes, account creations and tags', async () => {
    const { Handshakes } = await organizations.send(new ListHandshakesForOrganizationCommand({}));
    expect(Handshakes?.map((handshake) => handshake.State)).toEqual(['OPEN', 'EXPIRED']);
    expect(Handshakes?.[0]?.Arn).toBe(
      'arn:aws:organizations::111122223333:handshake/o-exampleorgid/invite/h-exampleopen01',
    );
    const features = await organizations.send(
      new ListHandshakesForOrganizationCommand({ Filter: { ActionType: 'ENABLE_ALL_FEATURES' } }),
    );
    expect(features.Handshakes).toEqual([]);
    const failed = await organizations.send(new ListCreateAccountStatusCommand({ States: ['FAILED'] }));
    expect(failed.CreateAccountStatuses?.map((status) => status.FailureReason)).toEqual(['EMAIL_ALREADY_EXISTS']);
    for (const [id, tags] of [
      ['121212121212', ['team', 'pci']],
      ['ou-exam-prod0001', ['environment']],
      ['r-exam', ['company']],
      ['p-denyleave001', []],
      ['rp-exampledeleg', []],
    ] as const) {
      const { Tags } = await organizations.send(new ListTagsForResourceCommand({ ResourceId: id }));
      expect(Tags?.map((tag) => tag.Key)).toEqual(tags);
    }
  });
});

describe('pages', () => {
  test('a token belongs to its operation, its filter and its caller', async () => {
    const first = await organizations.send(new ListAccountsCommand({ MaxResults: 2 }));
    const token = first.NextToken ?? '';
    const wrong = { name: 'InvalidInputException', status: 400, reason: 'INVALID_NEXT_TOKEN' };

    // MaxResults may change on the way.
    const second = await organizations.send(new ListAccountsCommand({ MaxResults: 3, NextToken: token }));
    expect(second.Accounts?.map((account) => account.Name)).toEqual([
      'Log Archive',
      'Incident Response',
      'Network Hub',
    ]);

    const otherOperation = new ListDelegatedAdministratorsCommand({ NextToken: token });
    expect(await failure(organizations.send(otherOperation))).toMatchObject(wrong);
    const security = clients(simulator, { account: '222233334444' }).organizations;
    expect(await failure(security.send(new ListAccountsCommand({ NextToken: token })))).toMatchObject(wrong);
    expect(await failure(organizations.send(new ListAccountsCommand({ NextToken: `${token}x` })))).toMatchObject(wrong);
    expect(await failure(organizations.send(new ListAccountsCommand({ NextToken: 'MjAtMQ' })))).toMatchObject(wrong);

    const policies = await organizations.send(
      new ListPoliciesCommand({ Filter: 'SERVICE_CONTROL_POLICY', MaxResults: 1 }),
    );
    const otherFilter = new ListPoliciesCommand({ Filter: 'TAG_POLICY', NextToken: policies.NextToken });
    expect(await failure(organizations.send(otherFilter))).toMatchObject(wrong);
  });

  test('empty_pages: nothing is lost, and some pages are empty', async () => {
    await withSimulator({ scenario: { ...simulator.scenario, empty_pages: true, page_size: 5 } }, async (slow) => {
      const sizes: number[] = [];
      const ids = new Set<string | undefined>();
      for await (const page of paginateListAccounts({ client: clients(slow).organizations }, {})) {
        sizes.push(page.Accounts?.length ?? -1);
        for (const account of page.Accounts ?? []) ids.add(account.Id);
      }
      expect(sizes).toEqual([0, 5, 5, 0, 5, 5, 0, 5]);
      expect(ids.size).toBe(25);
    });
  });
});

describe('input is held against the model', () => {
  const cases: [string, () => Promise<unknown>, string, string][] = [
    [
      'MaxResults 21',
      () => organizations.send(new ListAccountsCommand({ MaxResults: 21 })),
      'InvalidInputException',
      'MAX_VALUE_EXCEEDED',
    ],
    [
      'MaxResults 0',
      () => organizations.send(new ListAccountsCommand({ MaxResults: 0 })),
      'InvalidInputException',
      'MIN_VALUE_EXCEEDED',
    ],
    [
      'an account id of 11 digits',
      () => organizations.send(new DescribeAccountCommand({ AccountId: '12345678901' })),
      'InvalidInputException',
      'INVALID_PATTERN',
    ],
    [
      'a policy id',
      () => organizations.send(new DescribePolicyCommand({ PolicyId: 'policy' })),
      'InvalidInputException',
      'INVALID_SYNTAX_POLICY_ID',
    ],
    [
      'a target id',
      () => organizations.send(new ListPoliciesForTargetCommand({ TargetId: 'x', Filter: 'TAG_POLICY' })),
      'InvalidInputException',
      'INVALID_PATTERN_TARGET_ID',
    ],
    [
      'a policy type',
      () => organizations.send(new ListPoliciesCommand({ Filter: 'NO_POLICY' as 'TAG_POLICY' })),
      'InvalidInputException',
      'INVALID_ENUM_POLICY_TYPE',
    ],
    [
      'a required member',
      () => organizations.send(new ListAccountsForParentCommand({ ParentId: undefined })),
      'InvalidInputException',
      'INPUT_REQUIRED',
    ],
    [
      'two handshake filters',
      () =>
        organizations.send(
          new ListHandshakesForOrganizationCommand({
            Filter: { ActionType: 'INVITE', ParentHandshakeId: 'h-exampleopen01' },
          }),
        ),
      'InvalidInputException',
      'MAX_FILTER_LIMIT_EXCEEDED',
    ],
  ];
  test.each(cases)('%s', async (_what, send, name, reason) => {
    expect(await failure(send())).toMatchObject({ name, reason, status: 400 });
  });

  const missing: [string, () => Promise<unknown>][] = [
    ['AccountNotFoundException', () => organizations.send(new DescribeAccountCommand({ AccountId: '000000000000' }))],
    ['ParentNotFoundException', () => organizations.send(new ListAccountsForParentCommand({ ParentId: 'r-none' }))],
    ['ChildNotFoundException', () => organizations.send(new ListParentsCommand({ ChildId: '000000000000' }))],
    [
      'OrganizationalUnitNotFoundException',
      () => organizations.send(new DescribeOrganizationalUnitCommand({ OrganizationalUnitId: 'ou-none-12345678' })),
    ],
    ['PolicyNotFoundException', () => organizations.send(new DescribePolicyCommand({ PolicyId: 'p-none0000' }))],
    [
      'TargetNotFoundException',
      () => organizations.send(new ListPoliciesForTargetCommand({ TargetId: '000000000000', Filter: 'TAG_POLICY' })),
    ],
    [
      'AccountNotRegisteredException',
      () => organizations.send(new ListDelegatedServicesForAccountCommand({ AccountId: '131313131313' })),
    ],
  ];
  test.each(missing)('%s', async (name, send) => {
    expect(await failure(send())).toMatchObject({ name, status: 400 });
  });
});

describe('other organizations', () => {
  test('standalone: no organization for anyone', async () => {
    await withSimulator({ scenario: 'standalone' }, async (alone) => {
      const { organizations: own } = clients(alone);
      for (const send of [
        () => own.send(new DescribeOrganizationCommand({})),
        () => own.send(new ListRootsCommand({})),
        () => own.send(new DescribeResourcePolicyCommand({})),
      ]) {
        expect(await failure(send())).toMatchObject({
          name: 'AWSOrganizationsNotInUseException',
          message: 'Your account is not a member of an organization.',
          status: 400,
        });
      }
    });
  });

  test('consolidated billing: no policies and no service integration', async () => {
    await withSimulator({ scenario: 'consolidated_billing' }, async (billing) => {
      const { organizations: own } = clients(billing);
      const { Organization } = await own.send(new DescribeOrganizationCommand({}));
      expect(Organization).toMatchObject({ FeatureSet: 'CONSOLIDATED_BILLING', AvailablePolicyTypes: [] });
      const { Roots } = await own.send(new ListRootsCommand({}));
      expect(Roots?.[0]?.PolicyTypes).toEqual([]);
      const { Policies } = await own.send(new ListPoliciesCommand({ Filter: 'SERVICE_CONTROL_POLICY' }));
      expect(Policies).toEqual([]);
      for (const send of [
        () => own.send(new ListAWSServiceAccessForOrganizationCommand({})),
        () => own.send(new ListDelegatedAdministratorsCommand({})),
        () => own.send(new DescribeResourcePolicyCommand({})),
      ]) {
        expect(await failure(send())).toMatchObject({
          name: 'ConstraintViolationException',
          reason: 'ORGANIZATION_NOT_IN_ALL_FEATURES_MODE',
        });
      }
    });
  });

  test('minimal: no delegation policy', async () => {
    await withSimulator({ scenario: 'minimal' }, async (minimal) => {
      expect(await failure(clients(minimal).organizations.send(new DescribeResourcePolicyCommand({})))).toMatchObject({
        name: 'ResourcePolicyNotFoundException',
        status: 400,
      });
    });
  });

  test('omit_paths: an older server; omit_status: a newer one', async () => {
    await withSimulator({ scenario: 'minimal' }, async (server) => {
      const { organizations: own } = clients(server);
      server.change((scenario) => {
        scenario.omit_paths = true;
      });
      const old = await own.send(new ListAccountsCommand({}));
      expect(Object.keys(old.Accounts?.[1] ?? {}).sort()).toEqual(
        ['Arn', 'Email', 'Id', 'JoinedMethod', 'JoinedTimestamp', 'Name', 'Status'].sort(),
      );
      const units = await own.send(new ListOrganizationalUnitsForParentCommand({ ParentId: 'r-exam' }));
      expect(units.OrganizationalUnits?.map((unit) => unit.Path)).toEqual([undefined]);
      server.change((scenario) => {
        scenario.omit_paths = false;
        scenario.omit_status = true;
      });
      const young = await own.send(new ListAccountsCommand({}));
      expect(young.Accounts?.[1]).toMatchObject({ State: 'ACTIVE' });
      expect(young.Accounts?.[1]).not.toHaveProperty('Status');
    });
  });

  test('large: OUs five deep, 200 policies, 8 administrators, and the last of 20,000 accounts', async () => {
    await withSimulator({ accounts: 20_000 }, async (large) => {
      const { organizations: own } = clients(large);
      const { organization } = large.scenario;
      const last = organization?.accounts.at(-1)?.id ?? '';
      expect(organization?.accounts).toHaveLength(20_000);
      const { Account } = await own.send(new DescribeAccountCommand({ AccountId: last }));
      expect(Account?.Id).toBe(last);
      expect(organization?.policies).toHaveLength(200);
      const depths = organization?.organizational_units.map((unit) => unit.path.split('/').length - 1) ?? [];
      expect(Math.max(...depths)).toBe(5);
      const administrators = await own.send(new ListDelegatedAdministratorsCommand({}));
      expect(administrators.DelegatedAdministrators).toHaveLength(8);
      let count = 0;
      for await (const page of paginateListAccounts({ client: own }, {})) count += page.Accounts?.length ?? 0;
      expect(count).toBe(20_000);
    });
  });
});
