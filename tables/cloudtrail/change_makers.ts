import { DescribeResourcePolicyCommand } from '@aws-sdk/client-organizations';
import { parseJson, type ReadContext, type Reading } from '../../src/schema/index.js';
import { organization } from '../organizations/readings.js';
import { principalsOf, statementsOf } from '../organizations/statements.js';

/** Accounts to which the delegation policy gives anything, as far as it names them. */
const policyDelegates: Reading<string[]> = {
  name: 'accounts of the delegation policy',
  permissions: ['organizations:DescribeResourcePolicy'],
  isForOrganization: true,
  async read({ organizations }) {
    const { ResourcePolicy } = await organizations.send(new DescribeResourcePolicyCommand({}));
    const principals = statementsOf(parseJson(ResourcePolicy?.Content)).flatMap((statement) => [
      ...principalsOf(statement['Principal']),
    ]);
    return principals.flatMap(
      ({ Principal }) => /^(?:arn:[^:]*:(?:iam|sts)::)?(\d{12})(?::|$)/.exec(Principal)?.[1] ?? [],
    );
  },
};

/**
 * Accounts in whose event history changes of the organization can be: CloudTrail keeps an event with the account that acted.
 * Services take such calls from the management account; Organizations also from those whom the delegation policy names, where
 * Organizations has its own API.
 */
export const changeMakers: Reading<readonly string[]> = {
  name: 'accounts that change the organization',
  permissions: [...organization.permissions, ...policyDelegates.permissions],
  async read(context) {
    const management = await managementAccountOf(context);
    if (context.region !== context.organizationsRegion) return [management];
    return [...new Set([management, ...((await context.tryToUse(policyDelegates)) ?? [])])];
  },
};

/** The account that asks, where it belongs to no organization. */
async function managementAccountOf({ use, identity }: ReadContext): Promise<string> {
  return (await use(organization))?.MasterAccountId ?? identity.accountId;
}
