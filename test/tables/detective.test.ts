import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { administratorCases, readAdministrators, type AdministratorService } from '../support/administrators.js';

const detective: AdministratorService = {
  table: 'aws_detective_organization_admin_accounts',
  operation: 'detective:ListOrganizationAdminAccounts',
  section: 'detective',
  columns: ({ account }, region) => ({
    admin_account_id: account,
    graph_arn: `arn:aws:detective:${region}:${account}:graph:${createHash('md5').update(`${account} ${region}`).digest('hex')}`,
    delegation_time: '2024-02-02T00:00:00.000Z',
  }),
  leaving: null,
  mayBeManagement: true,
  pageSize: 200,
  off: 'me-south-1',
  notIn: { region: 'ap-northeast-3', isOptIn: false },
  notEnabled: null,
  deniedCode: 'AccessDeniedException',
  memberCode: 'AccessDeniedException',
};

it.each(administratorCases(detective))('$name', async (each) => {
  expect(await readAdministrators(detective, each)).toEqual(each.expected);
});
