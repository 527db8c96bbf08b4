import type { PageOrganization } from '../../report/page_data.js';

/** Null where accounts were not read. */
export function memberCountOf(organization: PageOrganization): number | null {
  const { accounts, tables } = organization;
  if (tables.find(({ name }) => name === 'aws_organizations_accounts')?.wasRead !== true) return null;
  return accounts.ids.filter((_id, index) => isActiveMember(organization, index)).length;
}

/** ACTIVE, and not the management account. */
export function isActiveMember({ accounts, managementAccountId }: PageOrganization, index: number): boolean {
  return accounts.stateNames[accounts.states[index] ?? -1] === 'ACTIVE' && accounts.ids[index] !== managementAccountId;
}
