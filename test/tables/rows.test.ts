import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { flatten } from '../../src/schema/index.js';
import { startSimulator, type ScenarioInput, type Simulator } from '../../src/simulator/index.js';
import { tables } from '../../tables/index.js';
import { syncFrom, type Row, type Synced } from '../support/source.js';

const all = flatten(tables);
const fromAws = all.filter(({ permissions }) => permissions.length > 0);

const management = '111111111111';
const security = '222222222222';
const network = '333333333333';
const arn = (what: string): string => `arn:aws:organizations::${management}:${what}`;
const inOrganization = (kind: string, id: string): string => arn(`${kind}/o-rowsexample/${id}`);

/** As it was typed, with its spaces. */
const denyLeaving =
  '{"Version": "2012-10-17",\n "Statement": {"Effect": "Deny", "Action": "organizations:LeaveOrganization"}}';
const notJson = 'Deny everything, please. — Ω';

/** CloudTrail keeps whole seconds, of 90 days. */
const lastWeek = new Date(Math.floor(Date.now() / 1000 - 7 * 86_400) * 1000).toISOString();
const inLastWeek = lastWeek.replace('.000', '');

const delegationPolicy = {
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'OneString',
      Effect: 'Allow',
      Principal: { AWS: security },
      Action: 'organizations:DescribeOrganization',
      Resource: '*',
    },
    {
      Sid: 'List',
      Effect: 'Allow',
      Principal: { AWS: [security, `arn:aws:iam::${network}:root`] },
      Action: ['organizations:ListPolicies', 'organizations:DescribePolicy'],
      Resource: ['*'],
      Condition: { StringLikeIfExists: { 'organizations:PolicyType': ['BACKUP_POLICY'] } },
    },
    {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${security}:role/policy-admin` },
      Action: 'organizations:ListRoots',
      Resource: '*',
    },
    {
      Sid: 'Everybody',
      Effect: 'Deny',
      Principal: '*',
      NotAction: 'organizations:Describe*',
      NotResource: 'arn:aws:s3:::x',
    },
    {
      Sid: 'AllBut',
      Effect: 'Deny',
      NotPrincipal: { AWS: network, Service: ['config.amazonaws.com'] },
      Action: '*',
      Resource: '*',
    },
  ],
};

const scenario = {
  name: 'rows',
  organization: {
    id: 'o-rowsexample',
    management_account_id: management,
    root: {
      id: 'r-rows',
      policy_types: [
        { type: 'SERVICE_CONTROL_POLICY' },
        { type: 'TAG_POLICY' },
        { type: 'BACKUP_POLICY', status: 'PENDING_ENABLE' },
      ],
      tags: { purpose: 'everything' },
    },
    organizational_units: [
      { path: '/Infrastructure', id: 'ou-rows-infra111' },
      { path: '/Infrastructure/Network', id: 'ou-rows-netw1111' },
      { path: '/Infrastructure/Network/Edge', id: 'ou-rows-edge1111' },
      { path: '/Infrastructure/Network/Edge/Points', id: 'ou-rows-poin1111' },
      { path: '/Infrastructure/Network/Edge/Points/Köln & Rhein', id: 'ou-rows-koel1111' },
      { path: '/Security', id: 'ou-rows-secu1111' },
      { path: '/Security/Network', id: 'ou-rows-netw2222' },
    ],
    accounts: [
      {
        id: management,
        name: 'Management',
        email: 'root@example.org',
        joined_method: 'INVITED',
        joined: '2020-02-29T23:59:59.123Z',
        tags: { team: 'board', 'cost center': '', note: 'a = b' },
      },
      {
        id: security,
        name: 'Security',
        parent: '/Security',
        joined: '2021-03-04T05:06:07Z',
        tags: { team: 'infosec' },
      },
      { id: network, name: 'Network', parent: '/Infrastructure/Network', joined: '2021-03-04T05:06:08Z' },
      { id: '444444444441', name: 'Pending', parent: '/Infrastructure/Network/Edge', state: 'PENDING_ACTIVATION' },
      { id: '444444444442', name: 'Suspended', parent: '/Security/Network', state: 'SUSPENDED' },
      { id: '444444444443', name: 'Closing', parent: '/Infrastructure', state: 'PENDING_CLOSURE' },
      {
        id: '444444444444',
        name: 'Closed “Ω”',
        parent: '/Infrastructure/Network/Edge/Points/Köln & Rhein',
        state: 'CLOSED',
      },
    ],
    policies: [
      // AWS's own is attached to everything at first; here only the root has it.
      {
        id: 'p-FullAWSAccess',
        name: 'FullAWSAccess',
        description: 'Allows access to every operation',
        type: 'SERVICE_CONTROL_POLICY',
        content: { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
        aws_managed: true,
        targets: ['/'],
      },
      {
        id: 'p-denyleave1',
        name: 'Nobody leaves',
        description: 'All stay.',
        type: 'SERVICE_CONTROL_POLICY',
        content: denyLeaving,
        targets: ['/', '/Infrastructure/Network', security],
      },
      { id: 'p-nojson111', name: 'Broken', type: 'SERVICE_CONTROL_POLICY', content: notJson, targets: ['/Security'] },
      { id: 'p-tags1111', name: 'Tags', type: 'TAG_POLICY', content: '{"tags":{}}' },
      // Its type is not enabled yet, so AWS does not put it into force.
      { id: 'p-backup111', name: 'Backup', type: 'BACKUP_POLICY', content: { plans: {} } },
    ],
    service_access: [
      { service_principal: 'guardduty.amazonaws.com', enabled: '2022-01-02T03:04:05.678Z' },
      { service_principal: 'config.amazonaws.com', enabled: '2022-01-02T03:04:06Z' },
    ],
    delegated_administrators: [
      { account: security, service_principal: 'guardduty.amazonaws.com', since: '2023-05-01T00:00:00Z' },
      { account: security, service_principal: 'config.amazonaws.com', since: '2023-04-01T00:00:00.5Z' },
      { account: network, service_principal: 'config.amazonaws.com', since: '2023-06-01T00:00:00Z' },
      { account: security, service_principal: 'access-analyzer.amazonaws.com', since: '2023-07-01T00:00:00Z' },
      { account: security, service_principal: 'securitylake.amazonaws.com', since: '2023-08-01T00:00:00Z' },
    ],
    resource_policy: { id: 'rp-rows1111', content: delegationPolicy },
    handshakes: [
      {
        id: 'h-invite1111',
        action: 'INVITE',
        state: 'OPEN',
        requested: '2026-11-01T10:00:00Z',
        expires: '2026-11-16T10:00:00Z',
        parties: [
          { Id: 'rowsexample', Type: 'ORGANIZATION' },
          { Id: 'new@example.org', Type: 'EMAIL' },
        ],
        resources: [
          {
            Type: 'ORGANIZATION',
            Value: 'o-rowsexample',
            Resources: [{ Type: 'MASTER_EMAIL', Value: 'root@example.org' }],
          },
          { Type: 'EMAIL', Value: 'new@example.org' },
        ],
      },
      {
        id: 'h-features11',
        action: 'ENABLE_ALL_FEATURES',
        state: 'ACCEPTED',
        requested: '2026-10-01T10:00:00Z',
        expires: '2026-12-30T10:00:00Z',
        parties: [{ Id: 'rowsexample', Type: 'ORGANIZATION' }],
      },
    ],
  },
  opted_in_regions: ['ap-east-1', 'eu-central-2'],
  guardduty: {
    administrators: {
      'us-east-1': { account: security },
      'eu-west-1': { account: management, status: 'DISABLE_IN_PROGRESS' },
      'eu-central-2': { account: network },
      // Not enabled: never asked.
      'af-south-1': { account: network },
    },
    organization_configuration: {
      '*': { auto_enable_organization_members: 'ALL', features: [] },
      'us-east-1': {
        auto_enable_organization_members: 'NEW',
        member_account_limit_reached: true,
        features: [
          { name: 'S3_DATA_EVENTS', auto_enable: 'NEW' },
          { name: 'RDS_LOGIN_EVENTS', auto_enable: 'NONE' },
          {
            name: 'RUNTIME_MONITORING',
            auto_enable: 'ALL',
            additional_configuration: [{ name: 'EC2_AGENT_MANAGEMENT', auto_enable: 'NEW' }],
          },
        ],
      },
      'eu-west-1': { auto_enable_organization_members: 'NONE', features: [] },
    },
  },
  securityhub: {
    administrators: {
      'us-east-1': { account: security },
      // Two at once: each is asked.
      'eu-west-1': [{ account: network }, { account: management }],
    },
    v2_administrator: { account: network },
    organization_configuration: {
      '*': { auto_enable: true },
      'us-east-1': {
        configuration_type: 'CENTRAL',
        status: 'FAILED',
        status_message: 'Not all Regions – yet.',
        member_account_limit_reached: true,
      },
    },
  },
  macie2: {
    administrators: {
      'eu-west-1': { account: management, status: 'DISABLING_IN_PROGRESS' },
      'us-east-1': { account: security },
    },
    organization_configuration: {
      '*': { auto_enable: true },
      'us-east-1': { auto_enable: false, max_account_limit_reached: true },
    },
  },
  detective: {
    administrators: { 'us-east-1': { account: security, delegated: '2025-01-02T03:04:05.678Z' } },
    organization_configuration: { '*': { auto_enable: true } },
  },
  inspector2: {
    administrators: { 'us-east-1': { account: security, relationship_status: 'CREATED' } },
    organization_configuration: {
      '*': { auto_enable: { ec2: true, lambda: true }, max_account_limit_reached: true },
    },
  },
  securitylake: {
    data_lakes: [{ region: 'us-east-1' }, { region: 'eu-west-1' }],
    organization_configuration: [
      { region: 'us-east-1', sources: [{ source_name: 'CLOUD_TRAIL_MGMT' }, { source_name: 'WAF' }] },
      { region: 'eu-west-1', sources: [{ source_name: 'ROUTE53', source_version: '1.0' }] },
    ],
  },
  config: {
    aggregators: [
      { account: security, region: 'us-east-1', name: 'whole', organization_aggregation_source: {} },
      {
        account: security,
        region: 'us-east-1',
        name: 'Europe',
        organization_aggregation_source: { aws_regions: ['eu-west-1'], role_arn: `arn:aws:iam::${security}:role/a` },
        filters: { ResourceType: { Type: 'INCLUDE', Value: ['AWS::EC2::VPC'] } },
        created_by: 'securityhub.amazonaws.com',
        updated: '2025-02-03T04:05:06Z',
      },
      {
        region: 'eu-west-1',
        name: 'two',
        account_aggregation_sources: [{ account_ids: [security, network], all_aws_regions: true }],
      },
      // Nobody made it an administrator of Config.
      { account: '444444444443', region: 'eu-west-1', name: 'unasked', organization_aggregation_source: {} },
    ],
  },
  accessanalyzer: {
    analyzers: [
      {
        account: security,
        region: 'us-east-1',
        name: 'whole',
        last_resource_analyzed: 'arn:aws:s3:::bucket',
        last_resource_analyzed_at: '2026-01-02T03:04:05.678Z',
        tags: { team: 'Köln' },
      },
      {
        account: security,
        region: 'us-east-1',
        name: 'unused',
        type: 'ORGANIZATION_UNUSED_ACCESS',
        status: 'DISABLED',
        status_reason: 'DELEGATED_ADMINISTRATOR_DEREGISTERED',
      },
      { region: 'eu-west-1', name: 'own', type: 'ACCOUNT', managed_by: 'securityhub.amazonaws.com' },
    ],
  },
  auditmanager: { administrators: { 'us-east-1': { account: security } } },
  fms: {
    administrators: [{ account: security, default: true, scope: { PolicyTypeScope: { AllPolicyTypesEnabled: true } } }],
  },
  iam: {
    service_linked_roles: [
      {
        service_principal: 'ipam.amazonaws.com',
        role_name: 'AWSServiceRoleForIPAM',
        description: 'For IPAM – as AWS made it.',
        created: '2025-02-03T04:05:06Z',
      },
    ],
  },
  cloudtrail: {
    trails: [{ name: 'whole-organization', home_region: 'eu-west-1', organization: true }],
    event_data_stores: [
      { id: '01234567-89ab-cdef-0123-456789abcdef', name: 'lake', region: 'us-east-1', organization: true },
    ],
    events: [
      {
        id: '11111111-0000-4000-8000-000000000001',
        time: lastWeek,
        name: 'AttachPolicy',
        source: 'organizations.amazonaws.com',
        who: `arn:aws:iam::${management}:role/admin/Pipeline`,
        user_name: 'deploy',
        request: { policyId: 'p-denyleave1', targetId: 'r-rows' },
        resources: [{ type: 'AWS::Organizations::Policy', name: 'p-denyleave1' }],
      },
      {
        id: '11111111-0000-4000-8000-000000000002',
        time: lastWeek,
        name: 'AttachPolicy',
        source: 'organizations.amazonaws.com',
        account: security,
        who: `arn:aws:iam::${security}:user/Ω`,
        error_code: 'AccessDenied',
        error_message: 'Nobody – not even you.',
        source_ip: '2001:db8::1',
        user_agent: 'console.amazonaws.com',
      },
      {
        id: '11111111-0000-4000-8000-000000000003',
        time: lastWeek,
        name: 'AttachPolicy',
        source: 'organizations.amazonaws.com',
        who: `arn:aws:iam::${management}:root`,
        response: { done: true },
      },
      {
        id: '11111111-0000-4000-8000-000000000004',
        time: lastWeek,
        name: 'EnableOrganizationAdminAccount',
        source: 'guardduty.amazonaws.com',
        region: 'eu-west-1',
        who: 'organizations.amazonaws.com',
      },
    ],
  },
  ipam: { ipams: [{ id: 'ipam-0123456789abcdef0', region: 'eu-west-1', tags: { team: 'Netz' } }] },
  networkmanager: { organization_access: { accounts: [{ account: network }] } },
} satisfies ScenarioInput;

const owners = {
  infosec: { accounts: [security, network], ous: ['/Security', 'ou-rows-secu1111'] },
  board: { names: ['Management', 'Köln & Rhein'], tags: { team: 'board', 'cost center': '' } },
};

const account = (row: {
  id: string;
  name: string;
  status: string | null;
  state: string;
  path: string;
  parent_id: string;
  ou_path: string;
  email?: string;
  joined_method?: string;
  joined_timestamp?: string;
  tags?: Record<string, string>;
}): Row => {
  const { path, ...given } = row;
  return {
    request_account_id: management,
    arn: inOrganization('account', row.id),
    email: `aws+${row.id}@example.com`,
    paths: [`o-rowsexample/r-rows/${path}${row.id}/`],
    joined_method: 'CREATED',
    joined_timestamp: '2024-01-15T09:30:00.000Z',
    tags: {},
    ...given,
  };
};

const unit = (id: string, name: string, parent_id: string, path: string, ou_path: string): Row => ({
  request_account_id: management,
  arn: inOrganization('ou', id),
  id,
  name,
  parent_id,
  path: `o-rowsexample/r-rows/${path}/`,
  ou_path,
});

const parent = (id: string, parent_id: string): Row => ({
  request_account_id: management,
  id,
  parent_id,
  type: parent_id === 'r-rows' ? 'ROOT' : 'ORGANIZATIONAL_UNIT',
});

const target = (policy_id: string, target_id: string, target_type: string, name: string, kind: string): Row => ({
  account_id: management,
  policy_id,
  target_id,
  arn: inOrganization(kind, target_id),
  name,
  target_type,
});

const statement = (statement_index: number, principal_type: string, principal: string, rest: Row): Row => ({
  account_id: management,
  statement_index,
  principal_type,
  principal,
  is_not_principal: false,
  sid: null,
  effect: 'Allow',
  actions: null,
  not_actions: null,
  resources: null,
  not_resources: null,
  condition: null,
  ...rest,
});

const oneString = { sid: 'OneString', actions: ['organizations:DescribeOrganization'], resources: ['*'] };
const list = {
  sid: 'List',
  actions: ['organizations:ListPolicies', 'organizations:DescribePolicy'],
  resources: ['*'],
  condition: { StringLikeIfExists: { 'organizations:PolicyType': ['BACKUP_POLICY'] } },
};
const allBut = { sid: 'AllBut', effect: 'Deny', is_not_principal: true, actions: ['*'], resources: ['*'] };

const region = (region_name: string, geography: string, opt_in_status = 'opt-in-not-required'): Row => ({
  account_id: management,
  region_name,
  endpoint: `ec2.${region_name}.amazonaws.com`,
  opt_in_status,
  geography: [{ Name: geography }],
});

const noDataSources = {
  S3Logs: { AutoEnable: false },
  Kubernetes: { AuditLogs: { AutoEnable: false } },
  MalwareProtection: { ScanEc2InstanceWithFindings: { EbsVolumes: { AutoEnable: false } } },
};

const guarddutyConfiguration = (regionName: string, admin_account_id: string, detector_id: string, rest: Row): Row => ({
  account_id: management,
  region: regionName,
  admin_account_id,
  detector_id,
  auto_enable_organization_members: 'ALL',
  auto_enable: true,
  member_account_limit_reached: false,
  features: [],
  data_sources: noDataSources,
  ...rest,
});

const edge = 'ou-rows-infra111/ou-rows-netw1111/ou-rows-edge1111';

/** Every row of the tables that the scenario and the spec fill. */
const expected: Record<string, Row[]> = {
  aws_organizations: [
    {
      request_account_id: management,
      arn: arn('organization/o-rowsexample'),
      feature_set: 'ALL',
      id: 'o-rowsexample',
      master_account_arn: inOrganization('account', management),
      master_account_email: 'root@example.org',
      master_account_id: management,
    },
  ],
  aws_organizations_roots: [
    {
      request_account_id: management,
      arn: inOrganization('root', 'r-rows'),
      id: 'r-rows',
      name: 'Root',
      policy_types: [
        { Type: 'SERVICE_CONTROL_POLICY', Status: 'ENABLED' },
        { Type: 'TAG_POLICY', Status: 'ENABLED' },
        { Type: 'BACKUP_POLICY', Status: 'PENDING_ENABLE' },
      ],
      tags: { purpose: 'everything' },
    },
  ],
  aws_organizations_organizational_units: [
    unit('ou-rows-infra111', 'Infrastructure', 'r-rows', 'ou-rows-infra111', '/Infrastructure'),
    unit(
      'ou-rows-netw1111',
      'Network',
      'ou-rows-infra111',
      'ou-rows-infra111/ou-rows-netw1111',
      '/Infrastructure/Network',
    ),
    unit('ou-rows-edge1111', 'Edge', 'ou-rows-netw1111', edge, '/Infrastructure/Network/Edge'),
    unit(
      'ou-rows-poin1111',
      'Points',
      'ou-rows-edge1111',
      `${edge}/ou-rows-poin1111`,
      '/Infrastructure/Network/Edge/Points',
    ),
    unit(
      'ou-rows-koel1111',
      'Köln & Rhein',
      'ou-rows-poin1111',
      `${edge}/ou-rows-poin1111/ou-rows-koel1111`,
      '/Infrastructure/Network/Edge/Points/Köln & Rhein',
    ),
    unit('ou-rows-secu1111', 'Security', 'r-rows', 'ou-rows-secu1111', '/Security'),
    unit('ou-rows-netw2222', 'Network', 'ou-rows-secu1111', 'ou-rows-secu1111/ou-rows-netw2222', '/Security/Network'),
  ],
  aws_organizations_organizational_unit_parents: [
    parent('ou-rows-infra111', 'r-rows'),
    parent('ou-rows-netw1111', 'ou-rows-infra111'),
    parent('ou-rows-edge1111', 'ou-rows-netw1111'),
    parent('ou-rows-poin1111', 'ou-rows-edge1111'),
    parent('ou-rows-koel1111', 'ou-rows-poin1111'),
    parent('ou-rows-secu1111', 'r-rows'),
    parent('ou-rows-netw2222', 'ou-rows-secu1111'),
  ],
  aws_organizations_accounts: [
    account({
      id: management,
      name: 'Management',
      status: 'ACTIVE',
      state: 'ACTIVE',
      path: '',
      parent_id: 'r-rows',
      ou_path: '/',
      email: 'root@example.org',
      joined_method: 'INVITED',
      joined_timestamp: '2020-02-29T23:59:59.123Z',
      tags: { team: 'board', 'cost center': '', note: 'a = b' },
    }),
    account({
      id: security,
      name: 'Security',
      status: 'ACTIVE',
      state: 'ACTIVE',
      path: 'ou-rows-secu1111/',
      parent_id: 'ou-rows-secu1111',
      ou_path: '/Security',
      joined_timestamp: '2021-03-04T05:06:07.000Z',
      tags: { team: 'infosec' },
    }),
    account({
      id: network,
      name: 'Network',
      status: 'ACTIVE',
      state: 'ACTIVE',
      path: 'ou-rows-infra111/ou-rows-netw1111/',
      parent_id: 'ou-rows-netw1111',
      ou_path: '/Infrastructure/Network',
      joined_timestamp: '2021-03-04T05:06:08.000Z',
    }),
    account({
      id: '444444444441',
      name: 'Pending',
      // Status has no value for it.
      status: null,
      state: 'PENDING_ACTIVATION',
      path: `${edge}/`,
      parent_id: 'ou-rows-edge1111',
      ou_path: '/Infrastructure/Network/Edge',
    }),
    account({
      id: '444444444442',
      name: 'Suspended',
      status: 'SUSPENDED',
      state: 'SUSPENDED',
      path: 'ou-rows-secu1111/ou-rows-netw2222/',
      parent_id: 'ou-rows-netw2222',
      ou_path: '/Security/Network',
    }),
    account({
      id: '444444444443',
      name: 'Closing',
      status: 'PENDING_CLOSURE',
      state: 'PENDING_CLOSURE',
      path: 'ou-rows-infra111/',
      parent_id: 'ou-rows-infra111',
      ou_path: '/Infrastructure',
    }),
    account({
      id: '444444444444',
      name: 'Closed “Ω”',
      status: 'SUSPENDED',
      state: 'CLOSED',
      path: `${edge}/ou-rows-poin1111/ou-rows-koel1111/`,
      parent_id: 'ou-rows-koel1111',
      ou_path: '/Infrastructure/Network/Edge/Points/Köln & Rhein',
    }),
  ],
  aws_organizations_account_parents: [
    parent(management, 'r-rows'),
    parent(security, 'ou-rows-secu1111'),
    parent(network, 'ou-rows-netw1111'),
    parent('444444444441', 'ou-rows-edge1111'),
    parent('444444444442', 'ou-rows-netw2222'),
    parent('444444444443', 'ou-rows-infra111'),
    parent('444444444444', 'ou-rows-koel1111'),
  ],
  aws_organizations_policies: [
    {
      account_id: management,
      arn: 'arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess',
      id: 'p-FullAWSAccess',
      name: 'FullAWSAccess',
      description: 'Allows access to every operation',
      type: 'SERVICE_CONTROL_POLICY',
      aws_managed: true,
      content: { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
      content_text: '{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}',
    },
    {
      account_id: management,
      arn: inOrganization('policy', 'service_control_policy/p-denyleave1'),
      id: 'p-denyleave1',
      name: 'Nobody leaves',
      description: 'All stay.',
      type: 'SERVICE_CONTROL_POLICY',
      aws_managed: false,
      content: { Version: '2012-10-17', Statement: { Effect: 'Deny', Action: 'organizations:LeaveOrganization' } },
      content_text: denyLeaving,
    },
    {
      account_id: management,
      arn: inOrganization('policy', 'service_control_policy/p-nojson111'),
      id: 'p-nojson111',
      name: 'Broken',
      description: '',
      type: 'SERVICE_CONTROL_POLICY',
      aws_managed: false,
      content: null,
      content_text: notJson,
    },
    {
      account_id: management,
      arn: inOrganization('policy', 'tag_policy/p-tags1111'),
      id: 'p-tags1111',
      name: 'Tags',
      description: '',
      type: 'TAG_POLICY',
      aws_managed: false,
      content: { tags: {} },
      content_text: '{"tags":{}}',
    },
  ],
  aws_organizations_policy_targets: [
    target('p-FullAWSAccess', 'r-rows', 'ROOT', 'Root', 'root'),
    target('p-denyleave1', 'r-rows', 'ROOT', 'Root', 'root'),
    target('p-denyleave1', 'ou-rows-netw1111', 'ORGANIZATIONAL_UNIT', 'Network', 'ou'),
    target('p-denyleave1', security, 'ACCOUNT', 'Security', 'account'),
    target('p-nojson111', 'ou-rows-secu1111', 'ORGANIZATIONAL_UNIT', 'Security', 'ou'),
  ],
  aws_organizations_service_access: [
    { account_id: management, service_principal: 'guardduty.amazonaws.com', date_enabled: '2022-01-02T03:04:05.678Z' },
    { account_id: management, service_principal: 'config.amazonaws.com', date_enabled: '2022-01-02T03:04:06.000Z' },
  ],
  aws_organizations_delegated_administrators: [
    {
      account_id: management,
      arn: inOrganization('account', security),
      delegation_enabled_date: '2023-04-01T00:00:00.500Z',
      email: `aws+${security}@example.com`,
      id: security,
      joined_method: 'CREATED',
      joined_timestamp: '2021-03-04T05:06:07.000Z',
      name: 'Security',
      status: 'ACTIVE',
      state: 'ACTIVE',
    },
    {
      account_id: management,
      arn: inOrganization('account', network),
      delegation_enabled_date: '2023-06-01T00:00:00.000Z',
      email: `aws+${network}@example.com`,
      id: network,
      joined_method: 'CREATED',
      joined_timestamp: '2021-03-04T05:06:08.000Z',
      name: 'Network',
      status: 'ACTIVE',
      state: 'ACTIVE',
    },
  ],
  aws_organizations_delegated_services: [
    {
      account_id: management,
      delegated_account_id: security,
      delegation_enabled_date: '2023-05-01T00:00:00.000Z',
      service_principal: 'guardduty.amazonaws.com',
    },
    {
      account_id: management,
      delegated_account_id: security,
      delegation_enabled_date: '2023-04-01T00:00:00.500Z',
      service_principal: 'config.amazonaws.com',
    },
    {
      account_id: management,
      delegated_account_id: network,
      delegation_enabled_date: '2023-06-01T00:00:00.000Z',
      service_principal: 'config.amazonaws.com',
    },
    {
      account_id: management,
      delegated_account_id: security,
      delegation_enabled_date: '2023-07-01T00:00:00.000Z',
      service_principal: 'access-analyzer.amazonaws.com',
    },
    {
      account_id: management,
      delegated_account_id: security,
      delegation_enabled_date: '2023-08-01T00:00:00.000Z',
      service_principal: 'securitylake.amazonaws.com',
    },
  ],
  aws_organization_resource_policies: [
    {
      account_id: management,
      content: JSON.stringify(delegationPolicy),
      resource_policy_summary: { Id: 'rp-rows1111', Arn: inOrganization('resourcepolicy', 'rp-rows1111') },
    },
  ],
  aws_organization_resource_policy_statements: [
    statement(0, 'AWS', security, oneString),
    statement(1, 'AWS', security, list),
    statement(1, 'AWS', `arn:aws:iam::${network}:root`, list),
    statement(2, 'AWS', `arn:aws:iam::${security}:role/policy-admin`, {
      actions: ['organizations:ListRoots'],
      resources: ['*'],
    }),
    statement(3, '*', '*', {
      sid: 'Everybody',
      effect: 'Deny',
      not_actions: ['organizations:Describe*'],
      not_resources: ['arn:aws:s3:::x'],
    }),
    statement(4, 'AWS', network, allBut),
    statement(4, 'Service', 'config.amazonaws.com', allBut),
  ],
  aws_organizations_handshakes: [
    {
      account_id: management,
      id: 'h-invite1111',
      arn: inOrganization('handshake', 'invite/h-invite1111'),
      parties: [
        { Id: 'rowsexample', Type: 'ORGANIZATION' },
        { Id: 'new@example.org', Type: 'EMAIL' },
      ],
      state: 'OPEN',
      requested_timestamp: '2026-11-01T10:00:00.000Z',
      expiration_timestamp: '2026-11-16T10:00:00.000Z',
      action: 'INVITE',
      resources: [
        {
          Type: 'ORGANIZATION',
          Value: 'o-rowsexample',
          Resources: [{ Type: 'MASTER_EMAIL', Value: 'root@example.org' }],
        },
        { Type: 'EMAIL', Value: 'new@example.org' },
      ],
    },
    {
      account_id: management,
      id: 'h-features11',
      arn: inOrganization('handshake', 'enable_all_features/h-features11'),
      parties: [{ Id: 'rowsexample', Type: 'ORGANIZATION' }],
      state: 'ACCEPTED',
      requested_timestamp: '2026-10-01T10:00:00.000Z',
      expiration_timestamp: '2026-12-30T10:00:00.000Z',
      action: 'ENABLE_ALL_FEATURES',
      resources: [],
    },
  ],
  aws_guardduty_organization_admin_accounts: [
    { account_id: management, region: 'us-east-1', admin_account_id: security, admin_status: 'ENABLED' },
    { account_id: management, region: 'eu-west-1', admin_account_id: management, admin_status: 'DISABLE_IN_PROGRESS' },
    { account_id: management, region: 'eu-central-2', admin_account_id: network, admin_status: 'ENABLED' },
  ],
  aws_auditmanager_organization_admin_accounts: [
    { account_id: management, region: 'us-east-1', admin_account_id: security, organization_id: 'o-rowsexample' },
  ],
  aws_cloudtrail_event_data_stores: [
    {
      account_id: management,
      region: 'us-east-1',
      event_data_store_arn:
        'arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/01234567-89ab-cdef-0123-456789abcdef',
      name: 'lake',
      status: 'ENABLED',
      organization_enabled: true,
      multi_region_enabled: true,
      federation_status: 'DISABLED',
      federation_role_arn: null,
      advanced_event_selectors: [
        { FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }], Name: 'Default management events' },
      ],
      retention_period: 366,
      billing_mode: 'EXTENDABLE_RETENTION_PRICING',
      termination_protection_enabled: true,
      kms_key_id: null,
      partition_keys: [{ Name: 'calendarday', Type: 'string' }],
      created_timestamp: '2024-03-01T08:00:00.000Z',
      updated_timestamp: '2024-03-01T08:00:00.000Z',
    },
  ],
  aws_cloudtrail_trails: [
    {
      account_id: management,
      region: 'eu-west-1',
      trail_arn: 'arn:aws:cloudtrail:eu-west-1:111111111111:trail/whole-organization',
      name: 'whole-organization',
      home_region: 'eu-west-1',
      is_organization_trail: true,
      is_multi_region_trail: true,
      include_global_service_events: true,
      log_file_validation_enabled: false,
      is_logging: true,
      start_logging_time: '2024-02-01T08:00:00.000Z',
      stop_logging_time: null,
      latest_delivery_time: '2024-02-01T08:05:00.000Z',
      latest_delivery_error: null,
      latest_digest_delivery_time: null,
      latest_digest_delivery_error: null,
      latest_cloud_watch_logs_delivery_time: null,
      latest_cloud_watch_logs_delivery_error: null,
      latest_notification_time: null,
      latest_notification_error: null,
      s3_bucket_name: 'whole-organization-logs',
      s3_key_prefix: null,
      sns_topic_name: null,
      sns_topic_arn: null,
      cloud_watch_logs_log_group_arn: null,
      cloud_watch_logs_role_arn: null,
      kms_key_id: null,
      has_custom_event_selectors: false,
      has_insight_selectors: false,
      recursive_logging: null,
    },
  ],
  aws_detective_organization_admin_accounts: [
    {
      account_id: management,
      region: 'us-east-1',
      admin_account_id: security,
      graph_arn: 'arn:aws:detective:us-east-1:222222222222:graph:58e9fa355449bafddbb6aab9b1d276a8',
      delegation_time: '2025-01-02T03:04:05.678Z',
    },
  ],
  aws_ec2_ipams: [
    {
      account_id: management,
      region: 'eu-west-1',
      ipam_arn: 'arn:aws:ec2::111111111111:ipam/ipam-0123456789abcdef0',
      ipam_id: 'ipam-0123456789abcdef0',
      owner_id: management,
      ipam_region: 'eu-west-1',
      operating_regions: [{ RegionName: 'eu-west-1' }],
      state: 'create-complete',
      state_message: null,
      tier: 'advanced',
      description: null,
      public_default_scope_id: 'ipam-scope-015a4a313d83fe216',
      private_default_scope_id: 'ipam-scope-07dc16a621d2c3f6a',
      scope_count: 2,
      default_resource_discovery_id: 'ipam-res-disco-0623cc3b6e96ac893',
      default_resource_discovery_association_id: 'ipam-res-disco-assoc-0623cc3b6e96ac893',
      resource_discovery_association_count: 1,
      enable_private_gua: false,
      metered_account: 'ipam-owner',
      tags: [{ Key: 'team', Value: 'Netz' }],
    },
  ],
  aws_fms_organization_admin_accounts: [
    {
      account_id: management,
      region: 'us-east-1',
      admin_account_id: security,
      default_admin: true,
      admin_status: 'ONBOARDING_COMPLETE',
      role_status: 'READY',
      admin_scope: { PolicyTypeScope: { AllPolicyTypesEnabled: true } },
      scope_status: 'ONBOARDING_COMPLETE',
    },
  ],
  // IAM has no trusted access here.
  aws_iam_organizations_features: [],
  aws_iam_service_linked_roles: [
    {
      account_id: management,
      arn: 'arn:aws:iam::111111111111:role/aws-service-role/ipam.amazonaws.com/AWSServiceRoleForIPAM',
      role_name: 'AWSServiceRoleForIPAM',
      role_id: 'AROA8E512B96367DC4832',
      path: '/aws-service-role/ipam.amazonaws.com/',
      create_date: '2025-02-03T04:05:06.000Z',
      description: 'For IPAM – as AWS made it.',
      assume_role_policy_document:
        '%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Principal%22%3A%7B%22Service%22%3A%22ipam.amazonaws.com%22%7D%2C%22Action%22%3A%22sts%3AAssumeRole%22%7D%5D%7D',
      max_session_duration: 3600,
      source_role_template: null,
    },
  ],
  aws_inspector2_organization_admin_accounts: [
    {
      account_id: management,
      region: 'us-east-1',
      admin_account_id: security,
      admin_status: 'ENABLED',
      relationship_status: 'CREATED',
      delegated_admin_account_id: security,
    },
  ],
  aws_macie2_organization_admin_accounts: [
    {
      account_id: management,
      region: 'eu-west-1',
      admin_account_id: management,
      admin_status: 'DISABLING_IN_PROGRESS',
    },
    { account_id: management, region: 'us-east-1', admin_account_id: security, admin_status: 'ENABLED' },
  ],
  aws_networkmanager_organization_service_access: [
    {
      account_id: management,
      region: 'us-west-2',
      organization_id: 'o-rowsexample',
      organization_aws_service_access_status: 'ENABLED',
      slr_deployment_status: 'SUCCEEDED',
      account_status_list: [{ AccountId: network, SLRDeploymentStatus: 'SUCCEEDED' }],
    },
  ],
  aws_securityhub_organization_admin_accounts: [
    {
      account_id: management,
      region: 'us-east-1',
      admin_account_id: security,
      admin_status: 'ENABLED',
      feature: 'SecurityHub',
    },
    ...[network, management].map((admin_account_id) => ({
      account_id: management,
      region: 'eu-west-1',
      admin_account_id,
      admin_status: 'ENABLED',
      feature: 'SecurityHub',
    })),
    {
      account_id: management,
      region: 'us-east-1',
      admin_account_id: network,
      admin_status: null,
      feature: 'SecurityHubV2',
    },
  ],
  aws_guardduty_organization_configurations: [
    guarddutyConfiguration('us-east-1', security, '58e9fa355449bafddbb6aab9b1d276a8', {
      auto_enable_organization_members: 'NEW',
      member_account_limit_reached: true,
      features: [
        { Name: 'S3_DATA_EVENTS', AutoEnable: 'NEW', AdditionalConfiguration: [] },
        { Name: 'RDS_LOGIN_EVENTS', AutoEnable: 'NONE', AdditionalConfiguration: [] },
        {
          Name: 'RUNTIME_MONITORING',
          AutoEnable: 'ALL',
          AdditionalConfiguration: [{ Name: 'EC2_AGENT_MANAGEMENT', AutoEnable: 'NEW' }],
        },
      ],
      data_sources: { ...noDataSources, S3Logs: { AutoEnable: true } },
    }),
    guarddutyConfiguration('eu-west-1', management, '3f8c845973bd15b369f6021270e15087', {
      auto_enable_organization_members: 'NONE',
      auto_enable: false,
    }),
    guarddutyConfiguration('eu-central-2', network, 'b56c5d75a4eb2a8ba35d24db0670c988', {}),
  ],
  aws_securityhub_organization_configurations: [
    {
      account_id: management,
      region: 'us-east-1',
      admin_account_id: security,
      auto_enable: false,
      auto_enable_standards: 'NONE',
      member_account_limit_reached: true,
      organization_configuration: {
        ConfigurationType: 'CENTRAL',
        Status: 'FAILED',
        StatusMessage: 'Not all Regions – yet.',
      },
    },
    ...[network, management].map((admin_account_id) => ({
      account_id: management,
      region: 'eu-west-1',
      admin_account_id,
      auto_enable: true,
      auto_enable_standards: 'DEFAULT',
      member_account_limit_reached: false,
      organization_configuration: { ConfigurationType: 'LOCAL', Status: 'ENABLED' },
    })),
  ],
  aws_macie2_organization_configurations: [
    {
      account_id: management,
      region: 'eu-west-1',
      admin_account_id: management,
      auto_enable: true,
      max_account_limit_reached: false,
    },
    {
      account_id: management,
      region: 'us-east-1',
      admin_account_id: security,
      auto_enable: false,
      max_account_limit_reached: true,
    },
  ],
  aws_inspector2_organization_configurations: [
    {
      account_id: management,
      region: 'us-east-1',
      admin_account_id: security,
      auto_enable: { ec2: true, ecr: false, lambda: true, lambdaCode: false, codeRepository: false },
      max_account_limit_reached: true,
    },
  ],
  aws_detective_organization_configurations: [
    {
      account_id: management,
      region: 'us-east-1',
      admin_account_id: security,
      graph_arn: 'arn:aws:detective:us-east-1:222222222222:graph:58e9fa355449bafddbb6aab9b1d276a8',
      auto_enable: true,
    },
  ],
  // Each Region where it is answers for all of them.
  aws_securitylake_organization_configurations: [
    ...['ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3', 'ap-south-1', 'ap-southeast-1', 'ap-southeast-2'],
    ...['ca-central-1', 'eu-central-1', 'eu-north-1', 'eu-west-1', 'eu-west-2', 'eu-west-3', 'sa-east-1'],
    ...['us-east-1', 'us-east-2', 'us-west-1', 'us-west-2'],
  ].map((name) => ({
    account_id: management,
    region: name,
    admin_account_id: security,
    auto_enable_new_account: [
      { region: 'eu-west-1', sources: [{ sourceName: 'ROUTE53', sourceVersion: '1.0' }] },
      {
        region: 'us-east-1',
        sources: [
          { sourceName: 'CLOUD_TRAIL_MGMT', sourceVersion: '2.0' },
          { sourceName: 'WAF', sourceVersion: '2.0' },
        ],
      },
    ],
  })),
  aws_config_configuration_aggregators: [
    aggregator('us-east-1', security, 'whole', '2827ab37', {
      organization_aggregation_source: {
        RoleArn: `arn:aws:iam::${security}:role/ConfigAggregator`,
        AllAwsRegions: true,
      },
    }),
    aggregator('us-east-1', security, 'Europe', '1a00911f', {
      organization_aggregation_source: {
        RoleArn: `arn:aws:iam::${security}:role/a`,
        AwsRegions: ['eu-west-1'],
        AllAwsRegions: false,
      },
      aggregator_filters: { ResourceType: { Type: 'INCLUDE', Value: ['AWS::EC2::VPC'] } },
      created_by: 'securityhub.amazonaws.com',
      last_updated_time: '2025-02-03T04:05:06.000Z',
    }),
    aggregator('eu-west-1', management, 'two', 'aee102ed', {
      account_aggregation_sources: [{ AccountIds: [security, network], AllAwsRegions: true }],
    }),
  ],
  aws_accessanalyzer_analyzers: [
    analyzer('us-east-1', security, 'whole', {
      last_resource_analyzed: 'arn:aws:s3:::bucket',
      last_resource_analyzed_at: '2026-01-02T03:04:05.678Z',
      tags: { team: 'Köln' },
    }),
    analyzer('us-east-1', security, 'unused', {
      type: 'ORGANIZATION_UNUSED_ACCESS',
      status: 'DISABLED',
      status_reason: { code: 'DELEGATED_ADMINISTRATOR_DEREGISTERED' },
    }),
    analyzer('eu-west-1', management, 'own', { type: 'ACCOUNT', managed_by: 'securityhub.amazonaws.com' }),
  ],
  aws_cloudtrail_organization_events: [
    event('1', 'us-east-1', management, {
      event_source: 'organizations.amazonaws.com',
      username: 'deploy',
      access_key_id: 'ASIA814BEA4CDEXAMPLE',
      user_identity: {
        type: 'AssumedRole',
        principalId: 'AROA8CF4938A7AEXAMPLE:deploy',
        arn: `arn:aws:sts::${management}:assumed-role/Pipeline/deploy`,
        accountId: management,
        accessKeyId: 'ASIA814BEA4CDEXAMPLE',
        sessionContext: {
          sessionIssuer: {
            type: 'Role',
            principalId: 'AROA8CF4938A7AEXAMPLE',
            arn: `arn:aws:iam::${management}:role/admin/Pipeline`,
            accountId: management,
            userName: 'Pipeline',
          },
          attributes: { creationDate: expect.any(String) as unknown, mfaAuthenticated: 'false' },
        },
      },
      request_parameters: { policyId: 'p-denyleave1', targetId: 'r-rows' },
      resources: [{ ResourceType: 'AWS::Organizations::Policy', ResourceName: 'p-denyleave1' }],
    }),
    event('2', 'us-east-1', security, {
      username: 'Ω',
      access_key_id: 'AKIA90D996073EXAMPLE',
      user_identity: {
        type: 'IAMUser',
        principalId: 'AIDA90D996073EEXAMPLE',
        arn: `arn:aws:iam::${security}:user/Ω`,
        accountId: security,
        accessKeyId: 'AKIA90D996073EXAMPLE',
        userName: 'Ω',
      },
      source_ip_address: '2001:db8::1',
      user_agent: 'console.amazonaws.com',
      error_code: 'AccessDenied',
      error_message: 'Nobody – not even you.',
    }),
    event('3', 'us-east-1', management, {
      username: 'root',
      access_key_id: 'ASIAB7A3C9F16EXAMPLE',
      user_identity: {
        type: 'Root',
        principalId: management,
        arn: `arn:aws:iam::${management}:root`,
        accountId: management,
        accessKeyId: 'ASIAB7A3C9F16EXAMPLE',
      },
      response_elements: { done: true },
    }),
    event('4', 'eu-west-1', management, {
      event_name: 'EnableOrganizationAdminAccount',
      event_source: 'guardduty.amazonaws.com',
      username: null,
      access_key_id: null,
      user_identity: { type: 'AWSService', invokedBy: 'organizations.amazonaws.com' },
      source_ip_address: 'organizations.amazonaws.com',
      user_agent: 'organizations.amazonaws.com',
    }),
  ],
  aws_ec2_regions: [
    region('af-south-1', 'South Africa', 'not-opted-in'),
    region('ap-east-1', 'Hong Kong', 'opted-in'),
    region('ap-east-2', 'Taiwan', 'not-opted-in'),
    region('ap-northeast-1', 'Japan'),
    region('ap-northeast-2', 'South Korea'),
    region('ap-northeast-3', 'Japan'),
    region('ap-south-1', 'India'),
    region('ap-south-2', 'India', 'not-opted-in'),
    region('ap-southeast-1', 'Singapore'),
    region('ap-southeast-2', 'Australia'),
    region('ap-southeast-3', 'Indonesia', 'not-opted-in'),
    region('ap-southeast-4', 'Australia', 'not-opted-in'),
    region('ap-southeast-5', 'Malaysia', 'not-opted-in'),
    region('ap-southeast-6', 'New Zealand', 'not-opted-in'),
    region('ap-southeast-7', 'Thailand', 'not-opted-in'),
    region('ca-central-1', 'Canada'),
    region('ca-west-1', 'Canada', 'not-opted-in'),
    region('eu-central-1', 'Germany'),
    region('eu-central-2', 'Switzerland', 'opted-in'),
    region('eu-north-1', 'Sweden'),
    region('eu-south-1', 'Italy', 'not-opted-in'),
    region('eu-south-2', 'Spain', 'not-opted-in'),
    region('eu-west-1', 'Ireland'),
    region('eu-west-2', 'United Kingdom'),
    region('eu-west-3', 'France'),
    region('il-central-1', 'Israel', 'not-opted-in'),
    region('me-central-1', 'United Arab Emirates', 'not-opted-in'),
    region('me-south-1', 'Bahrain', 'not-opted-in'),
    region('mx-central-1', 'Mexico', 'not-opted-in'),
    region('sa-east-1', 'Brazil'),
    region('us-east-1', 'United States of America'),
    region('us-east-2', 'United States of America'),
    region('us-west-1', 'United States of America'),
    region('us-west-2', 'United States of America'),
  ],
  aws_delegation_owners: [
    { account_id: management, owner: 'infosec', selector_type: 'account', selector: security },
    { account_id: management, owner: 'infosec', selector_type: 'account', selector: network },
    { account_id: management, owner: 'infosec', selector_type: 'ou', selector: '/Security' },
    { account_id: management, owner: 'infosec', selector_type: 'ou', selector: 'ou-rows-secu1111' },
    { account_id: management, owner: 'board', selector_type: 'name', selector: 'Management' },
    { account_id: management, owner: 'board', selector_type: 'name', selector: 'Köln & Rhein' },
    { account_id: management, owner: 'board', selector_type: 'tag', selector: 'team=board' },
    { account_id: management, owner: 'board', selector_type: 'tag', selector: 'cost center=' },
  ],
  aws_delegation_expectations: [
    { account_id: management, service_id: 'guardduty', owner: 'infosec' },
    { account_id: management, service_id: 'guardduty', owner: 'board' },
    { account_id: management, service_id: 'ipam', owner: 'board' },
  ],
  aws_delegation_approvals: [
    approved('delegation', { service: 'guardduty', principal: security }),
    approved('delegation', {
      service: 'guardduty.amazonaws.com',
      principal: security,
      method: 'service',
      region: 'eu-central-1',
      review_by: '2027-01-02T00:00:00.000Z',
      reason: 'Frankfurt – as agreed.',
    }),
    approved('principal', { principal: 'arn:aws:sts::*:assumed-role/Admin/*', action: '*' }),
    approved('principal', { principal: `arn:aws:iam::${security}:role/a`, action: 'guardduty:*' }),
    approved('principal', { principal: `arn:aws:iam::${security}:role/a`, action: 'organizations:AttachPolicy' }),
  ],
  aws_delegation_waivers: [
    waived({ rule: 'scp_prevents_leaving' }),
    waived({
      rule: 'scp_prevents_leaving',
      resource: '4444*',
      waived_account_id: security,
      region: 'us-east-1',
      owner: 'Platform team',
      ticket: 'SEC-7',
    }),
  ],
  aws_delegation_settings: [
    {
      account_id: management,
      workload_ous: ['/Workloads'],
      allowed_regions: ['eu-central-1'],
      separation_of_duties: true,
      max_age_hours: 30,
      has_approvals: true,
      events_lookback_days: 90,
    },
  ],
};

function aggregator(name: string, admin_account_id: string, of: string, id: string, rest: Row): Row {
  return {
    account_id: management,
    region: name,
    admin_account_id,
    configuration_aggregator_arn: `arn:aws:config:${name}:${admin_account_id}:config-aggregator/config-aggregator-${id}`,
    configuration_aggregator_name: of,
    organization_aggregation_source: null,
    account_aggregation_sources: [],
    aggregator_filters: null,
    created_by: null,
    creation_time: '2024-02-05T08:00:00.000Z',
    last_updated_time: '2024-02-05T08:00:00.000Z',
    ...rest,
  };
}

function analyzer(regionName: string, admin_account_id: string, name: string, rest: Row): Row {
  return {
    account_id: management,
    region: regionName,
    admin_account_id,
    arn: `arn:aws:access-analyzer:${regionName}:${admin_account_id}:analyzer/${name}`,
    name,
    type: 'ORGANIZATION',
    status: 'ACTIVE',
    status_reason: null,
    configuration: null,
    managed_by: null,
    created_at: '2024-02-06T08:00:00.000Z',
    last_resource_analyzed: null,
    last_resource_analyzed_at: null,
    tags: {},
    ...rest,
  };
}

/** The record has what the columns have, in the words of CloudTrail. */
function event(number: string, regionName: string, recipient: string, rest: Row): Row {
  const row: Row = {
    account_id: management,
    region: regionName,
    recipient_account_id: recipient,
    event_id: `11111111-0000-4000-8000-00000000000${number}`,
    event_time: lastWeek,
    event_name: 'AttachPolicy',
    event_source: 'organizations.amazonaws.com',
    read_only: false,
    source_ip_address: '192.0.2.10',
    user_agent: 'aws-cli/2.31.0',
    error_code: null,
    error_message: null,
    request_parameters: null,
    response_elements: null,
    resources: [],
    ...rest,
  };
  return {
    ...row,
    cloud_trail_event: {
      eventVersion: '1.11',
      userIdentity: row['user_identity'],
      eventTime: inLastWeek,
      eventSource: row['event_source'],
      eventName: row['event_name'],
      awsRegion: regionName,
      sourceIPAddress: row['source_ip_address'],
      userAgent: row['user_agent'],
      ...(row['error_code'] !== null && { errorCode: row['error_code'], errorMessage: row['error_message'] }),
      requestParameters: row['request_parameters'],
      responseElements: row['response_elements'],
      requestID: expect.any(String) as unknown,
      eventID: row['event_id'],
      readOnly: false,
      eventType: 'AwsApiCall',
      managementEvent: true,
      recipientAccountId: recipient,
      eventCategory: 'Management',
    },
  };
}

function approved(kind: 'delegation' | 'principal', rest: Row): Row {
  return {
    account_id: management,
    kind,
    service: '',
    method: '',
    region: '',
    action: '',
    approved_by: 'Ada',
    approved_on: '2026-01-02T00:00:00.000Z',
    review_by: null,
    reason: null,
    ...rest,
  };
}

function waived(rest: Row): Row {
  return {
    account_id: management,
    resource: '*',
    waived_account_id: '',
    region: '',
    reason: 'Migration.',
    approved_by: 'Ada',
    expires: '2027-03-31T00:00:00.000Z',
    owner: null,
    ticket: null,
    ...rest,
  };
}

const signature = { approved_by: 'Ada', approved_on: '2026-01-02' };
const waiver = { rule: 'scp_prevents_leaving', reason: 'Migration.', approved_by: 'Ada', expires: '2027-03-31' };
const spec = {
  account_tags: true,
  delegated_admin_role_name: 'OrgAudit',
  owners,
  expectations: { guardduty: ['infosec', 'board'], ipam: ['board'] },
  approvals: {
    delegations: [
      { ...signature, service: 'guardduty', account: security },
      {
        ...signature,
        service: 'guardduty.amazonaws.com',
        account: security,
        method: 'service',
        region: 'eu-central-1',
        review_by: '2027-01-02',
        reason: 'Frankfurt – as agreed.',
      },
    ],
    principals: [
      { ...signature, principal: 'arn:aws:sts::*:assumed-role/Admin/*' },
      {
        ...signature,
        principal: `arn:aws:iam::${security}:role/a`,
        actions: ['guardduty:*', 'organizations:AttachPolicy'],
      },
    ],
  },
  waivers: [
    waiver,
    {
      ...waiver,
      resource: '4444*',
      account: security,
      region: 'us-east-1',
      owner: 'Platform team',
      ticket: 'SEC-7',
    },
  ],
  workload_ous: ['/Workloads'],
  allowed_regions: ['eu-central-1'],
  separation_of_duties: true,
  max_age_hours: 30,
};

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator({ scenario });
});
afterEach(async () => {
  await simulator.close();
});

describe('whole rows', () => {
  it('of every table', async () => {
    const synced = await syncFrom(simulator, { spec });
    for (const table of Object.keys(expected)) {
      expect({ [table]: inOrder(table, synced.tables[table]) }).toEqual({ [table]: inOrder(table, expected[table]) });
    }
    // The catalogue and the reads have tests of their own below; nothing else may be left over.
    expect(Object.keys(synced.tables).sort()).toEqual(
      [...Object.keys(expected), 'aws_delegation_services', 'aws_delegation_reads'].sort(),
    );
    expect(Object.keys(synced.tables).sort()).toEqual(all.map(({ name }) => name).sort());
    expect(synced.errors).toEqual({});
  });

  it('of a policy with one statement that is no list, and of one for nobody', async () => {
    const only = { Effect: 'Allow', Principal: { AWS: security }, Action: 'organizations:ListRoots', Resource: '*' };
    simulator.change(({ organization }) => {
      if (organization?.resource_policy) organization.resource_policy.content = { Statement: only };
    });
    const table = 'aws_organization_resource_policy_statements';
    const row = { actions: ['organizations:ListRoots'], resources: ['*'] };
    const single = await syncFrom(simulator, { tables: [table] });
    expect(single.tables[table]).toEqual([statement(0, 'AWS', security, row)]);

    simulator.change(({ organization }) => {
      if (organization?.resource_policy)
        organization.resource_policy.content = { Statement: { ...only, Principal: {} } };
    });
    const nobody = await syncFrom(simulator, { tables: [table] });
    expect(nobody.tables[table]).toEqual([statement(0, '', '', row)]);
  });

  it('of an older and of a newer server', async () => {
    simulator.change((changed) => {
      changed.omit_status = true;
    });
    const newer = await syncFrom(simulator, { tables: ['aws_organizations_account*'], spec });
    const table = 'aws_organizations_accounts';
    expect(inOrder(table, newer.tables[table])).toEqual(
      inOrder(table, expected[table]).map((row) => ({ ...row, status: null })),
    );
    simulator.change((changed) => {
      changed.omit_status = false;
      changed.omit_paths = true;
    });
    const older = await syncFrom(simulator, { tables: ['aws_organizations_account*'], spec });
    expect(inOrder(table, older.tables[table])).toEqual(
      inOrder(table, expected[table]).map((row) => ({ ...row, state: null, paths: null })),
    );
    expect(inOrder('aws_organizations_account_parents', older.tables['aws_organizations_account_parents'])).toEqual(
      inOrder('aws_organizations_account_parents', expected['aws_organizations_account_parents']),
    );
  });

  it('of the catalogue', async () => {
    const { tables } = await syncFrom(simulator, { tables: ['aws_delegation_services'] });
    const services = tables['aws_delegation_services'] ?? [];
    expect(services.find((row) => row['service_id'] === 'guardduty')).toEqual({
      account_id: management,
      service_id: 'guardduty',
      name: 'Amazon GuardDuty',
      category: 'security',
      is_security_service: true,
      is_delegation_supported: true,
      service_principals: ['guardduty.amazonaws.com', 'malware-protection.guardduty.amazonaws.com'],
      methods: ['organizations', 'service'],
      is_regional: true,
      admin_read_scope: '',
      admin_table_name: 'aws_guardduty_organization_admin_accounts',
      service_regions: expect.arrayContaining(['us-east-1', 'eu-central-2', 'af-south-1']) as unknown,
      max_delegated_admins: 1,
      management_account_may_be_admin: true,
      must_be_same_account_across_regions: true,
      recommended_owners: ['infosec'],
      service_linked_roles: [],
      register_action: 'guardduty:EnableOrganizationAdminAccount',
      deregister_action: 'guardduty:DisableOrganizationAdminAccount',
      list_admin_action: 'guardduty:ListOrganizationAdminAccounts',
      register_command:
        'aws guardduty enable-organization-admin-account --admin-account-id {admin_account_id} --region {region}',
      deregister_command:
        'aws guardduty disable-organization-admin-account --admin-account-id {admin_account_id} --region {region}',
      administrator_power: 'configures_members',
      administrator_can: expect.stringContaining('enable, suspend and disable GuardDuty') as unknown,
      administrator_cannot: expect.stringContaining('Region in which it was not designated') as unknown,
      notes: expect.stringContaining('Malware Protection') as unknown,
      confidence: 'high',
      sources: expect.arrayContaining(['prowler-cloud/prowler: guardduty_service.py']) as unknown,
    });
    // Every admin table that it names is one of ours.
    const named = services.map((row) => row['admin_table_name']).filter((name) => name !== null);
    expect(all.map(({ name }) => name)).toEqual(expect.arrayContaining(named));
    expect(services.length).toBeGreaterThan(30);
  });

  it('of the reads', async () => {
    const administrators = 'aws_organizations_delegated_administrators';
    const services = 'aws_organizations_delegated_services';
    simulator.fault({
      operation: 'organizations:ListDelegatedServicesForAccount',
      match: { AccountId: network },
      kind: 'deny',
      message: 'Not this one.',
    });
    simulator.fault({ operation: 'organizations:ListDelegatedAdministrators', kind: 'throttle', times: 1 });
    const { reads } = await syncFrom(simulator, { tables: [administrators, services] });
    const read = (table_name: string, operation: string, rest: Row): Row => ({
      account_id: management,
      region: operation === '' ? '' : 'us-east-1',
      table_name,
      operation,
      scope: '',
      service: operation.split(':')[0],
      outcome: 'ok',
      error_code: null,
      error_message: null,
      request_count: 0,
      row_count: 0,
      started_at: expect.stringMatching(/^20\d\d-\d\d-\d\dT/) as unknown,
      duration_ms: expect.any(Number) as unknown,
      ...rest,
    });
    const listServices = 'organizations:ListDelegatedServicesForAccount';
    expect(reads.filter((row) => row['outcome'] !== 'skipped')).toEqual([
      read('aws_delegation_approvals', '', {}),
      read('aws_delegation_expectations', '', {}),
      read('aws_delegation_owners', '', {}),
      read('aws_delegation_services', '', { row_count: expect.any(Number) as unknown }),
      read('aws_delegation_settings', '', { row_count: 1 }),
      read('aws_delegation_waivers', '', {}),
      read('aws_ec2_regions', 'ec2:DescribeRegions', { request_count: 1, row_count: 34 }),
      read(administrators, 'organizations:ListDelegatedAdministrators', { request_count: 2, row_count: 2 }),
      read(services, listServices, { request_count: 2, row_count: 4 }),
      read(services, listServices, {
        scope: network,
        outcome: 'denied',
        error_code: 'AccessDeniedException',
        error_message: 'Not this one.',
      }),
    ]);
    // What the spec did not ask for, said once per table and operation.
    expect(reads.filter((row) => row['outcome'] === 'skipped')).toEqual(
      fromAws
        .filter(({ name }) => ![administrators, services, 'aws_ec2_regions'].includes(name))
        .flatMap(({ name, permissions, regionalService }) =>
          permissions.map((operation) =>
            read(name, operation, {
              region: regionalService === null ? 'us-east-1' : '',
              outcome: 'skipped',
              error_message: 'the spec does not ask for it',
            }),
          ),
        )
        .sort((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1)),
    );
  });
});

describe('in other partitions', () => {
  it.each([
    ['aws-cn', 'cn-north-1', 'cn-northwest-1', 'amazonaws.com.cn', 'China'],
    ['aws-us-gov', 'us-gov-east-1', 'us-gov-west-1', 'amazonaws.com', 'United States of America'],
    ['aws-eusc', 'eusc-de-east-1', 'eusc-de-east-1', 'amazonaws.eu', 'Germany'],
  ] as const)('%s', async (partition, home, organizationsRegion, suffix, geography) => {
    simulator.setScenario({
      ...scenario,
      partition,
      opted_in_regions: [],
      guardduty: { administrators: { '*': { account: security } } },
    });
    const synced = await syncFrom(simulator, {
      spec: {
        accounts: [{ id: 'test', access_key_id: 'AKIATEST', secret_access_key: 'test', default_region: home }],
      },
    });
    expect(synced.errors).toEqual({});
    expect(synced.tables['aws_organizations']).toMatchObject([
      { arn: `arn:${partition}:organizations::${management}:organization/o-rowsexample` },
    ]);
    expect(synced.tables['aws_ec2_regions']).toEqual(
      [...new Set([home, organizationsRegion])].map((name) => ({
        ...region(name, geography),
        endpoint: `ec2.${name}.${suffix}`,
      })),
    );
    expect(synced.tables['aws_guardduty_organization_admin_accounts']?.map((row) => row['region']).sort()).toEqual([
      ...new Set([home, organizationsRegion]),
    ]);
    // What the partition does not have is said, and is no error.
    const elsewhere = synced.reads.filter((read) => read['operation'] === 'macie2:ListOrganizationAdminAccounts');
    expect(new Set(elsewhere.map((read) => read['error_code']))).toEqual(new Set(['ServiceNotInRegion']));
    expect(
      synced.reads.filter(({ service, outcome }) => service === 'organizations' && outcome === 'ok'),
    ).not.toContainEqual(expect.not.objectContaining({ region: organizationsRegion }));
    const services = synced.tables['aws_delegation_services'];
    expect(services?.find((row) => row['service_id'] === 'guardduty')?.['service_regions']).toEqual([
      ...new Set([home, organizationsRegion]),
    ]);
  });
});

/** Tables that come in pages, with the operation that has them. */
const paged = [
  ['aws_organizations_roots', 'organizations:ListRoots'],
  ['aws_organizations_organizational_units', 'organizations:ListOrganizationalUnitsForParent'],
  ['aws_organizations_accounts', 'organizations:ListAccounts'],
  ['aws_organizations_policies', 'organizations:ListPolicies'],
  ['aws_organizations_policy_targets', 'organizations:ListTargetsForPolicy'],
  ['aws_organizations_service_access', 'organizations:ListAWSServiceAccessForOrganization'],
  ['aws_organizations_delegated_administrators', 'organizations:ListDelegatedAdministrators'],
  ['aws_organizations_delegated_services', 'organizations:ListDelegatedServicesForAccount'],
  ['aws_organizations_handshakes', 'organizations:ListHandshakesForOrganization'],
  ['aws_guardduty_organization_admin_accounts', 'guardduty:ListOrganizationAdminAccounts'],
  ['aws_guardduty_organization_configurations', 'guardduty:ListOrganizationAdminAccounts'],
  ['aws_guardduty_organization_configurations', 'guardduty:ListDetectors'],
  ['aws_guardduty_organization_configurations', 'guardduty:DescribeOrganizationConfiguration'],
  ['aws_securityhub_organization_configurations', 'securityhub:ListOrganizationAdminAccounts'],
  ['aws_macie2_organization_configurations', 'macie2:ListOrganizationAdminAccounts'],
  ['aws_inspector2_organization_configurations', 'inspector2:ListDelegatedAdminAccounts'],
  ['aws_detective_organization_configurations', 'detective:ListOrganizationAdminAccounts'],
  ['aws_detective_organization_configurations', 'detective:ListGraphs'],
  ['aws_securitylake_organization_configurations', 'organizations:ListDelegatedAdministrators'],
  ['aws_config_configuration_aggregators', 'organizations:ListDelegatedAdministrators'],
  ['aws_config_configuration_aggregators', 'config:DescribeConfigurationAggregators'],
  ['aws_accessanalyzer_analyzers', 'access-analyzer:ListAnalyzers'],
  ['aws_cloudtrail_organization_events', 'cloudtrail:LookupEvents'],
] as const;

/** Lists that have one item: more than a page of them does not exist, only an empty one before. */
const single = new Set<string>([
  'organizations:ListRoots',
  'guardduty:ListOrganizationAdminAccounts',
  'guardduty:ListDetectors',
  'macie2:ListOrganizationAdminAccounts',
  'inspector2:ListDelegatedAdminAccounts',
  'detective:ListOrganizationAdminAccounts',
  'detective:ListGraphs',
]);

describe('pages', () => {
  const following = (operation: string): number =>
    simulator.requests.filter((request) => request.operation === operation && hasToken(request.input)).length;

  it.each(paged)('%s, %s: all of them, each once', async (table, operation) => {
    simulator.change((changed) => {
      changed.page_size = 1;
      changed.empty_pages = single.has(operation) || table === 'aws_securitylake_organization_configurations';
    });
    const synced = await syncFrom(simulator, { tables: [table], spec });
    expect(following(operation)).toBeGreaterThan(0);
    expect(inOrder(table, synced.tables[table])).toEqual(inOrder(table, expected[table]));
  });

  it.each(paged)('%s, %s: also where some of them are empty', async (table, operation) => {
    simulator.change((changed) => {
      changed.page_size = 2;
      changed.empty_pages = true;
    });
    const synced = await syncFrom(simulator, { tables: [table], spec });
    expect(following(operation)).toBeGreaterThan(0);
    expect(inOrder(table, synced.tables[table])).toEqual(inOrder(table, expected[table]));
  });

  it('tags of one account come in pages too', async () => {
    simulator.change((changed) => {
      changed.page_size = 1;
    });
    const table = 'aws_organizations_accounts';
    const synced = await syncFrom(simulator, { tables: [table], spec });
    expect(following('organizations:ListTagsForResource')).toBeGreaterThan(0);
    expect(inOrder(table, synced.tables[table])).toEqual(inOrder(table, expected[table]));
  });
});

describe('none', () => {
  /** An organization of one account, in which nothing was ever set up. */
  const bare: ScenarioInput = {
    name: 'bare',
    organization: { management_account_id: management, accounts: [{ id: management, name: 'Management' }] },
  };
  const never = new Set([
    'aws_organizations',
    'aws_organizations_roots',
    'aws_organizations_accounts',
    'aws_organizations_account_parents',
    'aws_ec2_regions',
    // Never switched on reads as DISABLED.
    'aws_networkmanager_organization_service_access',
  ]);

  it.each(fromAws.filter(({ name }) => !never.has(name)).map(({ name }) => name))(
    '%s: announced, without rows and without an error',
    async (table) => {
      simulator.setScenario(bare);
      const synced = await syncFrom(simulator, { tables: [table] });
      expect(synced.announced).toContain(table);
      expect(synced.tables[table]).toEqual([]);
      expect(synced.errors).toEqual({});
      const outcomes = new Set(synced.reads.filter((read) => read['table_name'] === table).map(outcomeOf));
      expect([...outcomes].filter((outcome) => outcome !== 'ok' && outcome !== 'absent')).toEqual([]);
    },
  );

  it.each(['owners', 'expectations', 'approvals', 'waivers'])('no %s', async (what) => {
    const table = `aws_delegation_${what}`;
    const synced = await syncFrom(simulator, { tables: [table] });
    expect(synced.announced).toContain(table);
    expect(synced.tables[table]).toEqual([]);
  });
});

describe.each(fromAws.map(({ name, permissions, delegates }) => [name, permissions[0] ?? '', delegates] as const))(
  '%s',
  (table, operation, delegates) => {
    it(`${operation} denied: no rows, not announced, said in the reads and in the error`, async () => {
      // Firewall Manager's default administrator is known from a call of its own as well.
      simulator.fault({ operation: operation.replace(/^fms:.*/, 'fms:*'), kind: 'deny' });
      const synced = await syncFrom(simulator, { tables: [table], spec });
      expect(synced.announced).not.toContain(table);
      const asked = synced.reads.filter(
        (read) =>
          read['table_name'] === table &&
          read['operation'] === operation &&
          read['outcome'] !== 'absent' &&
          // A Region where nobody administers the service: there is no account to ask.
          !(delegates !== null && read['outcome'] === 'ok' && read['request_count'] === 0),
      );
      expect(asked.length).toBeGreaterThan(0);
      if (delegates !== null) {
        const regions = new Set(asked.map((read) => read['region']));
        expect(expected[table]?.filter((row) => !regions.has(row['region']))).toEqual([]);
      }
      expect(asked).toEqual(asked.map((read) => ({ ...read, outcome: 'denied', row_count: 0 })));
      expect(synced.errors[table]).toContain(operation);
    });

    it(`${operation} throttled once: no difference`, async () => {
      const fault = simulator.fault({ operation, kind: 'throttle', times: 1 });
      const synced = await syncFrom(simulator, { tables: [table], spec });
      expect(fault.hits).toBe(1);
      expect(inOrder(table, synced.tables[table])).toEqual(inOrder(table, expected[table]));
      expect(synced.errors).toEqual({});
    });
  },
);

describe('_cq_id and _cq_parent_id', () => {
  it('are unique, the same in every sync, and lead from each relation to its parent', async () => {
    const [first, second] = [await syncFrom(simulator, { spec }), await syncFrom(simulator, { spec })];
    for (const { name, relations } of all) {
      const ids = idsOf(first, name);
      expect({ name, ids: new Set(ids).size }).toEqual({ name, ids: first.tables[name]?.length });
      expect(byId(second, name)).toEqual(byId(first, name));
      for (const relation of relations) {
        const parents = first.ids[relation.name]?.map(({ parentId }) => parentId) ?? [];
        expect(parents.length).toBeGreaterThan(0);
        expect(parents.filter((parentId) => parentId === null || !ids.includes(parentId))).toEqual([]);
      }
    }
    const children = new Set(all.flatMap(({ relations }) => relations.map(({ name }) => name)));
    for (const { name } of all.filter((table) => !children.has(table.name))) {
      expect(first.ids[name]?.filter(({ parentId }) => parentId !== null)).toEqual([]);
    }
  });

  it('lead to the right parent', async () => {
    const synced = await syncFrom(simulator);
    const administrators = 'aws_organizations_delegated_administrators';
    const services = 'aws_organizations_delegated_services';
    const accountOf = new Map(
      synced.tables[administrators]?.map((row, index) => [synced.ids[administrators]?.[index]?.id, row['id']]),
    );
    synced.tables[services]?.forEach((row, index) => {
      expect(accountOf.get(synced.ids[services]?.[index]?.parentId ?? '')).toBe(row['delegated_account_id']);
    });
  });
});

function inOrder(table: string, rows: readonly Row[] = []): Row[] {
  const key = all.find(({ name }) => name === table)?.primaryKey ?? [];
  const place = (row: Row): string => JSON.stringify(key.map((column) => row[column]));
  return [...rows].sort((left, right) => (place(left) < place(right) ? -1 : 1));
}

function keyOf(read: Row): string {
  return [read['table_name'], read['region'], read['operation'], read['scope']].join(' ');
}

function outcomeOf(read: Row): unknown {
  return read['outcome'];
}

function hasToken(input: Readonly<Record<string, unknown>>): boolean {
  return input['NextToken'] !== undefined || input['nextToken'] !== undefined;
}

function idsOf(synced: Synced, table: string): string[] {
  return synced.ids[table]?.map(({ id }) => id) ?? [];
}

/** By ID, without the two columns that differ from sync to sync by their nature. */
function byId(synced: Synced, table: string): Row {
  const rows = (synced.tables[table] ?? []).map((row) => ({ ...row, started_at: null, duration_ms: null }));
  return Object.fromEntries(idsOf(synced, table).map((id, index) => [id, rows[index]]));
}
