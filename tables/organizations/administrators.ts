import { paginateListDelegatedAdministrators as paginate } from '@aws-sdk/client-organizations';
import type { Reading } from '../../src/schema/index.js';
import { organization } from './readings.js';

/**
 * Account ids of those who administer a service by a registration with Organizations, and of the management account, which
 * may do without one where `withManagementAccount` says so.
 */
export function administratorsOf(
  principal: string,
  { withManagementAccount = false } = {},
): Reading<readonly string[]> {
  return {
    name: `administrators of ${principal}${withManagementAccount ? ' and the management account' : ''}`,
    permissions: [
      ...(withManagementAccount ? organization.permissions : []),
      'organizations:ListDelegatedAdministrators',
    ],
    isForOrganization: true,
    async read({ organizations, use }) {
      const ids = new Set<string>();
      const management = withManagementAccount ? (await use(organization))?.MasterAccountId : undefined;
      if (management !== undefined) ids.add(management);
      for await (const page of paginate({ client: organizations }, { ServicePrincipal: principal })) {
        for (const { Id } of page.DelegatedAdministrators ?? []) if (Id !== undefined) ids.add(Id);
      }
      return [...ids];
    },
  };
}
