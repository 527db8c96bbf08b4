import { DescribeRegionsCommand } from '@aws-sdk/client-ec2';
import { ListDetectorsCommand, ListOrganizationAdminAccountsCommand } from '@aws-sdk/client-guardduty';
import {
  DescribeOrganizationCommand,
  DescribePolicyCommand,
  ListAccountsCommand,
  ListDelegatedAdministratorsCommand,
  ListPoliciesCommand,
  ListRootsCommand,
} from '@aws-sdk/client-organizations';
import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startSimulator, type Simulator } from '../../src/simulator/index.js';
import { clients, failure, MANAGEMENT, withSimulator } from './clients.js';

const SECURITY = '222233334444';
const WORKLOAD = '131313131313';

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator({ scenario: 'demo' });
});
afterEach(() => simulator.close());

describe('who may call', () => {
  test('a delegated administrator reads, an ordinary member only describes the organization', async () => {
    const delegate = clients(simulator, { account: SECURITY }).organizations;
    expect((await delegate.send(new ListAccountsCommand({}))).Accounts).toHaveLength(20);

    const member = clients(simulator, { account: WORKLOAD }).organizations;
    const { Organization } = await member.send(new DescribeOrganizationCommand({}));
    expect(Organization?.MasterAccountId).toBe(MANAGEMENT);
    expect(await failure(member.send(new ListAccountsCommand({})))).toEqual({
      name: 'AccessDeniedException',
      message: "You don't have permissions to access this resource.",
      status: 400,
      reason: undefined,
    });
  });

  test('the delegation policy opens what it names, with its condition', async () => {
    simulator.change(({ organization }) => {
      if (!organization) return;
      organization.resource_policy = {
        id: 'rp-test',
        tags: {},
        content: {
          Version: '2012-10-17',
          Statement: [
            { Effect: 'Allow', Principal: { AWS: WORKLOAD }, Action: 'organizations:ListRoots', Resource: '*' },
            {
              Effect: 'Allow',
              Principal: { AWS: `arn:aws:iam::${WORKLOAD}:root` },
              Action: ['organizations:ListPolicies'],
              Resource: '*',
              Condition: { StringEquals: { 'organizations:PolicyType': 'TAG_POLICY' } },
            },
          ],
        },
      };
    });
    const member = clients(simulator, { account: WORKLOAD }).organizations;
    expect((await member.send(new ListRootsCommand({}))).Roots).toHaveLength(1);
    expect((await member.send(new ListPoliciesCommand({ Filter: 'TAG_POLICY' }))).Policies).toHaveLength(1);
    const other = member.send(new ListPoliciesCommand({ Filter: 'SERVICE_CONTROL_POLICY' }));
    expect((await failure(other)).name).toBe('AccessDeniedException');
    expect((await failure(member.send(new ListAccountsCommand({})))).name).toBe('AccessDeniedException');
  });

  test('a key of an account outside of the organization', async () => {
    const stranger = clients(simulator, { account: '000000000001' });
    expect((await failure(stranger.organizations.send(new DescribeOrganizationCommand({})))).name).toBe(
      'AWSOrganizationsNotInUseException',
    );
    expect((await stranger.sts.send(new GetCallerIdentityCommand({}))).Account).toBe('000000000001');
  });

  test('any other key is the management account, and a scenario can name keys', async () => {
    const unknown = { accessKeyId: 'test', secretAccessKey: 'test' };
    const { sts } = clients(simulator, { credentials: unknown });
    expect((await sts.send(new GetCallerIdentityCommand({}))).Account).toBe(MANAGEMENT);
    simulator.change((scenario) => {
      scenario.keys['test'] = { account: SECURITY, denied: [] };
    });
    expect((await sts.send(new GetCallerIdentityCommand({}))).Account).toBe(SECURITY);
  });
});

