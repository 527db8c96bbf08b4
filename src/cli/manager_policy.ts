import { iamActionOf, type DelegationService } from '../catalog/index.js';

export interface Statement {
  Sid: string;
  Effect: 'Allow';
  Action: string[];
  Resource: string;
  Condition?: { StringEquals: Record<string, string[]> };
}

export interface Policy {
  Version: '2012-10-17';
  Statement: Statement[];
}

/** Characters of a managed policy, white space left out: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export const managedPolicyLimit = 6144;

/** What AWS counts of a policy. */
export function sizeOf(policy: Policy): number {
  return JSON.stringify(policy).length;
}

const roles = 'arn:*:iam::*:role/aws-service-role/*';

const organizations = (...names: string[]): string[] => names.map((name) => `organizations:${name}`);

/** Read by whoever decides, by AWS's consoles, and by the services' own calls in the name of the caller. */
const reads = organizations(
  'DescribeOrganization',
  'DescribeAccount',
  'DescribeOrganizationalUnit',
  'ListAccounts',
  'ListAWSServiceAccessForOrganization',
  'ListDelegatedAdministrators',
  'ListDelegatedServicesForAccount',
);

const registrations = organizations(
  'RegisterDelegatedAdministrator',
  'DeregisterDelegatedAdministrator',
  'EnableAWSServiceAccess',
  'DisableAWSServiceAccess',
);

/** Calls that a service needs beside the two that register and deregister. */
const furtherCalls: Readonly<Record<string, readonly string[]>> = {
  // Administrators after the first: https://docs.aws.amazon.com/fms/2018-01-01/APIReference/API_PutAdminAccount.html
  'firewall-manager': ['fms:PutAdminAccount'],
  // What the delegate may do: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-enable-root-access.html
  'iam-root-access': [
    'iam:EnableOrganizationsRootCredentialsManagement',
    'iam:EnableOrganizationsRootSessions',
    'iam:DisableOrganizationsRootCredentialsManagement',
    'iam:DisableOrganizationsRootSessions',
  ],
};

const furtherReads: Readonly<Record<string, readonly string[]>> = {
  'firewall-manager': ['fms:GetAdminAccount', 'fms:GetAdminScope'],
  'iam-root-access': ['iam:ListOrganizationsFeatures'],
};

/** Services whose own call makes a service-linked role in the management account, with the names it is made under. */
const serviceLinkedRoles: Readonly<Record<string, readonly string[]>> = {
  // https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-delegated-administrator-permissions.html
  cloudtrail: ['cloudtrail.amazonaws.com', 'context.cloudtrail.amazonaws.com'],
  // https://docs.aws.amazon.com/organizations/latest/userguide/services-that-can-integrate-ipam.html
  ipam: ['ipam.amazonaws.com'],
  // https://docs.aws.amazon.com/organizations/latest/userguide/services-that-can-integrate-sl.html
  'security-lake': ['securitylake.amazonaws.com'],
};

/** What the people need who hand out these services, and take them back. Each of them can be delegated. */
export function managerPolicy(services: readonly DelegationService[]): Policy {
  const ofEach = (table: Readonly<Record<string, readonly string[]>>): string[] =>
    services.flatMap(({ id }) => table[id] ?? []);
  const own = services.flatMap(({ registerAction, deregisterAction }) => [registerAction, deregisterAction]);
  const isPolicy = ({ methods }: DelegationService): boolean => methods.includes('resource_policy');
  const linked = ofEach(serviceLinkedRoles);
  const statements: Statement[] = [
    {
      Sid: 'Read',
      Effect: 'Allow',
      Action: [
        ...reads,
        ...services
          .map(({ listAdminAction }) => listAdminAction)
          .filter(isText)
          .map(iamActionOf),
        ...ofEach(furtherReads),
      ],
      Resource: '*',
    },
    {
      Sid: 'RegisterWithOrganizations',
      Effect: 'Allow',
      Action: registrations,
      Resource: '*',
      Condition: {
        StringEquals: { 'organizations:ServicePrincipal': services.flatMap((each) => each.servicePrincipals) },
      },
    },
    {
      Sid: 'RegisterWithServices',
      Effect: 'Allow',
      Action: [...own.filter(isText).filter((action) => !action.startsWith('organizations:')), ...ofEach(furtherCalls)],
      Resource: '*',
    },
    {
      Sid: 'WriteDelegationPolicy',
      Effect: 'Allow',
      // Nothing to name as a resource: there may be no policy yet.
      Action: services.some(isPolicy) ? organizations('PutResourcePolicy', 'DeleteResourcePolicy') : [],
      Resource: '*',
    },
    {
      Sid: 'TagDelegationPolicy',
      Effect: 'Allow',
      // Of the delegation policy only: tags of accounts and OUs are what other policies decide by.
      Action: services.some(isPolicy) ? organizations('TagResource', 'UntagResource', 'ListTagsForResource') : [],
      Resource: 'arn:*:organizations::*:resourcepolicy/*',
    },
    {
      Sid: 'CreateServiceLinkedRoles',
      Effect: 'Allow',
      Action: ['iam:CreateServiceLinkedRole'],
      Resource: roles,
      Condition: { StringEquals: { 'iam:AWSServiceName': linked } },
    },
    {
      Sid: 'ReadServiceLinkedRoles',
      Effect: 'Allow',
      Action: linked.length > 0 ? ['iam:GetRole'] : [],
      Resource: roles,
    },
  ];
  return { Version: '2012-10-17', Statement: statements.flatMap(tidied) };
}

/**
 * The services in as few groups as it takes for the policy of each to stay within `limit`, in their order; a service whose
 * policy is too long by itself stands alone.
 */
export function groupsThatFit(
  services: readonly DelegationService[],
  limit: number = managedPolicyLimit,
): DelegationService[][] {
  const groups: DelegationService[][] = [];
  for (const service of services) {
    const last = groups.at(-1);
    if (last && sizeOf(managerPolicy([...last, service])) <= limit) last.push(service);
    else groups.push([service]);
  }
  return groups;
}

/** Each name once and in order; no statement that would allow nothing, or everything for want of a value. */
function tidied(statement: Statement): Statement[] {
  const Action = inOrder(statement.Action);
  if (Action.length === 0) return [];
  if (!statement.Condition) return [{ ...statement, Action }];
  const values = Object.entries(statement.Condition.StringEquals).map(([key, each]) => [key, inOrder(each)] as const);
  if (values.some(([, each]) => each.length === 0)) return [];
  return [{ ...statement, Action, Condition: { StringEquals: Object.fromEntries(values) } }];
}

function inOrder(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}

function isText(value: string | null): value is string {
  return value !== null;
}
