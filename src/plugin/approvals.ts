import { z } from 'zod';
import type { Approval } from '../schema/index.js';
import { refuseRepeats } from './repeats.js';
import { accountIdPattern, date, longestPattern, nonEmpty, oneRegion, serviceProblem, toDate } from './values.js';

const signature = {
  approved_by: nonEmpty.describe('Who approved it.'),
  approved_on: date.describe('The day, such as 2026-12-31.'),
  review_by: date.optional().describe('The day by which somebody has to look at it again.'),
  reason: nonEmpty.optional(),
};

const service = nonEmpty.max(200).superRefine((name, context) => {
  // A principal that the catalogue does not know can be delegated to all the same.
  if (/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(name)) return;
  const problem = serviceProblem(name);
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
});

const holder = z
  .string('expected an account ID (12 digits, in quotes) or a principal of the delegation policy')
  .max(longestPattern)
  .regex(
    /^(\d{12}|\*|arn:[a-z-]+:(iam|sts)::\d{12}:[^*?\s]+|[a-z0-9-]+(\.[a-z0-9-]+)+)$/,
    "expected an account ID (12 digits, in quotes) or a principal of the delegation policy (an ARN, a service principal, or '*' where the policy says so)",
  );

const delegation = z
  .strictObject({
    service: service.describe('ID of the catalogue, or a service principal.'),
    account: holder.describe('Account ID, or a principal of the delegation policy.'),
    method: z.enum(['organizations', 'service', 'resource_policy']).optional().describe('None: any.'),
    region: oneRegion.optional().describe('None: every one.'),
    ...signature,
  })
  .superRefine((entry, context) => {
    const issue = (path: string, message: string): void => {
      context.addIssue({ code: 'custom', path: [path], message });
    };
    if (entry.method !== undefined && entry.method !== 'resource_policy' && !accountIdPattern.test(entry.account)) {
      issue('account', `with method ${entry.method} only an account holds: expected its ID, 12 digits in quotes`);
    }
    if (entry.region !== undefined && entry.method !== undefined && entry.method !== 'service') {
      issue('region', `a delegation by ${entry.method} has no Region: leave it out`);
    }
    refuseEarlyReview(entry, issue);
  });

const principal = z
  .strictObject({
    principal: z
      .string()
      .max(longestPattern)
      .regex(
        /^(arn:[a-z*-]+:(iam|sts|\*)::(\d{12}|\*):\S+|[a-z0-9-]+(\.[a-z0-9-]+)+)$/,
        'expected the ARN of a principal, with * for anything, or a service principal',
      )
      .describe('ARN, with * for anything, or the principal of a service that acts as itself.'),
    actions: z
      .array(
        z
          .string()
          .max(150)
          .regex(/^(\*|[A-Za-z0-9-]+:[A-Za-z0-9*?]+)$/, 'expected an IAM action, with * for anything'),
      )
      .min(1)
      .optional()
      .describe('IAM actions, with * for anything; none: all.'),
    ...signature,
  })
  .superRefine((entry, context) => {
    refuseEarlyReview(entry, (path, message) => {
      context.addIssue({ code: 'custom', path: [path], message });
    });
  });

function refuseEarlyReview(
  { approved_on, review_by }: { approved_on: string; review_by?: string | undefined },
  issue: (path: string, message: string) => void,
): void {
  if (review_by !== undefined && toDate(review_by) < toDate(approved_on)) {
    issue('review_by', `${review_by.slice(0, 10)} is before approved_on (${approved_on.slice(0, 10)})`);
  }
}

const delegations = z.array(delegation).superRefine(refuseRepeats('approval', (entry) => [delegationKey(entry)]));

const principals = z
  .array(principal)
  .superRefine(refuseRepeats('approval', (entry) => actionsOf(entry).map((action) => [entry.principal, action])));

const approvalsMap = z.strictObject({ delegations: delegations.optional(), principals: principals.optional() });

/** What an approvals file holds. A list alone is one of delegations. */
export const approvalsContent = z.union([approvalsMap, delegations], 'expected a map or a list');

export type ApprovalsContent = z.infer<typeof approvalsContent>;

export function knownKeysOfApprovals(path: readonly PropertyKey[]): readonly string[] {
  if (path.length === 0) return Object.keys(approvalsMap.shape);
  return Object.keys((path[0] === 'principals' ? principal : delegation).shape);
}

type Delegation = z.infer<typeof delegation>;

function delegationKey(
  entry: Delegation,
): [service: string, account: string, method: Approval['Method'], region: string] {
  return [entry.service, entry.account, entry.method ?? '', entry.region ?? ''];
}

function actionsOf({ actions }: z.infer<typeof principal>): readonly string[] {
  return actions ?? ['*'];
}

export function approvalRows(content: ApprovalsContent): Approval[] {
  const lists = Array.isArray(content) ? { delegations: content } : content;
  const signed = (entry: Pick<Delegation, keyof typeof signature>) => ({
    ApprovedBy: entry.approved_by,
    ApprovedOn: toDate(entry.approved_on),
    ReviewBy: entry.review_by === undefined ? undefined : toDate(entry.review_by),
    Reason: entry.reason,
  });
  return [
    ...(lists.delegations ?? []).map((entry): Approval => {
      const [Service, Principal, Method, Region] = delegationKey(entry);
      return { Kind: 'delegation', Service, Principal, Method, Region, Action: '', ...signed(entry) };
    }),
    ...(lists.principals ?? []).flatMap((entry) =>
      actionsOf(entry).map((Action): Approval => ({
        Kind: 'principal',
        Service: '',
        Principal: entry.principal,
        Method: '',
        Region: '',
        Action,
        ...signed(entry),
      })),
    ),
  ];
}
