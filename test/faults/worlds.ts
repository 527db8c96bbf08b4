import { defineScenario, loadScenario, type Scenario } from '../../src/simulator/index.js';

const management = '111122223333';
const security = '222233334444';
const sharedServices = '777788889999';
const shop = '131313131313';

/** Two Regions, so that a fault can strike one of them. */
export const regions = ['eu-central-1', 'us-east-1'] as const;

/** Whatever there is to read, in each of {@link regions}: no operation is left out for want of something to ask about. */
export function fullScenario(): Scenario {
  const scenario = loadScenario('demo');
  const { trails, event_data_stores: stores } = scenario.cloudtrail;
  // One of each in each Region, whose details are asked there.
  trails.push(...trails.slice(0, 1).map((trail) => ({ ...trail, name: 'second', home_region: 'us-east-1' })));
  stores.push(...stores.slice(0, 1).map((store) => ({ ...store, name: 'second', region: 'us-east-1' })));
  scenario.auditmanager.not_enabled = [];
  scenario.auditmanager.administrators = { '*': { account: security } };
  return scenario;
}

/** The same with several pages to each list, the first of them empty. */
export function pagedScenario(): Scenario {
  return { ...fullScenario(), page_size: 5, empty_pages: true };
}

const govRegions = ['us-gov-east-1', 'us-gov-west-1'] as const;

/**
 * An organization in which every rule passes, in a partition of two Regions: a sync of all of it is quick, so that no rule says
 * `unknown` because a Region was left out. Macie and Audit Manager are not there.
 */
export function goodWorld(): Scenario {
  const text = JSON.stringify(loadScenario('healthy'))
    .replaceAll('arn:aws:', 'arn:aws-us-gov:')
    .replaceAll('eu-central-1', 'us-gov-west-1')
    .replaceAll(/\b(us-east-1|eu-west-1)\b/g, 'us-gov-east-1');
  const good = { ...(JSON.parse(text) as Scenario), name: 'good', partition: 'aws-us-gov', opted_in_regions: [] };
  const [store] = loadScenario('demo').cloudtrail.event_data_stores;
  if (store) good.cloudtrail.event_data_stores = [{ ...store, region: 'us-gov-west-1' }];
  return defineScenario(good);
}

/**
 * The same accounts, policies and trails, and whatever can be said of them that is bad: the answer to one operation of it in the
 * middle of {@link goodWorld} is what a fault of that operation may hide.
 *
 * @param operation whose answer is wanted: some of what is bad there would keep the others from being asked.
 */
