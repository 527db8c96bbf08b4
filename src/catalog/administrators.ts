/**
 * What the administrator of a service can and cannot do to the organization and its members, as AWS documents it (read in
 * November 2026). Edit by hand: a sentence says what its sources say, and `null` that no page was found that says it.
 */

/** The strongest of what an administrator can do to members; `administratorPowers` has them in order. */
export type AdministratorPower = 'controls_access' | 'acts_in_members' | 'configures_members' | 'reads_members';

/** Strongest first. What the words mean is for reading; rules name the services that they judge. */
export const administratorPowers: readonly { readonly power: AdministratorPower; readonly means: string }[] = [
  { power: 'controls_access', means: 'decides who gets into members, or what may be done in them' },
  { power: 'acts_in_members', means: 'runs things in members, or makes, changes or deletes resources in them' },
  { power: 'configures_members', means: 'switches the service on or off in members, or sets how it works for them' },
  { power: 'reads_members', means: 'sees data of members' },
];

/**
 * The two sentences follow "The administrator can" and "The administrator cannot": infinitives, without a full stop. "In the
 * Region" is only there where each Region has an administrator of its own.
 */
export interface Administrator {
  readonly administratorPower: AdministratorPower | null;
  readonly administratorCan: string | null;
  readonly administratorCannot: string | null;
}

interface Documented extends Administrator {
  /** The pages that say so. */
  readonly pages: readonly string[];
}

const docs = (path: string) => `https://docs.aws.amazon.com/${path}.html`;
const organizations = (page: string) => docs(`organizations/latest/userguide/services-that-can-integrate-${page}`);

function known(
  administratorPower: AdministratorPower,
  can: string,
  cannot: string | null,
  pages: readonly string[],
): Documented {
  return { administratorPower, administratorCan: can, administratorCannot: cannot, pages };
}

const unknown: Documented = { administratorPower: null, administratorCan: null, administratorCannot: null, pages: [] };

