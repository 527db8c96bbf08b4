import { defineScenario, ScenarioError, type Scenario, type ScenarioInput } from '../scenario.js';
import { daysFromNow } from './days.js';

type Organization = NonNullable<ScenarioInput['organization']>;

const MANAGEMENT = '111122223333';
/** Quotas of Organizations: accounts (on request), OUs per organization. */
const MOST_ACCOUNTS = 50_000;
const MOST_UNITS = 2_000;

const DELEGATIONS: readonly (readonly string[])[] = [
  ['guardduty', 'securityhub', 'macie', 'inspector2', 'detective', 'access-analyzer'],
  ['config', 'config-multiaccountsetup', 'cloudtrail'],
  ['cloudtrail'],
  ['backup'],
  ['ipam', 'networkmanager'],
  ['sso'],
  ['member.org.stacksets.cloudformation', 'ssm'],
  ['fms', 'auditmanager'],
];

/** An organization of any size, the same each time: OUs five deep, about 200 policies, 8 delegated administrators. */
export function largeScenario(accounts = 1_000): Scenario {
  if (!Number.isInteger(accounts) || accounts < 10 || accounts > MOST_ACCOUNTS) {
    throw new ScenarioError(
      `Making the scenario large: ${accounts} accounts. Give a whole number from 10 to ${MOST_ACCOUNTS}, AWS's own limit.`,
    );
  }
  const units = unitPaths(Math.max(10, Math.min(MOST_UNITS, Math.round(accounts / 40))));
  const members = Array.from({ length: accounts - 1 }, (_, index) => memberId(index));
  const principals = [...new Set(DELEGATIONS.flat())];
  return defineScenario(
    {
      name: 'large',
      description: `A generated organization of ${accounts} accounts.`,
      organization: {
        id: 'o-largeexample',
        management_account_id: MANAGEMENT,
        root: {
          id: 'r-larg',
          policy_types: [{ type: 'SERVICE_CONTROL_POLICY' }, { type: 'TAG_POLICY' }, { type: 'BACKUP_POLICY' }],
        },
        organizational_units: units.map((path) => ({ path })),
        accounts: [
          { id: MANAGEMENT, name: 'Management', email: 'aws@example.com' },
          ...members.map((id, index) => ({
            id,
            name: `Workload ${String(index + 1).padStart(5, '0')}`,
            email: `aws+${index + 1}@example.com`,
            // The delegates first, all in one OU; the others spread over every OU.
            parent: units[index < DELEGATIONS.length ? 0 : index % units.length] ?? '/',
            state: index >= DELEGATIONS.length && index % 97 === 0 ? ('SUSPENDED' as const) : ('ACTIVE' as const),
            joined_method: index % 10 === 0 ? ('INVITED' as const) : ('CREATED' as const),
            tags: { team: `team-${index % 50}` },
          })),
        ],
        policies: policies(units, members),
        service_access: principals.map((name) => ({
          service_principal: `${name}.amazonaws.com`,
          enabled: '2022-01-10T00:00:00Z',
        })),
        delegated_administrators: DELEGATIONS.flatMap((services, index) =>
          services.map((name) => ({
            account: memberId(index),
            service_principal: `${name}.amazonaws.com`,
            since: '2022-01-11T00:00:00Z',
          })),
        ),
        resource_policy: {
          content: {
            Version: '2012-10-17',
            Statement: [
              {
                Sid: 'SecurityReads',
                Effect: 'Allow',
                Principal: { AWS: memberId(0) },
                Action: ['organizations:Describe*', 'organizations:List*'],
                Resource: '*',
              },
            ],
          },
        },
      },
      cloudtrail: {
        generated_events: [
          {
            ...{ source: 'organizations.amazonaws.com', count: 5_000, from: daysFromNow(-80), to: daysFromNow(-1) },
            names: ['ListAccounts', 'DescribeAccount', 'ListPolicies', 'DescribePolicy', 'AttachPolicy'],
          },
        ],
      },
      guardduty: {
        administrators: { '*': { account: memberId(0) } },
        organization_configuration: { '*': { auto_enable_organization_members: 'ALL' } },
      },
      accessanalyzer: { analyzers: [{ account: memberId(0), region: '*', name: 'organization' }] },
      config: {
        aggregators: [
          {
            account: memberId(1),
            region: 'us-east-1',
            name: 'organization',
            organization_aggregation_source: { all_aws_regions: true },
          },
        ],
      },
    },
    'large',
  );
}

function memberId(index: number): string {
  // Spread over all twelve digits, so that some begin with a zero; 7919 and 10^12 share no factor, so none comes twice.
  return String(((index + 1) * 7_919_000_001) % 1_000_000_000_000).padStart(12, '0');
}

/** One chain down to the fifth level, so that even a small organization has one; then breadth first, parents first. */
function unitPaths(count: number): string[] {
  const chain = [1, 2, 3, 4].map((depth) => `/Division 1${'/Unit 1'.repeat(depth)}`);
  const paths = new Set([...Array.from({ length: 5 }, (_, index) => `/Division ${index + 1}`), ...chain]);
  for (const parent of paths) {
    if (parent.split('/').length > 5) continue;
    for (let child = 1; child <= 5 && paths.size < count; child += 1) paths.add(`${parent}/Unit ${child}`);
  }
  return [...paths];
}

function policies(units: readonly string[], members: readonly string[]): NonNullable<Organization['policies']> {
  const deny = (actions: string[]) => ({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Deny', Action: actions, Resource: '*' }],
  });
  const pad = (index: number) => String(index).padStart(8, '0');
  return [
    {
      id: 'p-denyleave001',
      name: 'DenyLeaveOrganization',
      type: 'SERVICE_CONTROL_POLICY',
      content: deny(['organizations:LeaveOrganization']),
      targets: ['/'],
    },
    // Each attached to three OUs and, as people do, to a few accounts besides.
    ...Array.from({ length: 150 }, (_, index) => ({
      id: `p-scp${pad(index)}`,
      name: `Guardrail ${index + 1}`,
      description: 'A generated guardrail.',
      type: 'SERVICE_CONTROL_POLICY' as const,
      content: deny([`guardduty:Delete${index}*`, 'cloudtrail:StopLogging', 'config:StopConfigurationRecorder']),
      targets: spread(units, index * 3, 3).concat(spread(members, index * 5, 5)),
    })),
    ...Array.from({ length: 30 }, (_, index) => ({
      id: `p-tag${pad(index)}`,
      name: `Tags ${index + 1}`,
      type: 'TAG_POLICY' as const,
      content: { tags: { [`team${index}`]: { tag_key: { '@@assign': `team${index}` } } } },
      targets: spread(units, index, 1),
    })),
    ...Array.from({ length: 19 }, (_, index) => ({
      id: `p-bak${pad(index)}`,
      name: `Backup ${index + 1}`,
      type: 'BACKUP_POLICY' as const,
      content: { plans: {} },
      targets: spread(units, index, 1),
    })),
  ];
}

/** `count` different entries from `start` on, around the end. */
function spread(all: readonly string[], start: number, count: number): string[] {
  const picked = Array.from({ length: Math.min(count, all.length) }, (_, index) => all[(start + index) % all.length]);
  return picked.filter((entry) => entry !== undefined);
}
