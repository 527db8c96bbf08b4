import { z } from 'zod';
import { accountId, instant, place, tags } from './values.js';

const analyzer = z.strictObject({
  /** Default: the management account. */
  account: accountId.optional(),
  ...place,
  name: z.string().regex(/^[A-Za-z_][A-Za-z0-9_.-]{0,254}$/),
  type: z
    .enum([
      'ACCOUNT',
      'ORGANIZATION',
      'ACCOUNT_UNUSED_ACCESS',
      'ORGANIZATION_UNUSED_ACCESS',
      'ACCOUNT_INTERNAL_ACCESS',
      'ORGANIZATION_INTERNAL_ACCESS',
    ])
    .default('ORGANIZATION'),
  status: z.enum(['ACTIVE', 'CREATING', 'DISABLED', 'FAILED']).default('ACTIVE'),
  status_reason: z
    .enum([
      'AWS_SERVICE_ACCESS_DISABLED',
      'DELEGATED_ADMINISTRATOR_DEREGISTERED',
      'ORGANIZATION_DELETED',
      'SERVICE_LINKED_ROLE_CREATION_FAILED',
    ])
    .optional(),
  created: instant.default(new Date('2024-02-06T08:00:00Z')),
  last_resource_analyzed: z.string().optional(),
  last_resource_analyzed_at: instant.optional(),
  /** A service principal, of an analyzer that a service made for itself. */
  managed_by: z.string().optional(),
  tags,
});

export const accessanalyzer = z.strictObject({
  analyzers: z.array(analyzer).default([]),
  absent_regions: z.array(z.string()).default([]),
});