describe('IAM', () => {
  test('denied by action, in the words of AWS', async () => {
    simulator.change((scenario) => {
      scenario.denied = ['organizations:ListRoots', 'guardduty:List*', 'ec2:*', 'sts:GetCallerIdentity'];
    });
    const { organizations, guardduty, ec2, sts } = clients(simulator);
    expect(await failure(organizations.send(new ListRootsCommand({})))).toMatchObject({
      name: 'AccessDeniedException',
      message:
        'User: arn:aws:iam::111122223333:user/simulated is not authorized to perform: organizations:ListRoots on resource: * because no identity-based policy allows the organizations:ListRoots action',
      status: 400,
    });
    expect(await failure(guardduty.send(new ListOrganizationAdminAccountsCommand({})))).toMatchObject({
      name: 'AccessDeniedException',
      status: 403,
    });
    expect(await failure(ec2.send(new DescribeRegionsCommand({})))).toMatchObject({
      name: 'UnauthorizedOperation',
      status: 403,
    });
    // Needs no permission, so nothing denies it.
    expect((await sts.send(new GetCallerIdentityCommand({}))).Account).toBe(MANAGEMENT);
    expect((await organizations.send(new ListAccountsCommand({}))).Accounts).toHaveLength(20);
  });

  test('denied for one resource, one Region or one account only', async () => {
    simulator.change((scenario) => {
      scenario.denied = [
        { action: 'organizations:DescribePolicy', resource: 'p-denyleave001' },
        { action: 'guardduty:*', region: 'eu-west-1' },
        { action: 'organizations:ListAccounts', account: SECURITY },
      ];
    });
    const { organizations } = clients(simulator);
    const denied = await failure(organizations.send(new DescribePolicyCommand({ PolicyId: 'p-denyleave001' })));
    expect(denied.message).toContain(
      'on resource: arn:aws:organizations::111122223333:policy/o-exampleorgid/service_control_policy/p-denyleave001',
    );
    const other = await organizations.send(new DescribePolicyCommand({ PolicyId: 'p-quarantine01' }));
    expect(other.Policy?.PolicySummary?.Name).toBe('Quarantine');

    const list = new ListOrganizationAdminAccountsCommand({});
    const ireland = clients(simulator, { region: 'eu-west-1' }).guardduty;
    expect((await failure(ireland.send(list))).name).toBe('AccessDeniedException');
    expect((await clients(simulator, { region: 'eu-west-2' }).guardduty.send(list)).AdminAccounts).toHaveLength(1);

    const delegate = clients(simulator, { account: SECURITY }).organizations;
    expect((await failure(delegate.send(new ListAccountsCommand({})))).name).toBe('AccessDeniedException');
    expect((await organizations.send(new ListAccountsCommand({}))).Accounts).toHaveLength(20);
  });

  test('allowed: everything else is denied', async () => {
    simulator.change((scenario) => {
      scenario.allowed = ['organizations:Describe*'];
    });
    const { organizations } = clients(simulator);
    expect((await organizations.send(new DescribeOrganizationCommand({}))).Organization?.Id).toBe('o-exampleorgid');
    expect((await failure(organizations.send(new ListRootsCommand({})))).name).toBe('AccessDeniedException');
  });
});

