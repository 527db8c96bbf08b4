import { defineScenario, type Scenario, type ScenarioInput } from '../scenario.js';
import { daysFromNow } from './days.js';

// Example Corp. Account ids are AWS's documentation examples or plainly made up; nothing here is anyone's.
const MANAGEMENT = '111122223333';
const SECURITY = '222233334444';
const LOG_ARCHIVE = '333344445555';
const NETWORK = '555566667777';
const SHARED_SERVICES = '777788889999';
const BACKUP = '888899990000';
const IDENTITY = '999900001111';
const PAYMENTS = '121212121212';

type Organization = NonNullable<ScenarioInput['organization']>;
type Account = Organization['accounts'][number];

function account(id: string, name: string, parent: string, joined: string, more: Partial<Account> = {}): Account {
  const email = `aws+${name.toLowerCase().replace(/[^a-z0-9]+/g, '-')}@example.com`;
  return { id, name, email, parent, joined: `${joined}T09:00:00Z`, ...more };
}

const accounts: Account[] = [
  account(MANAGEMENT, 'Example Corp', '/', '2019-03-04', { joined_method: 'INVITED', email: 'aws@example.com' }),
  account(SECURITY, 'Security Tooling', '/Security', '2019-03-11', { tags: { team: 'security' } }),
  account(LOG_ARCHIVE, 'Log Archive', '/Security', '2019-03-11', { tags: { team: 'security' } }),
  account('444455556666', 'Incident Response', '/Security', '2023-06-20', { tags: { team: 'security' } }),
  account(NETWORK, 'Network Hub', '/Infrastructure/Network', '2019-04-02', { tags: { team: 'network' } }),
  account('666677778888', 'DNS', '/Infrastructure/Network', '2020-02-18', { tags: { team: 'network' } }),
  account(SHARED_SERVICES, 'Shared Services', '/Infrastructure/Shared Services', '2019-04-02', {
    tags: { team: 'platform' },
  }),
  account(BACKUP, 'Backup', '/Infrastructure/Shared Services', '2021-09-14', { tags: { team: 'backup' } }),
  account(IDENTITY, 'Identity', '/Infrastructure/Shared Services', '2021-01-25', { tags: { team: 'platform' } }),
  account(PAYMENTS, 'Payments Prod', '/Workloads/Prod', '2019-08-05', { tags: { team: 'payments', pci: 'true' } }),
  account('131313131313', 'Shop Prod', '/Workloads/Prod', '2019-08-05', { tags: { team: 'shop' } }),
  account('141414141414', 'Search Prod', '/Workloads/Prod', '2020-05-12', { tags: { team: 'search' } }),
  account('151515151515', 'Data Lake Prod', '/Workloads/Prod', '2021-11-03', { tags: { team: 'data' } }),
  account('161616161616', 'Mobile Prod', '/Workloads/Prod', '2022-03-21', { tags: { team: 'mobile' } }),
  account('171717171717', 'Payments Test', '/Workloads/NonProd', '2019-08-05', { tags: { team: 'payments' } }),
  account('181818181818', 'Shop Test', '/Workloads/NonProd', '2019-08-06', { tags: { team: 'shop' } }),
  account('191919191919', 'Search Test', '/Workloads/NonProd', '2020-05-12', { tags: { team: 'search' } }),
  account('202020202020', 'Data Lake Test', '/Workloads/NonProd', '2021-11-03', { tags: { team: 'data' } }),
  account('212121212121', 'Mobile Test', '/Workloads/NonProd', '2022-03-21', { tags: { team: 'mobile' } }),
  // Ids are text: this one begins with a zero.
  account('012345678901', 'Sandbox Ada', '/Sandbox', '2024-01-09'),
  account('232323232323', 'Sandbox Grace', '/Sandbox', '2024-01-09'),
  account('242424242424', 'Sandbox Linus', '/Sandbox', '2024-10-30', { state: 'PENDING_CLOSURE' }),
  account('252525252525', 'Old Website', '/Suspended', '2019-05-28', { state: 'SUSPENDED' }),
  account('262626262626', 'Proof of Concept 2023', '/Suspended', '2023-02-02', { state: 'CLOSED' }),
  // Bought with a company, and never moved out of the root.
  account('272727272727', 'Acquired Startup', '/', '2026-07-01', {
    joined_method: 'INVITED',
    email: 'cloud@startup.example.com',
  }),
];

