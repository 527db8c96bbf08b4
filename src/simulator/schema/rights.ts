import { z } from 'zod';
import { accountId } from './values.js';

/** An IAM action with `*` and `?`; `resource` is an id or an ARN, `region` and `account` those of the request. */
export const actionRule = z.union([
  z.string(),
  z.strictObject({
    action: z.string(),
    resource: z.string().optional(),
    region: z.string().optional(),
    account: accountId.optional(),
  }),
]);

export const rights = {
  denied: z.array(actionRule).default([]),
  /** Once there, everything else is denied. */
  allowed: z.array(actionRule).optional(),
};

export const role = z.strictObject({
  /** With `*` and `?` it is every role that fits, such as `arn:aws:iam::*:role/OrgAudit`; the first that fits counts. */
  arn: z.string(),
  external_id: z.string().optional(),
  /** Account ids and ARNs of principals that the trust policy names. Default: everyone in the organization. */
  trusts: z.array(z.string()).optional(),
  ...rights,
});
