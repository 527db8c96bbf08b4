/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondetective.html: IAM has it in the singular. */
const otherNames: Readonly<Record<string, string>> = {
  'detective:ListOrganizationAdminAccounts': 'detective:ListOrganizationAdminAccount',
};

/**
 * "Dependent actions" of the pages list_amazondetective.html, list_awssecurityhub.html and list_amazonsecuritylake.html
 * there. The other operations of our tables have none.
 */
const dependentActions: Readonly<Record<string, readonly string[]>> = {
  'detective:DescribeOrganizationConfiguration': ['organizations:DescribeOrganization'],
  'detective:ListOrganizationAdminAccount': ['organizations:DescribeOrganization'],
  'securityhub:ListOrganizationAdminAccounts': [
    'organizations:DescribeOrganization',
    'organizations:ListDelegatedAdministrators',
  ],
  'securitylake:GetDataLakeOrganizationConfiguration': ['organizations:DescribeOrganization'],
};

/** The IAM action that allows an operation such as `guardduty:ListDetectors`; its name is that of the operation, as a rule. */
export function iamActionOf(operation: string): string {
  return otherNames[operation] ?? operation;
}

/** What a policy has to allow for these operations, once each and in alphabetical order: also what AWS checks besides, in the caller's name. */
export function iamActionsOf(operations: Iterable<string>): string[] {
  const actions = [...operations].map(iamActionOf);
  return [...new Set(actions.flatMap((action) => [action, ...(dependentActions[action] ?? [])]))].sort();
}
