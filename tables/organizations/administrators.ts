import { paginateListDelegatedAdministrators as paginate } from '@aws-sdk/client-organizations';
import type { Reading } from '../../src/schema/index.js';
import { organization } from './readings.js';

/** Account ids of those who administer a service by a registration with Organizations; `absent` where Organizations does not know the service. */
export function delegatesOf(principal: string): Reading<readonly string[]> {
  return {
    name: `delegates of ${principal}`,
    permissions: ['organizations:ListDelegatedAdministrators'],
    isForOrganization: true,
    async read({ organizations }) {
      const ids: string[] = [];
      for await (const page of paginate({ client: organizations }, { ServicePrincipal: principal })) {
        ids.push(...(page.DelegatedAdministrators ?? []).flatMap(({ Id }) => Id ?? []));
      }
      return ids;
    },
  };
}

/** These, and the management account, which needs no registration. */
export function administratorsOf(principal: string): Reading<readonly string[]> {
  const delegates = delegatesOf(principal);
  return {
    name: `administrators of ${principal}`,
    permissions: [...organization.permissions, ...delegates.permissions],
    isForOrganization: true,
    async read({ use, useIfAny }) {
      const management = (await use(organization))?.MasterAccountId;
      const others = (await useIfAny(delegates)) ?? [];
      return management === undefined ? others : [...new Set([management, ...others])];
    },
  };
}
