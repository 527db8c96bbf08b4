import { parseJson, type ReadContext, type Reading } from '../../src/schema/index.js';
import { organization, resourcePolicy } from '../organizations/readings.js';
import { principalsOf, statementsOf } from '../organizations/statements.js';

/**
 * Accounts in whose event history changes of the organization can be: CloudTrail keeps an event with the account that acted.
 * Services take such calls from the management account; Organizations also from those whom the delegation policy names, where
 * Organizations has its own API.
 */
export const changeMakers: Reading<readonly string[]> = {
  name: 'accounts that change the organization',
  permissions: [...organization.permissions, ...resourcePolicy.permissions],
  async read(context) {
    const management = await managementAccountOf(context);
    if (context.region !== context.organizationsRegion) return [management];
    const policy = await context.tryToUse(resourcePolicy);
    return [...new Set([management, ...accountsNamedIn(policy?.Content)])];
  },
};

/** Of the principals of a policy; one that is a wildcard names nobody. */
function accountsNamedIn(policy: string | undefined): string[] {
  return (statementsOf(parseJson(policy)) ?? [])
    .flatMap((statement) => [...principalsOf(statement.get('principal'))])
    .flatMap(({ Principal }) => /^(?:arn:[^:]*:(?:iam|sts)::)?(\d{12})(?::|$)/.exec(Principal)?.[1] ?? []);
}

/** The account that asks, where it belongs to no organization. */
export async function managementAccountOf({ use, identity }: ReadContext): Promise<string> {
  return (await use(organization))?.MasterAccountId ?? identity.accountId;
}