describe('AssumeRole', () => {
  const RoleArn = `arn:aws:iam::${SECURITY}:role/audit/OrgAudit`;

  test('gives credentials of the account of the role, for the SDK providers too', async () => {
    const { sts } = clients(simulator);
    const answer = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'sync' }));
    expect(answer.AssumedRoleUser?.Arn).toBe(`arn:aws:sts::${SECURITY}:assumed-role/OrgAudit/sync`);
    const {
      AccessKeyId: accessKeyId = '',
      SecretAccessKey: secretAccessKey = '',
      SessionToken: sessionToken = '',
    } = answer.Credentials ?? {};
    expect(accessKeyId).toMatch(/^ASIA222233334444\w{4}$/);
    const assumed = clients(simulator, { credentials: { accessKeyId, secretAccessKey, sessionToken } });
    expect((await assumed.sts.send(new GetCallerIdentityCommand({}))).Arn).toBe(answer.AssumedRoleUser?.Arn);

    // Without its session token the key is nobody's.
    const halved = clients(simulator, { credentials: { accessKeyId, secretAccessKey } });
    expect(await failure(halved.sts.send(new GetCallerIdentityCommand({})))).toMatchObject({
      name: 'InvalidClientTokenId',
      status: 403,
    });
    const provider = fromTemporaryCredentials({
      params: { RoleArn, RoleSessionName: 'sync' },
      masterCredentials: { accessKeyId: `AKIA${MANAGEMENT}TEST`, secretAccessKey: 'any' },
      clientConfig: { endpoint: simulator.url, region: 'us-east-1' },
    });
    expect((await provider()).accessKeyId).toMatch(/^ASIA222233334444\w{4}$/);
  });

  test('a role that is listed: the external id must fit, and its rights hold', async () => {
    simulator.change((scenario) => {
      scenario.roles = [{ arn: RoleArn, external_id: 'audit-2026', denied: ['organizations:ListRoots'] }];
    });
    const { sts } = clients(simulator);
    const assume = (more: object, arn = RoleArn) =>
      sts.send(new AssumeRoleCommand({ RoleArn: arn, RoleSessionName: 'sync', ...more }));
    const refused = {
      name: 'AccessDenied',
      status: 403,
      message: `User: arn:aws:iam::${MANAGEMENT}:user/simulated is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`,
    };
    expect(await failure(assume({}))).toMatchObject(refused);
    expect(await failure(assume({ ExternalId: 'wrong' }))).toMatchObject(refused);
    expect((await failure(assume({}, `arn:aws:iam::${SECURITY}:role/Other`))).name).toBe('AccessDenied');

    const { Credentials } = await assume({ ExternalId: 'audit-2026' });
    const credentials = {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    };
    const { organizations } = clients(simulator, { credentials });
    expect((await failure(organizations.send(new ListRootsCommand({})))).message).toContain(
      `arn:aws:sts::${SECURITY}:assumed-role/OrgAudit/sync is not authorized`,
    );
    expect((await organizations.send(new ListAccountsCommand({}))).Accounts).toHaveLength(20);
  });

  test('why it is refused is not said: external id, no such role, suspended account, trust policy', async () => {
    simulator.change((scenario) => {
      scenario.roles = [
        { arn: 'arn:aws:iam::*:role/OrgAudit', external_id: 'audit-2026', denied: [] },
        { arn: `arn:aws:iam::${WORKLOAD}:role/Deploy`, trusts: [WORKLOAD], denied: [] },
      ];
    });
    const { sts } = clients(simulator);
    const assume = (arn: string, ExternalId?: string) =>
      sts.send(new AssumeRoleCommand({ RoleArn: arn, RoleSessionName: 'sync', ExternalId }));
    for (const [arn, externalId] of [
      [`arn:aws:iam::${SECURITY}:role/OrgAudit`, 'wrong'],
      [`arn:aws:iam::${SECURITY}:role/OrgAudit`],
      [`arn:aws:iam::${SECURITY}:role/orgaudit`, 'audit-2026'],
      [`arn:aws:iam::${SECURITY}:role/Nowhere`],
      ['arn:aws:iam::252525252525:role/OrgAudit', 'audit-2026'],
      [`arn:aws:iam::${WORKLOAD}:role/Deploy`],
    ] as const) {
      expect(await failure(assume(arn, externalId))).toMatchObject({
        name: 'AccessDenied',
        message: `User: arn:aws:iam::${MANAGEMENT}:user/simulated is not authorized to perform: sts:AssumeRole on resource: ${arn}`,
        status: 403,
      });
    }
    // One line for every account.
    for (const account of [MANAGEMENT, SECURITY, WORKLOAD]) {
      const { AssumedRoleUser } = await assume(`arn:aws:iam::${account}:role/OrgAudit`, 'audit-2026');
      expect(AssumedRoleUser?.Arn).toBe(`arn:aws:sts::${account}:assumed-role/OrgAudit/sync`);
    }
  });

  test('a trust policy names accounts, roots, users and roles; without one it is the organization', async () => {
    const wanted = `arn:aws:iam::${WORKLOAD}:role/OrgAudit`;
    const assumedBy = async (trusts: string[] | undefined, caller: Parameters<typeof clients>[1]) => {
      simulator.change((scenario) => {
        scenario.roles = [
          { arn: wanted, ...(trusts && { trusts }), denied: [] },
          { arn: 'arn:aws:iam::*:role/*', denied: [] },
        ];
      });
      const { sts } = clients(simulator, caller);
      try {
        await sts.send(new AssumeRoleCommand({ RoleArn: wanted, RoleSessionName: 'sync' }));
        return true;
      } catch (error) {
        expect((error as Error).name).toBe('AccessDenied');
        return false;
      }
    };
    const { Credentials } = await clients(simulator).sts.send(
      new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${SECURITY}:role/ci/Sync`, RoleSessionName: 'run' }),
    );
    const role = {
      credentials: {
        accessKeyId: Credentials?.AccessKeyId ?? '',
        secretAccessKey: Credentials?.SecretAccessKey ?? '',
        sessionToken: Credentials?.SessionToken ?? '',
      },
    };
    const user = { account: SECURITY };
    const cases: [string[] | undefined, Parameters<typeof clients>[1], boolean][] = [
      [undefined, user, true],
      [undefined, { account: '000000000001' }, false],
      [[], user, false],
      [[SECURITY], user, true],
      [[MANAGEMENT], user, false],
      [[`arn:aws:iam::${SECURITY}:root`], user, true],
      [[`arn:aws:iam::${SECURITY}:user/simulated`], user, true],
      [[`arn:aws:iam::${SECURITY}:user/other`], user, false],
      [[`arn:aws:iam::${SECURITY}:role/ci/Sync`], role, true],
      [[`arn:aws:iam::${SECURITY}:role/Other`, MANAGEMENT], role, false],
      [[`arn:aws:iam::${MANAGEMENT}:role/ci/Sync`], role, false],
      [[`arn:aws:iam::${SECURITY}:root`], role, true],
    ];
    for (const [trusts, caller, expected] of cases) {
      expect([trusts, await assumedBy(trusts, caller)]).toEqual([trusts, expected]);
    }
  });

  test('in the demo every delegate lets OrgAudit in, except one', async () => {
    const { organizations, sts } = clients(simulator);
    const { DelegatedAdministrators: delegates = [] } = await organizations.send(
      new ListDelegatedAdministratorsCommand({}),
    );
    const refused: unknown[] = [];
    for (const { Id } of delegates) {
      const assume = new AssumeRoleCommand({
        RoleArn: `arn:aws:iam::${Id ?? ''}:role/OrgAudit`,
        RoleSessionName: 'sync',
      });
      await sts.send(assume).catch((error: unknown) => refused.push([Id, (error as Error).name]));
    }
    expect(delegates.length).toBeGreaterThan(1);
    expect(refused).toEqual([['333344445555', 'AccessDenied']]);
  });

  test('a closed account, a strange account and a session name that is too short', async () => {
    const { sts } = clients(simulator);
    for (const account of ['262626262626', '000000000001']) {
      const assume = new AssumeRoleCommand({
        RoleArn: `arn:aws:iam::${account}:role/OrgAudit`,
        RoleSessionName: 'sync',
      });
      expect((await failure(sts.send(assume))).name).toBe('AccessDenied');
    }
    expect(await failure(sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 's' })))).toMatchObject({
      name: 'ValidationError',
      status: 400,
    });
  });
});

describe('Regions', () => {
  test('the enabled ones, all of them, and some by name', async () => {
    const { ec2 } = clients(simulator);
    const enabled = (await ec2.send(new DescribeRegionsCommand({}))).Regions ?? [];
    expect(enabled).toHaveLength(17 + 3);
    const all = (await ec2.send(new DescribeRegionsCommand({ AllRegions: true }))).Regions ?? [];
    expect(all).toHaveLength(34);
    expect(all.find((region) => region.RegionName === 'eu-south-1')).toEqual({
      RegionName: 'eu-south-1',
      Endpoint: 'ec2.eu-south-1.amazonaws.com',
      OptInStatus: 'opted-in',
      Geography: [{ Name: 'Italy' }],
    });
    const named = await ec2.send(new DescribeRegionsCommand({ RegionNames: ['us-east-1', 'me-south-1'] }));
    expect(named.Regions?.map((region) => [region.RegionName, region.OptInStatus])).toEqual([
      ['me-south-1', 'not-opted-in'],
      ['us-east-1', 'opt-in-not-required'],
    ]);
    const filtered = await ec2.send(
      new DescribeRegionsCommand({ AllRegions: true, Filters: [{ Name: 'opt-in-status', Values: ['opted-in'] }] }),
    );
    expect(filtered.Regions).toHaveLength(3);
    expect((await failure(ec2.send(new DescribeRegionsCommand({ RegionNames: ['eu-nowhere-1'] })))).name).toBe(
      'InvalidParameterValue',
    );
    expect(await failure(ec2.send(new DescribeRegionsCommand({ DryRun: true })))).toMatchObject({
      name: 'DryRunOperation',
      status: 412,
    });
  });

  test('a Region that is off does not know the credentials', async () => {
    const off = clients(simulator, { region: 'me-south-1' });
    expect(await failure(off.guardduty.send(new ListDetectorsCommand({})))).toMatchObject({
      name: 'UnrecognizedClientException',
      message: 'The security token included in the request is invalid.',
      status: 403,
    });
    expect(await failure(off.ec2.send(new DescribeRegionsCommand({})))).toMatchObject({
      name: 'AuthFailure',
      status: 401,
    });
    expect((await failure(off.sts.send(new GetCallerIdentityCommand({})))).name).toBe('InvalidClientTokenId');
    simulator.change((scenario) => {
      scenario.opted_in_regions.push('me-south-1');
    });
    expect((await off.guardduty.send(new ListDetectorsCommand({}))).DetectorIds).toHaveLength(1);
  });

  test('Organizations is signed for its one Region', async () => {
    const wrong = clients(simulator, { region: 'eu-central-1' }).organizations;
    expect(await failure(wrong.send(new DescribeOrganizationCommand({})))).toMatchObject({
      name: 'InvalidSignatureException',
      status: 400,
    });
    await withSimulator(
      { scenario: { ...simulator.scenario, partition: 'aws-us-gov', opted_in_regions: [] } },
      async (gov) => {
        const { organizations } = clients(gov, { region: 'us-gov-west-1' });
        const { Organization } = await organizations.send(new DescribeOrganizationCommand({}));
        expect(Organization?.Arn).toBe('arn:aws-us-gov:organizations::111122223333:organization/o-exampleorgid');
      },
    );
  });

  test('GuardDuty has an administrator in most Regions, another one in one, and none in one', async () => {
    const found: Record<string, unknown> = {};
    for (const region of ['us-east-1', 'ap-southeast-2', 'ap-northeast-3', 'eu-south-1']) {
      const { guardduty } = clients(simulator, { region });
      found[region] = (await guardduty.send(new ListOrganizationAdminAccountsCommand({}))).AdminAccounts;
    }
    expect(found).toEqual({
      'us-east-1': [{ AdminAccountId: SECURITY, AdminStatus: 'ENABLED' }],
      'ap-southeast-2': [{ AdminAccountId: '333344445555', AdminStatus: 'ENABLED' }],
      'ap-northeast-3': [],
      'eu-south-1': [{ AdminAccountId: SECURITY, AdminStatus: 'ENABLED' }],
    });
  });

  test('GuardDuty is asked by the management account, in pages of 1 to 50, where it exists', async () => {
    const delegate = clients(simulator, { account: SECURITY }).guardduty;
    expect(await failure(delegate.send(new ListOrganizationAdminAccountsCommand({})))).toMatchObject({
      name: 'BadRequestException',
      message: 'The request failed because you do not have required AWS Organization master permission.',
      status: 400,
    });
    const { guardduty } = clients(simulator);
    for (const input of [{ MaxResults: 51 }, { NextToken: 'x' }]) {
      expect((await failure(guardduty.send(new ListOrganizationAdminAccountsCommand(input)))).name).toBe(
        'BadRequestException',
      );
    }
    simulator.change((scenario) => {
      scenario.guardduty.absent_regions = ['us-west-1'];
    });
    const absent = clients(simulator, { region: 'us-west-1' }).guardduty;
    const { status } = await failure(absent.send(new ListOrganizationAdminAccountsCommand({})));
    expect(status).toBeUndefined();
  });
});
