import { defineScenario, type Scenario, type ScenarioInput } from '../scenario.js';
import { daysFromNow } from './days.js';

// An organization in which there is nothing to find: what is wrong with a rule that fails here is the rule.
const MANAGEMENT = '111122223333';
const SECURITY = '222233334444';
const LOG_ARCHIVE = '333344445555';
const NETWORK = '555566667777';
const SHARED_SERVICES = '777788889999';
const BACKUP = '888899990000';

type Organization = NonNullable<ScenarioInput['organization']>;

const REGIONS = ['eu-central-1', 'eu-west-1', 'us-east-1'];
const SINCE = '2024-02-01T10:00:00Z';

function deny(sid: string, ...actions: string[]): Record<string, unknown> {
  return { Sid: sid, Effect: 'Deny', Action: actions, Resource: '*' };
}

function trusted(...principals: string[]): NonNullable<Organization['service_access']> {
  return principals.map((name) => ({ service_principal: `${name}.amazonaws.com`, enabled: '2024-01-20T10:00:00Z' }));
}

function delegated(account: string, ...principals: string[]): NonNullable<Organization['delegated_administrators']> {
  return principals.map((name) => ({ account, service_principal: `${name}.amazonaws.com`, since: SINCE }));
}

const ofSecurity = [
  ...['guardduty', 'securityhub', 'access-analyzer', 'macie', 'fms', 'config', 'config-multiaccountsetup'],
  ...['detective', 'inspector2', 'auditmanager', 'cloudtrail', 'iam', 'sso', 'securitylake'],
];
const ofSharedServices = ['ssm', 'member.org.stacksets.cloudformation', 'account'];

// Who changes anything at all, from the address of the pipeline.
const PIPELINE = {
  who: `arn:aws:iam::${MANAGEMENT}:role/DelegationPipeline`,
  user_name: 'deploy',
  source: 'organizations.amazonaws.com',
};
// CloudTrail writes this in place of the delegation policy.
const HIDDEN = 'HIDDEN_DUE_TO_SECURITY_REASONS';

