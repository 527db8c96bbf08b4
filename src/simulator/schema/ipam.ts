import { z } from 'zod';
import { accountId, tags } from './values.js';

export const ipam = z.strictObject({
  ipams: z
    .array(
      z.strictObject({
        /** Default: the management account. */
        account: accountId.optional(),
        id: z.string().regex(/^ipam-[0-9a-f]{17}$/),
        region: z.string(),
        /** Default: its own Region. */
        operating_regions: z.array(z.string()).optional(),
        description: z.string().default(''),
        tier: z.enum(['free', 'advanced']).default('advanced'),
        state: z
          .enum([
            'create-in-progress',
            'create-complete',
            'create-failed',
            'modify-in-progress',
            'modify-complete',
            'modify-failed',
            'delete-in-progress',
            'delete-complete',
            'delete-failed',
            'isolate-in-progress',
            'isolate-complete',
            'restore-in-progress',
          ])
          .default('create-complete'),
        state_message: z.string().optional(),
        metered_account: z.enum(['ipam-owner', 'resource-owner']).default('ipam-owner'),
        enable_private_gua: z.boolean().default(false),
        tags,
      }),
    )
    .default([]),
});
