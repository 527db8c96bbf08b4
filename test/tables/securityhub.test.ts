import { expect, it } from 'vitest';
import { administratorCases, readAdministrators, type AdministratorService } from '../support/administrators.js';

const securityhub: AdministratorService = {
  table: 'aws_securityhub_organization_admin_accounts',
  operation: 'securityhub:ListOrganizationAdminAccounts',
  section: 'securityhub',
  columns: ({ account, status = 'ENABLED' }) => ({
    admin_account_id: account,
    admin_status: status,
    feature: 'SecurityHub',
  }),
  leaving: 'DISABLE_IN_PROGRESS',
  mayBeManagement: true,
  pageSize: 10,
  off: 'me-south-1',
  notIn: null,
  notEnabled: { code: 'InvalidAccessException', outcomeOtherwise: 'denied' },
  deniedCode: 'AccessDeniedException',
  memberCode: 'InvalidAccessException',
  alsoRead: 'SecurityHubV2',
};

it.each(administratorCases(securityhub))('$name', async (each) => {
  expect(await readAdministrators(securityhub, each)).toEqual(each.expected);
});