const byService: Readonly<Record<string, Documented>> = {
  guardduty: known(
    'configures_members',
    'enable, suspend and disable GuardDuty and its protection plans in members, see their findings, and configure suppression rules, trusted IP lists and threat lists that hold for all of them, in the Region',
    'act in a Region in which it was not designated, nor enable GuardDuty in a management account that deleted its service-linked role',
    [
      docs('guardduty/latest/ug/administrator_member_relationships'),
      docs('guardduty/latest/ug/organizations_permissions'),
    ],
  ),
  'security-hub-cspm': known(
    'configures_members',
    'enable and disable Security Hub CSPM, its standards and controls in members, and see and manage their findings; with central configuration it does so for OUs and across Regions',
    'delete the membership of accounts of the organization (it can only disassociate them), nor see findings of other Regions without an aggregation Region',
    [
      docs('securityhub/latest/userguide/securityhub-accounts-orgs'),
      docs('securityhub/latest/userguide/securityhub-accounts-allowed-actions'),
    ],
  ),
  'security-hub': known(
    'configures_members',
    'enable and disable Security Hub in accounts and OUs, Region by Region, with policies of the type SECURITYHUB_POLICY',
    'configure Security Hub for the organization unless the delegation policy has the statement for it',
    [
      docs('securityhub/latest/userguide/securityhub-v2-da-policy'),
      docs('securityhub/latest/userguide/securityhub-v2-policy-statement'),
      docs('securityhub/latest/userguide/securityhub-v2-set-da'),
    ],
  ),
  macie: known(
    'configures_members',
    'enable Macie in members, see the inventory of their S3 buckets and their policy findings, and have their objects searched for sensitive data, in the Region',
    'act in a Region in which it was not designated, nor set for members where their discovery results are kept, or their allow lists',
    [docs('macie/latest/user/accounts-mgmt-relationships'), docs('macie/latest/user/accounts-mgmt-ao-notes')],
  ),
  inspector: known(
    'configures_members',
    'enable and disable Inspector and its scan types in members, see their findings and coverage, and set suppression rules and scan durations that hold for all of them, in the Region',
    'act in a Region in which it was not designated, manage more than 10,000 members, or overrule a policy of the type INSPECTOR_POLICY',
    [
      docs('inspector/latest/user/admin-member-relationship'),
      docs('inspector/latest/user/designating-admin'),
      docs('inspector/latest/user/managing-multiple-accounts'),
    ],
  ),
  detective: known(
    'configures_members',
    'enable accounts as members of the behavior graph and remove them from it, set the data source packages of all of them, and see the data of the graph, in the Region',
    'disable Detective in members, nor see another Region in the graph',
    [docs('detective/latest/userguide/accounts-allowed-actions'), docs('detective/latest/APIReference/Welcome')],
  ),
  'audit-manager': known(
    'reads_members',
    'have evidence collected from the accounts in the scope of its assessments, and see it',
    'act in a Region in which it was not designated',
    [organizations('audit-manager'), docs('audit-manager/latest/userguide/add-delegated-admin')],
  ),
  'firewall-manager': known(
    'acts_in_members',
    'deploy firewall policies (AWS WAF, Shield Advanced, security groups, Network Firewall, DNS Firewall) to the resources of accounts and OUs',
    'go beyond its administrative scope of accounts, OUs, Regions and policy types, nor manage third-party firewalls unless it is the default administrator',
    [
      docs('waf/latest/developerguide/fms-administrators'),
      docs('waf/latest/developerguide/fms-creating-administrators'),
      docs('waf/latest/developerguide/working-with-policies'),
      docs('waf/latest/developerguide/enable-integration'),
    ],
  ),
  'security-lake': known(
    'configures_members',
    'enable and configure Security Lake for members in all Regions, collect and read their logs and events, and let subscribers read them',
    null,
    [docs('security-lake/latest/userguide/multi-account-management')],
  ),
  cloudtrail: known(
    'configures_members',
    'create, configure and delete the trails and event data stores of the organization, and query the events of its accounts',
    'own them (the management account does), nor import trail events into an event data store of the organization',
    [
      docs('awscloudtrail/latest/userguide/cloudtrail-delegated-administrator'),
      docs('awscloudtrail/latest/APIReference/API_StartImport'),
    ],
  ),
  // botocore's model is all there is: no guide was found.
  'network-security-manager': known(
    'acts_in_members',
    'deploy protections of AWS WAF and Shield Advanced to accounts and resources of the organization',
    'go beyond the scope that the designation gives it',
    ['botocore 1.44.8: network-security-manager'],
  ),
  // Of its two principals, the one for organization rules is the stronger.
  config: known(
    'acts_in_members',
    'see configuration and compliance of all members in an aggregator, and deploy Config rules and conformance packs to them that run remediation actions, also where the IAM policies of a member deny it',
    'see the organization rules and conformance packs that the management account deployed, nor deploy to more than one Region with a call',
    [
      docs('config/latest/APIReference/API_PutOrganizationConformancePack'),
      docs('config/latest/developerguide/conformance-pack-organization-apis'),
      docs('config/latest/developerguide/aggregated-register-delegated-administrator'),
    ],
  ),
  'access-analyzer': known(
    'reads_members',
    'create analyzers for the whole organization, and see what they find on access to resources of all members',
    'name another administrator, nor keep its analyzers working once another account is named',
    [docs('IAM/latest/UserGuide/access-analyzer-settings')],
  ),
  'security-incident-response': known(
    'configures_members',
    'add and remove members by account or OU, configure the incident response team, and see and manage all cases and the findings from GuardDuty and Security Hub CSPM',
    null,
    [
      docs('security-ir/latest/userguide/security-ir-organizations'),
      docs('security-ir/latest/userguide/select-a-membership-account'),
      docs('security-ir/latest/userguide/considerations_important'),
    ],
  ),
  'network-security-director': known(
    'reads_members',
    'see the network security posture of the members in which the service is enabled',
    'see members in which it is not enabled',
    [
      docs('organizations/latest/userguide/orgs_manage_policies_network_security_director'),
      docs('waf/latest/developerguide/nsd-setting-up'),
    ],
  ),
  'iam-root-access': known(
    'controls_access',
    'take a root session in any member (sts:AssumeRoot) to see or delete its root credentials, let its root user sign in again, or delete a bucket policy of S3 or a queue policy of SQS that shuts everybody out',
    'do more in a session than its task allows, or for longer than 15 minutes, nor take one with root user credentials',
    [docs('IAM/latest/UserGuide/id_root-user-privileged-task'), docs('STS/latest/APIReference/API_AssumeRoot')],
  ),
  'identity-center': known(
    'controls_access',
    'give users and groups access to any member with permission sets of its choosing, and manage users, who is in which group, and applications',
    'enable or delete IAM Identity Center, manage permission sets that are provisioned in the management account or user access to it, nor register another administrator',
    [
      docs('singlesignon/latest/userguide/delegated-admin-how-to-register'),
      docs('singlesignon/latest/userguide/delegated-admin'),
    ],
  ),
  ipam: known(
    'configures_members',
    'see how all members use IP addresses, and share address pools with them',
    'manage addresses of another organization',
    [docs('vpc/latest/ipam/enable-integ-ipam'), organizations('ipam')],
  ),
  'network-manager': known(
    'acts_in_members',
    'see network resources of all members in a global network, register their transit gateways in it, and, where trusted access was enabled with the permission level Admin, modify those resources through a role in each member',
    'modify resources of members where that permission level is Read-only',
    [
      organizations('network-manager'),
      docs('network-manager/latest/tgwnm/nm-enable-trusted'),
      docs('network-manager/latest/tgwnm/nm-delegate-admin'),
    ],
  ),
  'reachability-analyzer': known(
    'reads_members',
    'trace network paths between resources of any members, and see those resources through a read-only role in each member',
    'use resources of the management account that were not shared with it',
    [docs('vpc/latest/reachability/multi-account'), docs('vpc/latest/reachability/cross-account-access-roles')],
  ),
  stacksets: known(
    'acts_in_members',
    'deploy stacks of any template to all members or to OUs, and change and delete them; the management account cannot hold it to some OUs or operations',
    'deploy to the management account, nor outside the organization',
    [
      docs('AWSCloudFormation/latest/UserGuide/stacksets-orgs-delegated-admin'),
      docs('AWSCloudFormation/latest/UserGuide/stacksets-orgs-associate-stackset-with-org'),
    ],
  ),
  backup: known(
    'reads_members',
    'see the backup, copy and restore jobs of all members',
    'manage backup policies without a statement in the delegation policy, nor change the cross-account settings of AWS Backup',
    [
      docs('aws-backup/latest/devguide/manage-cross-account'),
      docs('aws-backup/latest/devguide/API_UpdateGlobalSettings'),
      'https://aws.amazon.com/blogs/storage/delegated-administrator-support-for-aws-backup/',
    ],
  ),
  'devops-guru': known('reads_members', 'see, sort and filter the insights of all members', null, [
    organizations('devops'),
  ]),
  'license-manager': known(
    'configures_members',
    'see the EC2 instances and commercial Linux subscriptions of members, and share self-managed licenses and entitlements with them',
    null,
    [docs('license-manager/latest/userguide/delegated-administrator')],
  ),
  'systems-manager': known(
    'acts_in_members',
    'see, create and edit OpsItems of members and run Automation runbooks on their resources, manage change templates and approvals for them, and see Explorer data of all of them',
    'delete OpsItems of other accounts, nor create a resource data sync of Explorer in an opt-in Region',
    [
      docs('systems-manager/latest/userguide/OpsCenter-setting-up-cross-account'),
      docs('systems-manager/latest/userguide/setting_up_delegated_admin'),
      docs('systems-manager/latest/userguide/Explorer-setup-delegated-administrator'),
      docs('systems-manager/latest/APIReference/API_DeleteOpsItem'),
    ],
  ),
  'systems-manager-quick-setup': known(
    'acts_in_members',
    'deploy Quick Setup configurations to accounts of the organization, and manage their nodes in the unified console',
    'switch Systems Manager on or off for the organization, which the management account does',
    [docs('systems-manager/latest/userguide/systems-manager-setting-up-organizations')],
  ),
  'resource-explorer': known(
    'reads_members',
    'search for resources, by name, tag or ID, in all members or an OU',
    'find resources of accounts that have no active index',
    [docs('resource-explorer/latest/userguide/manage-service-multi-account'), organizations('resource-explorer')],
  ),
  'trusted-advisor': known(
    'reads_members',
    'see the prioritized recommendations of all accounts, and update their lifecycle',
    null,
    [
      docs('awssupport/latest/user/aws-managed-policies-for-trusted-advisor'),
      docs('trustedadvisor/latest/APIReference/API_ListOrganizationRecommendations'),
      docs('trustedadvisor/latest/APIReference/API_UpdateOrganizationRecommendationLifecycle'),
    ],
  ),
  health: known(
    'reads_members',
    'see the events of AWS Health that affect any account of the organization',
    'see events that are older than 90 days or than the organizational view, nor use the API without a paid support plan',
    [docs('health/latest/ug/delegated-administrator-organizational-view')],
  ),
  'user-notifications': known(
    'reads_members',
    'see the notifications of all accounts of the organization in one place, and be notified of them',
    null,
    [docs('notifications/latest/userguide/uno-orgs'), organizations('uno')],
  ),
  cloudwatch: known(
    'configures_members',
    'see which resources of members send telemetry, and set rules for the organization that enable it and collect it centrally',
    null,
    [
      docs('AmazonCloudWatch/latest/monitoring/telemetry-config-cloudwatch'),
      'botocore 1.44.8: observabilityadmin',
      organizations('cloudwatch'),
    ],
  ),
  'ec2-capacity-manager': known(
    'reads_members',
    'see how all members use On-Demand and Spot Instances and Capacity Reservations',
    'change resources or settings of members: the service only reads',
    [organizations('ec2-capacity-manager'), docs('AWSEC2/latest/UserGuide/enable-capacity-manager-da')],
  ),
  'eks-dashboard': known(
    'reads_members',
    'see the clusters of all members: versions, health, add-ons, node groups and projected costs',
    null,
    [organizations('eks'), docs('eks/latest/userguide/cluster-dashboard-orgs')],
  ),
  'transform-mgn': known(
    'acts_in_members',
    'see source servers, applications and waves of all members, and run actions on them, with the same permissions as the management account',
    null,
    [docs('mgn/latest/ug/global-view'), organizations('application-migration')],
  ),
  'resilience-hub': known(
    'configures_members',
    'see services, findings and dependencies of members, start assessments of them, and set resilience policies for the organization',
    'delete services of members, nor modify their resources',
    [docs('resilience-hub/latest/userguide/next-gen-org-permissions'), organizations('resilience-hub')],
  ),
  'managed-services-ssr': known(
    'reads_members',
    'read the reports on patches, backups and incidents of all accounts that AMS manages',
    'enable aggregated reports, which the management account does',
    [docs('managedservices/latest/userguide/aggregated-reports'), organizations('managed-services')],
  ),
  'compute-optimizer': known(
    'configures_members',
    'see and export the recommendations for all members, set recommendation preferences, and enrol members',
    null,
    [docs('compute-optimizer/latest/ug/delegate-administrator-account')],
  ),
  'cost-optimization-hub': known(
    'configures_members',
    'see the recommendations for all members, set preferences, and enrol members',
    'change the enrolment of the management account',
    [
      docs('cost-management/latest/userguide/coh-delegated-admin'),
      docs('aws-cost-management/latest/APIReference/API_CostOptimizationHub_UpdateEnrollmentStatus'),
    ],
  ),
  'procurement-insights': known(
    'reads_members',
    'see the agreements of all accounts with sellers on AWS Marketplace, and what they cost',
    null,
    [docs('marketplace/latest/buyerguide/management-delegates'), organizations('procurement-insights')],
  ),
  's3-storage-lens': known(
    'reads_members',
    'create dashboards for the organization, and see the storage metrics of all accounts in them',
    'enable trusted access for S3 Storage Lens',
    [
      docs('AmazonS3/latest/userguide/storage_lens_with_organizations'),
      docs('AmazonS3/latest/userguide/storage_lens_with_organizations_enabling_trusted_access'),
    ],
  ),
  // AWS says what the service does in members (it discovers agents and makes Config recorders), not what its administrator may do.
  'agent-registry': unknown,
  'organizations-delegation-policy': known(
    'controls_access',
    'do what its statements name: see the organization, create, attach and detach policies of the types in them (SCPs among these), enable and disable policy types, and tag',
    "create, invite, move or close accounts, or change the delegation policy, which are not on AWS's list of actions for it, nor act without IAM permissions of its own account",
    [
      docs('organizations/latest/userguide/orgs-policy-delegate'),
      docs('organizations/latest/userguide/orgs_delegate_policies'),
    ],
  ),
  // The primary e-mail address is the one that the root user signs in with.
  'account-management': known(
    'controls_access',
    'change the e-mail address that the root user of a member signs in with, and see and change the contacts, names and enabled Regions of members',
    'change the management account',
    [
      docs('accounts/latest/reference/using-orgs-delegated-admin'),
      docs('accounts/latest/APIReference/API_AcceptPrimaryEmailUpdate'),
    ],
  ),
  'service-catalog': known(
    'configures_members',
    'share portfolios of products with the organization, OUs and accounts, and see who has them',
    'enable or disable the access of Service Catalog to the organization; once deregistered, it loses its shares',
    [
      docs('servicecatalog/latest/dg/API_CreatePortfolioShare'),
      docs('servicecatalog/latest/dg/API_DisableAWSOrganizationsAccess'),
      docs('servicecatalog/latest/dg/API_DeletePortfolioShare'),
    ],
  ),
  'private-marketplace': known(
    'configures_members',
    'set which products of AWS Marketplace users of the organization, of OUs and of accounts may buy',
    'enable Private Marketplace for the organization, which the management account does',
    [
      docs('marketplace/latest/buyerguide/private-catalog-administration'),
      'https://aws.amazon.com/blogs/awsmarketplace/streamline-software-procurement-across-your-organization-with-private-marketplace',
    ],
  ),
};

/** All null, and no page, for what cannot be delegated. */
export function administratorOf(serviceId: string): Documented {
  return byService[serviceId] ?? unknown;
}
