import type { Table } from '../schema/index.js';
import { assumeRole } from './required_actions.js';
import type { KnownSizes } from './sizes.js';

/** One operation in one place. */
export interface Asked {
  sizes: KnownSizes;
  operation: string;
  region: string;
  organizationsRegion: string;
  /** Relations included. */
  tables: readonly Table[];
  isAccessLent: boolean;
}

/** Whatever is not here is asked once in each place, or in each account that administers the service. */
const formulas: Readonly<Record<string, (asked: Asked) => number>> = {
  'organizations:ListAccounts': ({ sizes }) => pages(sizes.accounts),
  'organizations:ListOrganizationalUnitsForParent': ({ sizes }) => pagesOfAll(sizes.unitsPerParent),
  'organizations:ListPolicies': ({ sizes }) => pagesOfAll(sizes.policiesPerType),
  'organizations:DescribePolicy': ({ sizes }) => sizes.policies,
  'organizations:ListTargetsForPolicy': ({ sizes }) => pagesOfAll(sizes.targetsPerPolicy),
  'organizations:ListAWSServiceAccessForOrganization': ({ sizes }) => pages(sizes.servicePrincipals),
  // The whole list, and for a table that only administrators can show a list of those of its service.
  'organizations:ListDelegatedAdministrators': ({ sizes, operation, tables }) =>
    (isSelected(tables, 'aws_organizations_delegated_administrators') ? pages(sizes.delegates) : 0) +
    new Set(
      tables.flatMap(({ delegates }) =>
        delegates?.accounts.permissions.includes(operation) === true ? delegates.accounts.name : [],
      ),
    ).size,
  'organizations:ListDelegatedServicesForAccount': ({ sizes }) => pagesOfAll(sizes.servicesPerDelegate),
  'organizations:ListHandshakesForOrganization': ({ sizes }) => pages(sizes.handshakes),
  // 50 tags at most, which come at once; an organization has one root.
  'organizations:ListTagsForResource': ({ sizes, tables }) =>
    (isSelected(tables, 'aws_organizations_accounts') ? sizes.accounts : 0) +
    (isSelected(tables, 'aws_organizations_roots') ? 1 : 0),
  [assumeRole]: ({ sizes, tables }) =>
    sizes.assumedRoles(tables.filter(({ delegates }) => delegates !== null).map(({ name }) => name)),
  'iam:ListRoles': ({ sizes }) => pages(sizes.serviceLinkedRoles, 1000),
  'fms:GetAdminScope': ({ sizes }) => sizes.firewallAdministrators,
  'inspector2:GetDelegatedAdminAccount': ({ sizes, region }) => sizes.inspectorAdministrators(region),
  'cloudtrail:GetTrailStatus': ({ sizes, region }) => sizes.trails(region),
  'cloudtrail:GetEventDataStore': ({ sizes, region }) => sizes.eventDataStores(region),
};

/** Where each call is answered at the first try. */
export function callsInPlace(asked: Asked): number {
  return (formulas[asked.operation] ?? delegateRequests)(asked);
}

/** What is asked in the accounts that administer services. */
function delegateRequests({ sizes, operation, region, organizationsRegion, tables, isAccessLent }: Asked): number {
  const table = tables.find(({ delegates, permissions }) => delegates !== null && permissions.includes(operation));
  if (!table?.delegates) return 1;
  const { isManagementAccountAsked, fewestRequests } = table.delegates;
  const requests = isManagementAccountAsked || isAccessLent ? fewestRequests({ region, organizationsRegion }) : 0;
  return sizes.delegateRequests(operation, region, { requests, isSure: !isAccessLent });
}

function isSelected(tables: readonly Table[], name: string): boolean {
  return tables.some((table) => table.name === name);
}

export const settings = 'what a service does with new members, as its administrator has set it';

/**
 * What could be left out, and why it is not. The fewest calls are those without which something of the organization's
 * structure, its policies or its administrators would not be known; zero unless said.
 */
export const beyondTheFewest: Readonly<Record<string, { why: string; fewest?: (sizes: KnownSizes) => number }>> = {
  'organizations:DescribePolicy': {
    why: 'texts of AWS-managed policies too: where FullAWSAccess is missing or replaced, an SCP denies by what it leaves out',
    fewest: (sizes) => sizes.customerPolicies,
  },
  'organizations:ListHandshakesForOrganization': { why: 'open invitations, and requests for all features' },
  'iam:ListRoles': { why: 'service-linked roles that a registration through Organizations alone leaves missing' },
  'ec2:DescribeRegions': { why: 'spares every call to a Region that is not enabled' },
  'ec2:DescribeIpams': { why: 'IPAMs and their owners: IPAM itself names no administrator' },
  'cloudtrail:DescribeTrails': { why: 'organization trails: CloudTrail itself names no administrator' },
  'cloudtrail:GetTrailStatus': { why: 'one per trail: whether it logs' },
  'cloudtrail:ListEventDataStores': { why: 'organization event data stores of CloudTrail Lake' },
  'cloudtrail:GetEventDataStore': { why: 'one per event data store: whether other tools may query it' },
  'inspector2:GetDelegatedAdminAccount': {
    why: 'one per Region with an administrator: it knows states that the list does not',
  },
  'fms:GetAdminScope': { why: 'one per administrator: the accounts, OUs and Regions that it reaches' },
  [assumeRole]: { why: 'acts in the accounts that administer a service, for what only they can see' },
  'guardduty:ListDetectors': { why: "what GuardDuty's settings are asked of" },
  'guardduty:DescribeOrganizationConfiguration': { why: settings },
  'securityhub:DescribeOrganizationConfiguration': { why: settings },
  'macie2:DescribeOrganizationConfiguration': { why: settings },
  'inspector2:DescribeOrganizationConfiguration': { why: settings },
  'detective:ListGraphs': { why: "what Detective's settings are asked of" },
  'detective:DescribeOrganizationConfiguration': { why: settings },
  'securitylake:GetDataLakeOrganizationConfiguration': { why: settings },
  'config:DescribeConfigurationAggregators': { why: 'whether an aggregator sees the whole organization' },
  'access-analyzer:ListAnalyzers': { why: 'whether an analyzer looks at the whole organization' },
  'cloudtrail:LookupEvents': {
    why: 'one for each kind of change: who changed the organization, or who administers what',
  },
  'networkmanager:ListOrganizationServiceAccessStatus': {
    why: 'whether Network Manager is on, and how far its roles are rolled out',
  },
};

/** Of one list, which is asked even where it is empty. Organizations has 20 to a page. */
function pages(items: number, size = 20): number {
  return Math.max(1, Math.ceil(items / size));
}

function pagesOfAll(lists: readonly number[]): number {
  return sumOf(lists.map((items) => pages(items)));
}

export function sumOf(numbers: Iterable<number>): number {
  let sum = 0;
  for (const number of numbers) sum += number;
  return sum;
}