export function badWorld(operation = ''): Scenario {
  const bad = { ...goodWorld(), name: 'bad' };
  const { organization } = bad;
  if (!organization) throw new Error('the good world has an organization');
  const leaving = 'DISABLE_IN_PROGRESS' as const;
  const since = new Date('2024-02-01T10:00:00Z');

  if (operation === 'organizations:DescribeOrganization') organization.feature_set = 'CONSOLIDATED_BILLING';
  if (operation === 'organizations:ListRoots') organization.root.policy_types = [];
  for (const account of organization.accounts) {
    account.parent = '/Workloads';
    // Nobody can act in such an account.
    if (operation === 'organizations:ListAccounts' && account.id !== management) account.state = 'SUSPENDED';
  }
  for (const policy of organization.policies) {
    policy.content = { Version: '2012-10-17', Statement: [] };
    policy.targets = [];
  }
  if (operation === 'organizations:ListPolicies') organization.policies = [];
  organization.service_access = [];
  const delegations = organization.delegated_administrators;
  const principals = [...new Set(delegations.map(({ service_principal: principal }) => principal))];
  // Everybody holds everything, above all who should not.
  organization.delegated_administrators = [...new Set([...delegations.map(({ account }) => account), shop])].flatMap(
    (account) => principals.map((principal) => ({ account, service_principal: principal, since })),
  );
  organization.resource_policy = {
    id: 'rp-badresource',
    content: {
      Version: '2012-10-17',
      Statement: [
        { Sid: 'Everybody', Effect: 'Allow', Principal: '*', Action: 'organizations:*', Resource: '*' },
        {
          Sid: 'Stranger',
          Effect: 'Allow',
          Principal: { AWS: 'arn:aws-us-gov:iam::999999999999:root' },
          Action: ['organizations:PutResourcePolicy', 'organizations:AttachPolicy'],
          Resource: '*',
        },
      ],
    },
    tags: {},
  };
  organization.handshakes = [
    {
      id: 'h-badinvite01',
      action: 'INVITE',
      state: 'OPEN',
      requested: since,
      expires: new Date('2099-01-01T00:00:00Z'),
      parties: [{ Id: '999999999999', Type: 'ACCOUNT' }],
      resources: [],
    },
  ];

  const holders = <Holder>(...each: Holder[]): Record<string, Holder | Holder[] | null> => ({
    'us-gov-west-1': each,
    'us-gov-east-1': each[0] ?? null,
  });
  bad.guardduty.administrators = holders(
    { account: management, status: leaving },
    { account: security, status: leaving },
  );
  bad.guardduty.organization_configuration = {
    '*': { auto_enable_organization_members: 'NONE', member_account_limit_reached: true, features: undefined },
  };
  bad.securityhub.administrators = holders(
    { account: management, status: leaving },
    { account: security, status: leaving },
  );
  bad.securityhub.v2_administrator = { account: shop };
  for (const settings of Object.values(bad.securityhub.organization_configuration)) {
    Object.assign(settings, { configuration_type: 'LOCAL', auto_enable: false, member_account_limit_reached: true });
  }
  bad.detective.administrators = holders(
    { account: management, delegated: since },
    { account: security, delegated: since },
  );
  bad.detective.organization_configuration = { '*': { auto_enable: false } };
  bad.inspector2.administrators = holders(
    { account: management, status: leaving, relationship_status: 'ACCOUNT_SUSPENDED' },
    { account: security, status: leaving, relationship_status: 'ACCOUNT_SUSPENDED' },
  );
  for (const settings of Object.values(bad.inspector2.organization_configuration)) {
    Object.assign(settings, {
      auto_enable: { ec2: false, ecr: false, lambda: false, lambda_code: false, code_repository: false },
      max_account_limit_reached: true,
    });
  }
  bad.fms.administrators = [
    { account: shop, default: true, status: 'OFFBOARDING', role_status: 'DELETING', listed: true, scope: undefined },
  ];
  bad.securitylake.organization_configuration = [];
  bad.config.aggregators = [];
  bad.accessanalyzer.analyzers = [];
  bad.iam.organizations_features = [];
  bad.iam.service_linked_roles = [];
  for (const trail of bad.cloudtrail.trails) Object.assign(trail, { organization: false, logging: false });
  bad.cloudtrail.events = bad.cloudtrail.events.map((event) => ({
    ...event,
    id: undefined,
    who: `arn:aws-us-gov:iam::${management}:user/Mallory`,
    user_name: 'Mallory',
  }));
  for (const ipam of bad.ipam.ipams) ipam.account = management;
  return bad;
}

const signed = { approved_by: 'ada@example.com', approved_on: '2026-01-15', review_by: '2099-12-31' };
const delegations: Readonly<Record<string, readonly string[]>> = {
  [security]: [
    ...['access-analyzer', 'audit-manager', 'cloudtrail', 'config', 'detective', 'firewall-manager', 'guardduty'],
    ...['iam-root-access', 'identity-center', 'inspector', 'macie', 'organizations-delegation-policy'],
    ...['security-hub', 'security-hub-cspm', 'security-lake'],
  ],
  [sharedServices]: ['account-management', 'stacksets', 'systems-manager'],
  '555566667777': ['ipam'],
  '888899990000': ['backup'],
};

/** What the spec has to say so that no rule waits for it. */
const intents = {
  owners: {
    infosec: { accounts: [security] },
    networking: { accounts: ['555566667777'] },
    platform: { accounts: [sharedServices] },
    backup: { accounts: ['888899990000'] },
  },
  expectations: {
    ipam: ['networking'],
    backup: ['backup'],
    'systems-manager': ['platform'],
    stacksets: ['platform'],
    'account-management': ['platform'],
  },
  workload_ous: ['/Workloads'],
  allowed_regions: [...govRegions],
  separation_of_duties: true,
  approvals: {
    delegations: Object.entries(delegations).flatMap(([account, services]) =>
      services.map((service) => ({ ...signed, service, account })),
    ),
    principals: [
      {
        ...signed,
        principal: `arn:aws-us-gov:iam::${management}:role/DelegationPipeline`,
        actions: ['organizations:*'],
      },
    ],
  },
};

/** For a sync of {@link goodWorld} or {@link badWorld}. */
export function govSpec(url: string, more: object = {}): object {
  return {
    ...intents,
    accounts: [{ id: 'test', access_key_id: 'test', secret_access_key: 'test', default_region: 'us-gov-west-1' }],
    custom_endpoint_url: url,
    account_tags: true,
    delegated_admin_role_name: 'OrgAudit',
    on_failure: 'report',
    max_retries: 1,
    max_backoff: 1,
    ...more,
  };
}
