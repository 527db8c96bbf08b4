import type { Outcome } from './outcome.js';

interface KnownAnswer {
  operation: RegExp;
  code: RegExp;
  message?: RegExp;
  /** Members that the request had, where one operation answers for several things. */
  input?: Readonly<Record<string, string>>;
  /** The member `Reason` of the error. */
  reason?: string;
  outcome: Exclude<Outcome, 'ok' | 'skipped'>;
}

/**
 * Answers that mean something else than their code suggests. First match wins; each line names its source.
 * "AccessDenied" alone is never `absent`: it must be an operation and a wording that AWS uses for "there is none".
 */
export const knownAnswers: readonly KnownAnswer[] = [
  // A standalone account: https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeOrganization.html#API_DescribeOrganization_Errors
  { operation: /^organizations:/, code: /^AWSOrganizationsNotInUseException$/, outcome: 'absent' },
  // An organization that shares a bill and no more has no policies, no trusted access and no delegates.
  {
    operation: /^organizations:/,
    code: /^ConstraintViolationException$/,
    reason: 'ORGANIZATION_NOT_IN_ALL_FEATURES_MODE',
    outcome: 'absent',
  },
  // No delegation policy: https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeResourcePolicy.html#API_DescribeResourcePolicy_Errors
  { operation: /^organizations:DescribeResourcePolicy$/, code: /^ResourcePolicyNotFoundException$/, outcome: 'absent' },
  // Deregistered between the list of administrators and this call, or no longer in the organization.
  {
    operation: /^organizations:ListDelegatedServicesForAccount$/,
    code: /^Account(NotRegistered|NotFound)Exception$/,
    outcome: 'absent',
  },
  // A service that Organizations does not know in this partition: it cannot have been delegated by way of it.
  // https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListDelegatedAdministrators.html#API_ListDelegatedAdministrators_Errors
  {
    operation: /^organizations:ListDelegatedAdministrators$/,
    code: /^InvalidInputException$/,
    message: /\bunrecognized service principal\b/i,
    outcome: 'absent',
  },
  // A policy that was deleted between ListPolicies and this call.
  {
    operation: /^organizations:(DescribePolicy|ListTargetsForPolicy)$/,
    code: /^PolicyNotFoundException$/,
    outcome: 'absent',
  },
  // An account that left while the tags were read, which takes one call each.
  {
    operation: /^organizations:ListTagsForResource$/,
    code: /^TargetNotFoundException$/,
    outcome: 'absent',
  },
  // GuardDuty answers a member with a bad request: "you do not have required AWS Organization master permission".
  // https://docs.aws.amazon.com/guardduty/latest/APIReference/API_ListOrganizationAdminAccounts.html
  {
    operation: /^guardduty:ListOrganizationAdminAccounts$/,
    code: /^BadRequestException$/,
    message: /\b(master|management)\b/i,
    outcome: 'denied',
  },
  // Security Hub CSPM was never switched on here: https://github.com/awslabs/sra-verify, services/securityhub/base.py
  // It says nothing of V2, whose administrator is recorded separately and may be there without CSPM.
  {
    operation: /^securityhub:ListOrganizationAdminAccounts$/,
    code: /^InvalidAccessException$/,
    message: /\bis not subscribed to AWS Security Hub\b/i,
    input: { Feature: 'SecurityHub' },
    outcome: 'absent',
  },
  // Security Hub CSPM or Macie was never switched on in the account that administers it, here.
  {
    operation: /^securityhub:DescribeOrganizationConfiguration$/,
    code: /^InvalidAccessException$/,
    message: /\bis not subscribed to AWS Security Hub\b/i,
    outcome: 'absent',
  },
  {
    operation: /^macie2:DescribeOrganizationConfiguration$/,
    code: /^AccessDeniedException$/,
    message: /^Macie is not enabled\b/i,
    outcome: 'absent',
  },
  // Otherwise "The account doesn't have permission to perform this action", which is Security Hub's answer to a member too.
  // https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_ListOrganizationAdminAccounts.html#API_ListOrganizationAdminAccounts_Errors
  { operation: /^securityhub:/, code: /^InvalidAccessException$/, outcome: 'denied' },
  // Macie was never switched on here; a missing permission has the same code.
  // https://github.com/awslabs/sra-verify, services/macie/base.py
  {
    operation: /^macie2:ListOrganizationAdminAccounts$/,
    code: /^AccessDeniedException$/,
    message: /^Macie is not enabled\b/i,
    outcome: 'absent',
  },
  // Nothing is managed centrally where IAM may not work in the organization, where there is none, or where it shares no more
  // than a bill. https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListOrganizationsFeatures.html#API_ListOrganizationsFeatures_Errors
  {
    operation: /^iam:ListOrganizationsFeatures$/,
    code: /^(ServiceAccessNotEnabledException|OrganizationNotFoundException|OrganizationNotInAllFeaturesModeException)$/,
    outcome: 'absent',
  },
  {
    operation: /^iam:ListOrganizationsFeatures$/,
    code: /^AccountNotManagementOrDelegatedAdministratorException$/,
    outcome: 'denied',
  },
  // A delegate whose management account lacks CloudTrail's role sees nothing, whatever there is; only that account can help.
  // https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DescribeTrails.html#API_DescribeTrails_Errors
  {
    operation: /^cloudtrail:/,
    code: /^(NoManagementAccountSLRExistsException|OperationNotPermittedException)$/,
    outcome: 'denied',
  },
  // Deleted between the list and this call.
  { operation: /^cloudtrail:GetTrailStatus$/, code: /^TrailNotFoundException$/, outcome: 'absent' },
  { operation: /^cloudtrail:GetEventDataStore$/, code: /^EventDataStoreNotFoundException$/, outcome: 'absent' },
  // No administrator. The list has no such error: it is empty.
  // https://docs.aws.amazon.com/inspector/v2/APIReference/API_GetDelegatedAdminAccount.html#API_GetDelegatedAdminAccount_Errors
  { operation: /^inspector2:GetDelegatedAdminAccount$/, code: /^ResourceNotFoundException$/, outcome: 'absent' },
  // No administrator, in an account where Audit Manager is set up.
  // https://docs.aws.amazon.com/audit-manager/latest/APIReference/API_GetOrganizationAdminAccount.html#API_GetOrganizationAdminAccount_Errors
  { operation: /^auditmanager:GetOrganizationAdminAccount$/, code: /^ResourceNotFoundException$/, outcome: 'absent' },
  // Where it never was: https://github.com/turbot/steampipe-plugin-aws/pull/1122, and awslabs/sra-verify saw it from this
  // operation (services/auditmanager/base.py). Denied permissions have the same code.
  {
    operation: /^auditmanager:GetOrganizationAdminAccount$/,
    code: /^AccessDeniedException$/,
    message: /^Please complete AWS Audit Manager setup\b/,
    outcome: 'absent',
  },
  // No administrator of Firewall Manager, or not the one whose scope is asked for (any more).
  // https://docs.aws.amazon.com/fms/2018-01-01/APIReference/API_GetAdminAccount.html#API_GetAdminAccount_Errors
  {
    operation: /^fms:(ListAdminAccountsForOrganization|GetAdminAccount|GetAdminScope)$/,
    code: /^ResourceNotFoundException$/,
    outcome: 'absent',
  },
  // "FMS returns an AccessDeniedException if no account is associated, but does not define this in its error codes":
  // https://github.com/hashicorp/terraform-provider-aws: internal/service/fms/admin_account.go. A member that is no
  // administrator reads the same, but the list of them is denied to it, so nothing follows from this answer alone.
  {
    operation: /^fms:GetAdminAccount$/,
    code: /^AccessDeniedException$/,
    message: /\bis not currently delegated by AWS FM\b/,
    outcome: 'absent',
  },
  // Firewall Manager answers a member that an operation of the management account was not possible:
  // https://github.com/crossplane-contrib/provider-upjet-aws/issues/296. A wrong Region has the same code.
  {
    operation: /^fms:ListAdminAccountsForOrganization$/,
    code: /^InvalidOperationException$/,
    message: /\bis not the management account\b/i,
    outcome: 'denied',
  },
  // Settings of an organization belong to its administrator, and to no other account: who is asked is one of those that the
  // service named, so a bad request says that it is none (any more). The request has nothing else that could be wrong.
  // https://docs.aws.amazon.com/guardduty/latest/APIReference/API_DescribeOrganizationConfiguration.html
  // https://docs.aws.amazon.com/detective/latest/APIReference/API_DescribeOrganizationConfiguration.html
  {
    operation: /^(guardduty|detective):DescribeOrganizationConfiguration$/,
    code: /^(BadRequestException|ValidationException)$/,
    outcome: 'denied',
  },
  // The account of the role has STS switched off in the Region that is asked; only that account can help.
  // https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html#API_AssumeRole_Errors
  { operation: /^sts:AssumeRole$/, code: /^RegionDisabledException$/, outcome: 'denied' },
  // No data lake, or none that collects from new accounts.
  // https://docs.aws.amazon.com/security-lake/latest/APIReference/API_GetDataLakeOrganizationConfiguration.html
  {
    operation: /^securitylake:GetDataLakeOrganizationConfiguration$/,
    code: /^ResourceNotFoundException$/,
    outcome: 'absent',
  },
];
