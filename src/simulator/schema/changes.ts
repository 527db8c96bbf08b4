import { z } from 'zod';
import { account } from './organization.js';
import { accountId, instant, principal } from './values.js';

const CHANGE_WHEN: readonly string[] = ['operation', 'region', 'account', 'after'];

/** What happens to the organization between two requests, each once. */
export const change = z
  .strictObject({
    /** `organizations:ListAccounts`; `*` and `?` as in IAM. */
    operation: z.string(),
    region: z.string().optional(),
    account: accountId.optional(),
    /** Once so many matching requests have been answered without an error. */
    after: z.number().int().min(1),
    /** Its state becomes CLOSED. */
    close_account: accountId.optional(),
    /** It leaves, with its delegations and attachments. */
    remove_account: accountId.optional(),
    /** At the end of the list. */
    add_account: account.optional(),
    move_account: z.strictObject({ account: accountId, to: z.string() }).optional(),
    register_delegation: z
      .strictObject({ account: accountId, service_principal: principal, since: instant })
      .optional(),
    deregister_delegation: z.strictObject({ account: accountId, service_principal: principal }).optional(),
    attach_policy: z.strictObject({ policy: z.string(), target: z.string() }).optional(),
    detach_policy: z.strictObject({ policy: z.string(), target: z.string() }).optional(),
    /** With its attachments. */
    delete_policy: z.string().optional(),
  })
  .refine(
    (change) => Object.entries(change).some(([member, value]) => !CHANGE_WHEN.includes(member) && value !== undefined),
    'a change changes something: close_account, move_account or another',
  );