const healthy: ScenarioInput = {
  name: 'healthy',
  description: 'Ten accounts, and nothing to find.',
  organization: {
    id: 'o-healthyorgid',
    feature_set: 'ALL',
    management_account_id: MANAGEMENT,
    root: {
      id: 'r-heal',
      policy_types: [
        { type: 'SERVICE_CONTROL_POLICY' },
        { type: 'RESOURCE_CONTROL_POLICY' },
        { type: 'BACKUP_POLICY' },
        { type: 'SECURITYHUB_POLICY' },
      ],
    },
    organizational_units: [
      { path: '/Security', id: 'ou-heal-security1' },
      { path: '/Infrastructure', id: 'ou-heal-infrastr' },
      { path: '/Workloads', id: 'ou-heal-workload' },
    ],
    accounts: [
      { id: MANAGEMENT, name: 'Management', parent: '/' },
      { id: SECURITY, name: 'Security Tooling', parent: '/Security' },
      { id: LOG_ARCHIVE, name: 'Log Archive', parent: '/Security' },
      { id: NETWORK, name: 'Network Hub', parent: '/Infrastructure' },
      { id: SHARED_SERVICES, name: 'Shared Services', parent: '/Infrastructure' },
      { id: BACKUP, name: 'Backup', parent: '/Infrastructure' },
      { id: '121212121212', name: 'Payments', parent: '/Workloads' },
      { id: '131313131313', name: 'Shop', parent: '/Workloads' },
      { id: '141414141414', name: 'Search', parent: '/Workloads' },
      { id: '151515151515', name: 'Data Lake', parent: '/Workloads' },
    ],
    policies: [
      {
        id: 'p-guardrails01',
        name: 'Guardrails',
        description: 'Members stay, and what detects stays on.',
        type: 'SERVICE_CONTROL_POLICY',
        content: {
          Version: '2012-10-17',
          Statement: [
            deny('Leave', 'organizations:LeaveOrganization'),
            deny('CloudTrail', 'cloudtrail:StopLogging', 'cloudtrail:DeleteTrail', 'cloudtrail:UpdateTrail'),
            deny('Config', 'config:Stop*', 'config:DeleteConfigurationRecorder', 'config:DeleteDeliveryChannel'),
            deny('GuardDuty', 'guardduty:DeleteDetector', 'guardduty:UpdateDetector', 'guardduty:Disassociate*'),
            deny('SecurityHub', 'securityhub:Disable*', 'securityhub:Disassociate*'),
            deny('Macie', 'macie2:DisableMacie'),
            deny('AccessAnalyzer', 'access-analyzer:DeleteAnalyzer'),
            deny('Detective', 'detective:DeleteGraph', 'detective:DisassociateMembership'),
            deny('Inspector', 'inspector2:Disable'),
            deny('AuditManager', 'auditmanager:DeregisterAccount'),
            deny('SecurityLake', 'securitylake:Delete*', 'securitylake:UpdateDataLake'),
          ],
        },
        targets: ['/'],
      },
      {
        id: 'p-homeregions1',
        name: 'HomeRegions',
        description: 'Members work in three Regions.',
        type: 'SERVICE_CONTROL_POLICY',
        content: {
          Version: '2012-10-17',
          Statement: [
            {
              Sid: 'OnlyHomeRegions',
              Effect: 'Deny',
              NotAction: ['iam:*', 'organizations:*', 'sts:*', 'support:*'],
              Resource: '*',
              Condition: { StringNotEquals: { 'aws:RequestedRegion': REGIONS } },
            },
          ],
        },
        targets: ['/'],
      },
      {
        // The one way to switch Security Hub V2 on in members:
        // https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_security_hub_syntax.html
        id: 'p-securityhubv2',
        name: 'SecurityHub',
        description: 'Security Hub is on everywhere.',
        type: 'SECURITYHUB_POLICY',
        content: {
          securityhub: {
            enable_in_regions: { '@@assign': ['ALL_SUPPORTED'] },
            disable_in_regions: { '@@assign': [] },
          },
        },
        targets: ['/'],
      },
    ],
    service_access: [
      ...trusted(...ofSecurity, 'malware-protection.guardduty'),
      ...trusted(...ofSharedServices, 'backup', 'ipam'),
    ],
    delegated_administrators: [
      ...delegated(SECURITY, ...ofSecurity),
      ...delegated(SHARED_SERVICES, ...ofSharedServices),
      ...delegated(NETWORK, 'ipam'),
      ...delegated(BACKUP, 'backup'),
    ],
    resource_policy: {
      id: 'rp-healthydeleg',
      content: {
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'SecurityReads',
            Effect: 'Allow',
            Principal: { AWS: `arn:aws:iam::${SECURITY}:root` },
            Action: ['organizations:Describe*', 'organizations:List*'],
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
        ],
      },
    },
  },
  guardduty: {
    administrators: { '*': { account: SECURITY } },
    detectors: [MANAGEMENT, SECURITY],
    organization_configuration: { '*': { auto_enable_organization_members: 'ALL' } },
  },
  securityhub: {
    administrators: { '*': { account: SECURITY } },
    v2_administrator: { account: SECURITY },
    v2_hubs: [{ account: SECURITY, region: '*' }],
    organization_configuration: { '*': { configuration_type: 'CENTRAL' } },
    finding_aggregators: [{ account: SECURITY, home_region: 'eu-central-1' }],
  },
  macie2: {
    administrators: { '*': { account: SECURITY } },
    organization_configuration: { '*': { auto_enable: true } },
  },
  detective: {
    administrators: { '*': { account: SECURITY } },
    organization_configuration: { '*': { auto_enable: true } },
  },
  inspector2: {
    administrators: { '*': { account: SECURITY } },
    organization_configuration: {
      '*': { auto_enable: { ec2: true, ecr: true, lambda: true, lambda_code: true, code_repository: true } },
    },
  },
  securitylake: {
    data_lakes: [{ region: '*' }],
    organization_configuration: [
      { region: '*', sources: [{ source_name: 'CLOUD_TRAIL_MGMT' }, { source_name: 'SH_FINDINGS' }] },
    ],
  },
  config: {
    aggregators: [
      {
        account: SECURITY,
        region: '*',
        name: 'organization',
        organization_aggregation_source: { all_aws_regions: true },
      },
    ],
  },
  accessanalyzer: {
    analyzers: [
      { account: SECURITY, region: '*', name: 'organization', type: 'ORGANIZATION' },
      { account: SECURITY, region: '*', name: 'organization-unused', type: 'ORGANIZATION_UNUSED_ACCESS' },
    ],
  },
  // The role that reads what a delegate sees, in every account; all others are there as well.
  roles: [{ arn: 'arn:aws:iam::*:role/OrgAudit' }, { arn: 'arn:aws:iam::*:role/*' }],
  auditmanager: { administrators: { '*': { account: SECURITY } } },
  fms: { administrators: [{ account: SECURITY, default: true }] },
  iam: {
    organizations_features: ['RootCredentialsManagement', 'RootSessions'],
    service_linked_roles: [
      { service_principal: 'organizations.amazonaws.com', role_name: 'AWSServiceRoleForOrganizations' },
      { service_principal: 'cloudtrail.amazonaws.com', role_name: 'AWSServiceRoleForCloudTrail' },
      { service_principal: 'ipam.amazonaws.com', role_name: 'AWSServiceRoleForIPAM' },
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
        name: 'organization',
        home_region: 'eu-central-1',
        organization: true,
        multi_region: true,
        log_file_validation: true,
        s3_bucket: 'example-log-archive',
      },
    ],
    events: [
      {
        ...PIPELINE,
        time: daysFromNow(-30, '09:00'),
        name: 'PutResourcePolicy',
        request: { content: HIDDEN },
        response: {
          resourcePolicy: {
            resourcePolicySummary: {
              id: 'rp-healthydeleg',
              arn: `arn:aws:organizations::${MANAGEMENT}:resourcepolicy/o-healthyorgid/rp-healthydeleg`,
            },
            content: HIDDEN,
          },
        },
      },
      {
        ...PIPELINE,
        time: daysFromNow(-20, '09:00'),
        name: 'AttachPolicy',
        request: { policyId: 'p-guardrails01', targetId: 'r-heal' },
      },
      { ...PIPELINE, time: daysFromNow(-20, '09:01'), name: 'ListTargetsForPolicy' },
    ],
  },
  ipam: { ipams: [{ account: NETWORK, id: 'ipam-0123456789abcdef0', region: 'eu-central-1' }] },
};

/** A fresh copy, so that one test cannot change it for the next. */
export function healthyScenario(): Scenario {
  return defineScenario(healthy, 'healthy');
}