const SCP = 'SERVICE_CONTROL_POLICY';

function statement(sid: string, actions: string[], more: Record<string, unknown> = {}): Record<string, unknown> {
  return { Sid: sid, Effect: 'Deny', Action: actions, Resource: '*', ...more };
}

function document(...statements: Record<string, unknown>[]): Record<string, unknown> {
  return { Version: '2012-10-17', Statement: statements };
}

const SECURITY_ROLE = 'arn:aws:iam::*:role/ExampleSecurityAdmin';
const EXCEPT_SECURITY = { Condition: { ArnNotLike: { 'aws:PrincipalArn': SECURITY_ROLE } } };

const policies: Organization['policies'] = [
  {
    id: 'p-denyleave001',
    name: 'DenyLeaveOrganization',
    description: 'Members may not leave the organization or close their account.',
    type: SCP,
    content: document(statement('DenyLeave', ['organizations:LeaveOrganization', 'account:CloseAccount'])),
    targets: ['/Security', '/Infrastructure', '/Workloads', '/Suspended'],
  },
  {
    id: 'p-sandboxguard1',
    name: 'SandboxGuardrails',
    description: 'What nobody may do in a sandbox, outside of the home Regions.',
    type: SCP,
    // Looks like protection, but denies leaving only to who works in another Region.
    content: document(
      statement('DenyElsewhere', ['organizations:LeaveOrganization', 'ec2:RunInstances', 'rds:Create*'], {
        Condition: { StringNotEquals: { 'aws:RequestedRegion': ['eu-central-1', 'us-east-1'] } },
      }),
    ),
    targets: ['/Sandbox'],
  },
  {
    id: 'p-protectdetect',
    name: 'ProtectDetection',
    description: 'Detection stays on, except for the security team.',
    type: SCP,
    content: document(
      statement(
        'CloudTrail',
        ['cloudtrail:StopLogging', 'cloudtrail:DeleteTrail', 'cloudtrail:UpdateTrail'],
        EXCEPT_SECURITY,
      ),
      statement(
        'Config',
        ['config:StopConfigurationRecorder', 'config:DeleteConfigurationRecorder', 'config:DeleteDeliveryChannel'],
        EXCEPT_SECURITY,
      ),
      statement(
        'GuardDuty',
        ['guardduty:DeleteDetector', 'guardduty:UpdateDetector', 'guardduty:Disassociate*'],
        EXCEPT_SECURITY,
      ),
      statement('SecurityHub', ['securityhub:DisableSecurityHub', 'securityhub:Disassociate*'], EXCEPT_SECURITY),
      // The old prefix: it protects nothing in macie2.
      statement('Macie', ['macie:*'], EXCEPT_SECURITY),
    ),
    targets: ['/'],
  },
  {
    id: 'p-homeregions1',
    name: 'HomeRegions',
    description: 'Workloads run in Europe and in us-east-1.',
    type: SCP,
    content: document({
      Sid: 'OnlyHomeRegions',
      Effect: 'Deny',
      NotAction: ['iam:*', 'organizations:*', 'route53:*', 'sts:*', 'support:*'],
      Resource: '*',
      Condition: { StringNotEquals: { 'aws:RequestedRegion': ['eu-central-1', 'eu-west-1', 'us-east-1'] } },
    }),
    targets: ['/Workloads', '/Sandbox'],
  },
  {
    id: 'p-denyroot0001',
    name: 'DenyRootUser',
    description: 'The root user of a member account does nothing.',
    type: SCP,
    content: document(
      statement('DenyRoot', ['*'], { Condition: { StringLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:root' } } }),
    ),
    targets: ['/Workloads/Prod', '/Security'],
  },
  {
    id: 'p-quarantine01',
    name: 'Quarantine',
    description: 'Nothing at all.',
    type: SCP,
    content: document(statement('DenyAll', ['*'])),
    targets: ['/Suspended'],
  },
  {
    id: 'p-unattached01',
    name: 'DenyDeleteBackups',
    description: 'Written, reviewed, attached to nothing.',
    type: SCP,
    content: document(statement('Backups', ['backup:DeleteRecoveryPoint', 'backup:DeleteBackupVault'])),
  },
  {
    id: 'p-perimeter001',
    name: 'DataPerimeter',
    description: 'Only our own principals and AWS services reach our data.',
    type: 'RESOURCE_CONTROL_POLICY',
    content: document({
      Sid: 'OnlyOurPrincipals',
      Effect: 'Deny',
      Principal: '*',
      Action: ['s3:*', 'kms:*'],
      Resource: '*',
      Condition: {
        StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-exampleorgid' },
        BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
      },
    }),
    targets: ['/Workloads/Prod', '/Security'],
  },
  {
    id: 'p-costtags0001',
    name: 'CostTags',
    description: 'How the tag team is written.',
    type: 'TAG_POLICY',
    content: { tags: { team: { tag_key: { '@@assign': 'team' } } } },
    targets: ['/Workloads'],
  },
  {
    id: 'p-dailybackup1',
    name: 'DailyBackup',
    description: 'Production is backed up each night.',
    type: 'BACKUP_POLICY',
    content: {
      plans: {
        daily: {
          regions: { '@@assign': ['eu-central-1'] },
          rules: {
            nightly: {
              schedule_expression: { '@@assign': 'cron(0 3 ? * * *)' },
              target_backup_vault_name: { '@@assign': 'Default' },
              lifecycle: { delete_after_days: { '@@assign': '35' } },
            },
          },
          selections: {
            tags: {
              production: {
                iam_role_arn: { '@@assign': 'arn:aws:iam::$account:role/ExampleBackup' },
                tag_key: { '@@assign': 'backup' },
                tag_value: { '@@assign': ['daily'] },
              },
            },
          },
        },
      },
    },
    targets: ['/Workloads/Prod'],
  },
];

function trusted(enabled: string, ...principals: string[]): NonNullable<Organization['service_access']> {
  return principals.map((name) => ({ service_principal: `${name}.amazonaws.com`, enabled: `${enabled}T10:00:00Z` }));
}

function delegated(
  account: string,
  since: string,
  ...principals: string[]
): NonNullable<Organization['delegated_administrators']> {
  return principals.map((name) => ({
    account,
    service_principal: `${name}.amazonaws.com`,
    since: `${since}T10:00:00Z`,
  }));
}

const READ_ACTIONS = ['organizations:Describe*', 'organizations:List*'];

type Event = NonNullable<NonNullable<ScenarioInput['cloudtrail']>['events']>[number];
type Who = Pick<Event, 'who' | 'user_name' | 'source_ip' | 'user_agent' | 'record'>;

const PIPELINE: Who = { who: `arn:aws:iam::${MANAGEMENT}:role/ExamplePlatformPipeline`, user_name: 'deploy' };
const FROM_AFAR: Who = {
  who: `arn:aws:iam::${MANAGEMENT}:role/aws-reserved/sso.amazonaws.com/eu-central-1/AWSReservedSSO_Administrator_0123456789abcdef`,
  user_name: 'grace@example.com',
  source_ip: '203.0.113.77',
  user_agent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  record: { sessionCredentialFromConsole: 'true' },
};

/** A call of Organizations, unless `more` says otherwise. */
function called(days: number, clock: string, by: Who, name: string, more: Partial<Event> = {}): Event {
  return { time: daysFromNow(days, clock), source: 'organizations.amazonaws.com', name, ...by, ...more };
}

const STORAGE_LENS = { servicePrincipal: 'storage-lens.s3.amazonaws.com' };
const CONFIG_TO_PAYMENTS = { accountId: PAYMENTS, servicePrincipal: 'config.amazonaws.com' };
const LEAVING_DENIED = { policyId: 'p-denyleave001', targetId: 'ou-exam-workload' };
const HOME_REGIONS = {
  name: 'HomeRegions',
  description: 'Workloads run in Europe and in us-east-1.',
  content: JSON.stringify(policies.find(({ name }) => name === 'HomeRegions')?.content),
};
// CloudTrail writes this in place of the delegation policy, both times.
const HIDDEN = { content: 'HIDDEN_DUE_TO_SECURITY_REASONS' };
const ADMINISTRATOR_ENABLED = 'EnableOrganizationAdminAccount';
const LEGACY_CI = `arn:aws:iam::${MANAGEMENT}:user/legacy-ci`;

/** Little of what happened of late can still be seen in the organization itself. */
const events: Event[] = [
  // A trial that has ended.
  called(-59, '09:30', PIPELINE, 'EnableAWSServiceAccess', { request: STORAGE_LENS }),
  called(-59, '09:31', PIPELINE, 'RegisterDelegatedAdministrator', {
    request: { accountId: SHARED_SERVICES, ...STORAGE_LENS },
  }),
  called(-31, '10:02', PIPELINE, 'DeregisterDelegatedAdministrator', {
    request: { accountId: SHARED_SERVICES, ...STORAGE_LENS },
  }),
  called(-31, '10:03', PIPELINE, 'DisableAWSServiceAccess', { request: STORAGE_LENS }),
  called(-40, '13:20', PIPELINE, 'UpdatePolicy', {
    request: { policyId: 'p-homeregions1', ...HOME_REGIONS },
    response: {
      policy: {
        policySummary: {
          id: 'p-homeregions1',
          arn: `arn:aws:organizations::${MANAGEMENT}:policy/o-exampleorgid/service_control_policy/p-homeregions1`,
          name: HOME_REGIONS.name,
          description: HOME_REGIONS.description,
          type: SCP,
          awsManaged: false,
        },
        content: HOME_REGIONS.content,
      },
    },
  }),
  called(-24, '15:45', PIPELINE, 'PutResourcePolicy', {
    request: HIDDEN,
    response: {
      resourcePolicy: {
        resourcePolicySummary: {
          id: 'rp-exampledeleg',
          arn: `arn:aws:organizations::${MANAGEMENT}:resourcepolicy/o-exampleorgid/rp-exampledeleg`,
        },
        ...HIDDEN,
      },
    },
  }),
  // Two Regions that had just been switched on. The services spell the same member differently.
  ...['eu-central-2', 'eu-south-1'].map((region) =>
    called(-17, '11:05', PIPELINE, ADMINISTRATOR_ENABLED, {
      source: 'guardduty.amazonaws.com',
      region,
      request: { adminAccountId: SECURITY },
    }),
  ),
  called(-17, '11:06', PIPELINE, ADMINISTRATOR_ENABLED, {
    source: 'securityhub.amazonaws.com',
    region: 'eu-central-2',
    request: { AdminAccountId: SECURITY },
    response: { AdminAccountId: SECURITY, Feature: 'SecurityHub' },
  }),
  // Half an hour of a night: workloads could leave, one of them administered AWS Config, and then all was as before.
  called(-9, '02:41', FROM_AFAR, 'DetachPolicy', { request: LEAVING_DENIED }),
  called(-9, '02:44', FROM_AFAR, 'RegisterDelegatedAdministrator', { request: CONFIG_TO_PAYMENTS }),
  called(-9, '03:05', FROM_AFAR, 'DeregisterDelegatedAdministrator', { request: CONFIG_TO_PAYMENTS }),
  called(-9, '03:09', FROM_AFAR, 'AttachPolicy', { request: LEAVING_DENIED }),
  called(-6, '16:12', { who: LEGACY_CI }, 'DeregisterDelegatedAdministrator', {
    request: { accountId: SECURITY, servicePrincipal: 'guardduty.amazonaws.com' },
    error_code: 'AccessDenied',
    error_message: `User: ${LEGACY_CI} is not authorized to perform: organizations:DeregisterDelegatedAdministrator on resource: arn:aws:organizations::${MANAGEMENT}:account/o-exampleorgid/${SECURITY} because no identity-based policy allows the organizations:DeregisterDelegatedAdministrator action`,
  }),
  // In the history of the member that tried to leave, and in no other.
  called(-3, '20:30', { who: 'arn:aws:iam::272727272727:root', source_ip: '198.51.100.23' }, 'LeaveOrganization', {
    error_code: 'ConstraintViolationException',
    error_message:
      'The member account is missing one or more of the prerequisites required to operate as a standalone account.',
  }),
  // Reads are in the history too, and are most of it.
  called(-1, '04:00', { who: `arn:aws:iam::${MANAGEMENT}:role/ExampleAudit`, user_name: 'nightly' }, 'ListAccounts'),
];

const example: ScenarioInput = {
  name: 'demo',
  description: 'Example Corp: 25 accounts, most things in order, some not.',
  organization: {
    id: 'o-exampleorgid',
    feature_set: 'ALL',
    management_account_id: MANAGEMENT,
    root: {
      id: 'r-exam',
      policy_types: [
        { type: 'SERVICE_CONTROL_POLICY' },
        { type: 'RESOURCE_CONTROL_POLICY' },
        { type: 'TAG_POLICY' },
        { type: 'BACKUP_POLICY' },
      ],
      tags: { company: 'Example Corp' },
    },
    organizational_units: [
      { path: '/Security', id: 'ou-exam-security1', tags: { owner: 'security' } },
      { path: '/Infrastructure', id: 'ou-exam-infrastr' },
      { path: '/Infrastructure/Network', id: 'ou-exam-network1', tags: { owner: 'network' } },
      { path: '/Infrastructure/Shared Services', id: 'ou-exam-sharedsv' },
      { path: '/Workloads', id: 'ou-exam-workload' },
      { path: '/Workloads/Prod', id: 'ou-exam-prod0001', tags: { environment: 'prod' } },
      { path: '/Workloads/NonProd', id: 'ou-exam-nonprod1', tags: { environment: 'nonprod' } },
      { path: '/Sandbox', id: 'ou-exam-sandbox1' },
      { path: '/Suspended', id: 'ou-exam-suspend1' },
    ],
    accounts,
    policies,
    service_access: [
      ...trusted('2019-03-05', 'cloudtrail', 'config', 'config-multiaccountsetup', 'sso'),
      ...trusted('2019-06-18', 'ram', 'member.org.stacksets.cloudformation', 'servicequotas', 'tagpolicies.tag'),
      ...trusted('2020-12-02', 'guardduty', 'securityhub', 'access-analyzer', 'macie', 'fms'),
      ...trusted('2021-10-11', 'backup', 'ipam', 'ssm', 'health', 'reporting.trustedadvisor'),
      ...trusted('2022-12-05', 'inspector2', 'detective', 'account', 'malware-protection.guardduty'),
      ...trusted('2024-05-13', 'securitylake'),
      ...trusted('2025-02-17', 'iam', 'resource-explorer-2', 'cost-optimization-hub.bcm', 'early-access-inventory'),
    ],
    delegated_administrators: [
      // Not Macie: a management account that is its administrator leaves no trace here.
      ...delegated(SECURITY, '2020-12-03', 'guardduty', 'securityhub', 'access-analyzer', 'fms'),
      ...delegated(SECURITY, '2021-02-10', 'config', 'config-multiaccountsetup', 'detective', 'cloudtrail'),
      ...delegated(SECURITY, '2024-05-14', 'securitylake'),
      ...delegated(SECURITY, '2025-02-18', 'iam'),
      // No trusted access for Audit Manager: what is left of a trial.
      ...delegated(SECURITY, '2022-05-30', 'auditmanager'),
      // The second administrator of CloudTrail.
      ...delegated(LOG_ARCHIVE, '2023-01-16', 'cloudtrail'),
      ...delegated(NETWORK, '2022-12-06', 'ipam'),
      // The second administrator of Firewall Manager, for the network firewalls.
      ...delegated(NETWORK, '2024-03-12', 'fms'),
      ...delegated(SHARED_SERVICES, '2021-10-12', 'ssm', 'member.org.stacksets.cloudformation', 'account'),
      // A service that no reference knows yet.
      ...delegated(SHARED_SERVICES, '2026-09-01', 'early-access-inventory'),
      ...delegated(BACKUP, '2021-10-12', 'backup'),
      ...delegated(IDENTITY, '2021-02-01', 'sso'),
      // A security service in the hands of a workload.
      ...delegated(PAYMENTS, '2023-03-08', 'inspector2'),
    ],
    resource_policy: {
      id: 'rp-exampledeleg',
      content: {
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'SecurityReads',
            Effect: 'Allow',
            Principal: { AWS: `arn:aws:iam::${SECURITY}:root` },
            Action: READ_ACTIONS,
            Resource: '*',
          },
          {
            Sid: 'SecurityManagesGuardrails',
            Effect: 'Allow',
            Principal: { AWS: `arn:aws:iam::${SECURITY}:root` },
            Action: [
              'organizations:CreatePolicy',
              'organizations:UpdatePolicy',
              'organizations:DeletePolicy',
              'organizations:AttachPolicy',
              'organizations:DetachPolicy',
            ],
            Resource: '*',
            Condition: {
              StringLikeIfExists: {
                'organizations:PolicyType': ['SERVICE_CONTROL_POLICY', 'RESOURCE_CONTROL_POLICY'],
              },
            },
          },
          {
            Sid: 'BackupManagesBackupPolicies',
            Effect: 'Allow',
            Principal: { AWS: [BACKUP, `arn:aws:iam::${SHARED_SERVICES}:role/ExampleBackupOperator`] },
            Action: ['organizations:CreatePolicy', 'organizations:UpdatePolicy', 'organizations:AttachPolicy'],
            Resource: `arn:aws:organizations::${MANAGEMENT}:policy/o-exampleorgid/backup_policy/*`,
            Condition: { StringEquals: { 'organizations:PolicyType': 'BACKUP_POLICY' } },
          },
          {
            Sid: 'PlatformTags',
            Effect: 'Allow',
            Principal: { AWS: SHARED_SERVICES },
            Action: ['organizations:TagResource', 'organizations:UntagResource', 'organizations:ListTagsForResource'],
            Resource: [
              `arn:aws:organizations::${MANAGEMENT}:account/o-exampleorgid/*`,
              `arn:aws:organizations::${MANAGEMENT}:ou/o-exampleorgid/*`,
            ],
          },
        ],
      },
    },
    handshakes: [
      {
        id: 'h-exampleopen01',
        action: 'INVITE',
        state: 'OPEN',
        // AWS lets one stay open for 15 days.
        requested: daysFromNow(-9),
        expires: daysFromNow(6),
        parties: [
          { Id: 'o-exampleorgid', Type: 'ORGANIZATION' },
          { Id: '282828282828', Type: 'ACCOUNT' },
        ],
        resources: [
          {
            Type: 'ORGANIZATION',
            Value: 'o-exampleorgid',
            Resources: [
              { Type: 'MASTER_EMAIL', Value: 'aws@example.com' },
              { Type: 'MASTER_NAME', Value: 'Example Corp' },
              { Type: 'ORGANIZATION_FEATURE_SET', Value: 'FULL' },
            ],
          },
          { Type: 'ACCOUNT', Value: '282828282828' },
          { Type: 'NOTES', Value: 'Please join, the move is planned for December.' },
        ],
      },
      {
        id: 'h-exampledone01',
        action: 'INVITE',
        state: 'EXPIRED',
        requested: '2026-10-20T11:00:00Z',
        expires: '2026-11-04T11:00:00Z',
        parties: [
          { Id: 'o-exampleorgid', Type: 'ORGANIZATION' },
          { Id: 'contractor@example.com', Type: 'EMAIL' },
        ],
        resources: [
          { Type: 'ORGANIZATION', Value: 'o-exampleorgid' },
          { Type: 'EMAIL', Value: 'contractor@example.com' },
        ],
      },
    ],
    create_account_statuses: [
      {
        id: 'car-example0001',
        account_name: 'Sandbox Linus',
        state: 'SUCCEEDED',
        requested: '2024-10-30T08:58:00Z',
        completed: '2024-10-30T09:00:00Z',
        account_id: '242424242424',
      },
      {
        id: 'car-example0002',
        account_name: 'Shop Load Test',
        state: 'FAILED',
        requested: '2026-10-05T14:00:00Z',
        completed: '2026-10-05T14:01:00Z',
        failure_reason: 'EMAIL_ALREADY_EXISTS',
      },
    ],
  },
  opted_in_regions: ['ca-west-1', 'eu-central-2', 'eu-south-1'],
  guardduty: {
    administrators: {
      '*': { account: SECURITY },
      // Set up by hand before the security account was there, and forgotten.
      'ap-southeast-2': { account: LOG_ARCHIVE },
      'ap-northeast-3': null,
    },
    detectors: [MANAGEMENT, SECURITY, LOG_ARCHIVE],
    organization_configuration: {
      '*': { auto_enable_organization_members: 'ALL' },
      // What was there before stays without.
      'eu-west-2': { auto_enable_organization_members: 'NEW' },
      'sa-east-1': { auto_enable_organization_members: 'NONE' },
    },
  },
  securityhub: {
    administrators: {
      '*': { account: SECURITY },
      'us-west-1': { account: SECURITY, status: 'DISABLE_IN_PROGRESS' },
    },
    v2_administrator: { account: SECURITY },
    v2_hubs: [{ account: SECURITY, region: '*' }],
    not_enabled: ['ca-west-1'],
    // Decided in Frankfurt for all Regions but one, where nobody decides: a new account gets nothing there.
    organization_configuration: {
      '*': { configuration_type: 'CENTRAL' },
      'eu-central-1': { configuration_type: 'CENTRAL', status: 'ENABLED', auto_enable: false },
      'sa-east-1': { configuration_type: 'LOCAL', auto_enable: false, auto_enable_standards: 'NONE' },
    },
    finding_aggregators: [
      {
        account: SECURITY,
        home_region: 'eu-central-1',
        region_linking_mode: 'ALL_REGIONS_EXCEPT_SPECIFIED',
        regions: ['sa-east-1'],
      },
    ],
  },
  // The management account did it itself, and Organizations shows nobody.
  macie2: {
    administrators: { '*': { account: MANAGEMENT } },
    organization_configuration: { '*': { auto_enable: true }, 'us-east-2': { auto_enable: false } },
  },
  detective: {
    administrators: { '*': { account: SECURITY }, 'eu-west-3': null },
    organization_configuration: { '*': { auto_enable: true } },
  },
  inspector2: {
    administrators: { '*': { account: PAYMENTS } },
    organization_configuration: {
      '*': { auto_enable: { ec2: true, ecr: true, lambda: true, lambda_code: true, code_repository: true } },
      'us-west-2': { auto_enable: { ec2: true, ecr: true } },
    },
  },
  securitylake: {
    data_lakes: [{ region: 'eu-central-1' }, { region: 'eu-west-1' }, { region: 'us-east-1' }],
    // The third Region came later, and a new account sends nothing there.
    organization_configuration: [
      { region: 'eu-central-1', sources: [{ source_name: 'CLOUD_TRAIL_MGMT' }, { source_name: 'VPC_FLOW' }] },
      { region: 'eu-west-1', sources: [{ source_name: 'CLOUD_TRAIL_MGMT' }, { source_name: 'VPC_FLOW' }] },
    ],
  },
  config: {
    aggregators: [
      {
        account: SECURITY,
        region: 'eu-central-1',
        name: 'example-organization',
        organization_aggregation_source: { all_aws_regions: true },
      },
    ],
  },
  accessanalyzer: {
    analyzers: [
      { account: SECURITY, region: '*', except_regions: ['eu-north-1'], name: 'example-organization' },
      { account: PAYMENTS, region: 'eu-central-1', name: 'payments', type: 'ACCOUNT' },
    ],
  },
  // Never switched on; the registration with Organizations is what is left of a trial.
  auditmanager: { not_enabled: '*' },
  fms: {
    administrators: [
      { account: SECURITY, default: true },
      {
        account: NETWORK,
        scope: {
          AccountScope: { Accounts: [], AllAccountsEnabled: true, ExcludeSpecifiedAccounts: false },
          OrganizationalUnitScope: {
            OrganizationalUnits: ['ou-exam-infrastr'],
            AllOrganizationalUnitsEnabled: false,
            ExcludeSpecifiedOrganizationalUnits: false,
          },
          RegionScope: { Regions: [], AllRegionsEnabled: true },
          PolicyTypeScope: { PolicyTypes: ['NETWORK_FIREWALL', 'DNS_FIREWALL'], AllPolicyTypesEnabled: false },
        },
      },
    ],
  },
  iam: {
    // Root sessions were never switched on.
    organizations_features: ['RootCredentialsManagement'],
    // IPAM was registered with Organizations alone: its role is not among them.
    service_linked_roles: [
      { service_principal: 'organizations.amazonaws.com', role_name: 'AWSServiceRoleForOrganizations' },
      { service_principal: 'cloudtrail.amazonaws.com', role_name: 'AWSServiceRoleForCloudTrail' },
      { service_principal: 'sso.amazonaws.com', role_name: 'AWSServiceRoleForSSO' },
      { service_principal: 'securitylake.amazonaws.com', role_name: 'AWSServiceRoleForSecurityLake' },
      {
        service_principal: 'resource-management.securitylake.amazonaws.com',
        role_name: 'AWSServiceRoleForSecurityLakeResourceManagement',
      },
    ],
  },
  cloudtrail: {
    trails: [
      {
        name: 'example-organization',
        home_region: 'eu-central-1',
        organization: true,
        multi_region: true,
        log_file_validation: true,
        s3_bucket: 'example-log-archive',
      },
      // From before the organization.
      {
        name: 'old-audit',
        home_region: 'eu-west-1',
        multi_region: false,
        logging: false,
        stopped: '2021-06-30T12:00:00Z',
      },
    ],
    event_data_stores: [
      {
        name: 'example-lake',
        region: 'eu-central-1',
        organization: true,
        federation: { status: 'ENABLED', role_arn: `arn:aws:iam::${MANAGEMENT}:role/ExampleLakeFederation` },
      },
    ],
    events,
  },
  roles: [
    // Whoever set up GuardDuty by hand there let nobody else in.
    { arn: `arn:aws:iam::${LOG_ARCHIVE}:role/OrgAudit`, trusts: [LOG_ARCHIVE] },
    { arn: 'arn:aws:iam::*:role/*' },
  ],
  ipam: {
    ipams: [
      { account: NETWORK, id: 'ipam-0123456789abcdef0', region: 'eu-central-1', description: 'Address plan' },
      // A trial from before the network account had one.
      { id: 'ipam-0fedcba9876543210', region: 'eu-west-1', tier: 'free', description: 'Trial' },
    ],
  },
};

/** A fresh copy, so that one test cannot change it for the next. */
export function demoScenario(): Scenario {
  return defineScenario(example, 'demo');
}
