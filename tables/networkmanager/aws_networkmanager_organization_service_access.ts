import {
  ListOrganizationServiceAccessStatusCommand,
  type AccountStatus,
  type OrganizationStatus,
} from '@aws-sdk/client-networkmanager';
import { defineTable, json, text } from '../../src/schema/index.js';

export const networkmanagerOrganizationServiceAccess = defineTable<OrganizationStatus>()({
  name: 'aws_networkmanager_organization_service_access',
  description: 'Whether Network Manager may work in the whole organization, and how far its roles are rolled out.',
  source: 'https://docs.aws.amazon.com/networkmanager/latest/APIReference/API_ListOrganizationServiceAccessStatus.html',
  permissions: ['networkmanager:ListOrganizationServiceAccessStatus'],
  globalService: 'network-manager',
  primaryKey: ['account_id', 'organization_id'],
  columns: {
    organization_id: text('OrganizationId', 'ID of the organization.'),
    organization_aws_service_access_status: text('OrganizationAwsServiceAccessStatus', 'ENABLED or DISABLED.'),
    slr_deployment_status: text('SLRDeploymentStatus', 'SUCCEEDED, IN_PROGRESS, FAILED, ...'),
    account_status_list: json('AccountStatusList', 'State of the roles in each account registered for it.'),
  },
  async *list({ networkmanager }) {
    // The SDK has no paginator for it: the status comes with each page, the accounts bit by bit.
    let status: OrganizationStatus | undefined;
    const accounts: AccountStatus[] = [];
    let NextToken: string | undefined;
    do {
      const input = NextToken === undefined ? {} : { NextToken };
      const page = await networkmanager.send(new ListOrganizationServiceAccessStatusCommand(input));
      status ??= page.OrganizationStatus;
      accounts.push(...(page.OrganizationStatus?.AccountStatusList ?? []));
      NextToken = page.NextToken;
    } while (NextToken !== undefined && NextToken !== '');
    if (status) yield { ...status, AccountStatusList: accounts };
  },
});
