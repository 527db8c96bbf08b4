import type { PageOrganization } from '../../report/page_data.js';
import type { Model } from './model.js';

export function memberCountOf({ accounts, managementAccountId, tables }: PageOrganization): number | null {
  if (tables.find(({ name }) => name === 'aws_organizations_accounts')?.wasRead !== true) return null;
  const active = accounts.stateNames.indexOf('ACTIVE');
  return accounts.states.filter((state, index) => state === active && accounts.ids[index] !== managementAccountId)
    .length;
}

export function isActiveMember({ organization, accountIndex }: Model, account: string): boolean {
  const { accounts, managementAccountId } = organization;
  const index = accountIndex.get(account);
  return (
    index !== undefined &&
    account !== managementAccountId &&
    accounts.stateNames[accounts.states[index] ?? -1] === 'ACTIVE'
  );
}
