import { z } from 'zod';
import { accountId, instant, principal } from './values.js';

export const iam = z.strictObject({
  /** Whether IAM has trusted access is said by `organization.service_access`. */
  organizations_features: z.array(z.enum(['RootCredentialsManagement', 'RootSessions'])).default([]),
  service_linked_roles: z
    .array(
      z.strictObject({
        /** Default: the management account. */
        account: accountId.optional(),
        service_principal: principal,
        role_name: z.string().regex(/^[\w+=,.@-]{1,64}$/),
        description: z.string().default(''),
        created: instant.default(new Date('2024-01-20T10:00:00Z')),
      }),
    )
    .default([]),
});
