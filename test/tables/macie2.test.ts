import { expect, it } from 'vitest';
import { administratorCases, readAdministrators, type AdministratorService } from '../support/administrators.js';

const macie2: AdministratorService = {
  table: 'aws_macie2_organization_admin_accounts',
  operation: 'macie2:ListOrganizationAdminAccounts',
  section: 'macie2',
  columns: ({ account, status = 'ENABLED' }) => ({ admin_account_id: account, admin_status: status }),
  // Not DISABLE_IN_PROGRESS, as elsewhere.
  leaving: 'DISABLING_IN_PROGRESS',
  mayBeManagement: true,
  pageSize: 25,
  off: 'me-south-1',
  notIn: { region: 'eu-central-2', isOptIn: true },
  notEnabled: { code: 'AccessDeniedException', outcomeOtherwise: 'denied' },
  deniedCode: 'AccessDeniedException',
  memberCode: 'AccessDeniedException',
};

it.each(administratorCases(macie2))('$name', async (each) => {
  expect(await readAdministrators(macie2, each)).toEqual(each.expected);
});
