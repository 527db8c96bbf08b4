import { z } from 'zod';
import { NOT_IN_REGIONS } from './absent_regions.js';
import { accountId } from './values.js';

const organizationStatus = z.enum(['ONBOARDING', 'ONBOARDING_COMPLETE', 'OFFBOARDING', 'OFFBOARDING_COMPLETE']);

export const fms = z
  .strictObject({
    /** For the whole organization; none: nobody was ever made one. */
    administrators: z
      .array(
        z.strictObject({
          account: accountId,
          default: z.boolean().default(false),
          status: organizationStatus.default('ONBOARDING_COMPLETE'),
          /** Of the default administrator. */
          role_status: z.enum(['READY', 'CREATING', 'PENDING_DELETION', 'DELETING', 'DELETED']).default('READY'),
          /** AdminScope in AWS's own words. Default: everything. */
          scope: z.record(z.string(), z.unknown()).optional(),
          /** False: only GetAdminAccount knows it. */
          listed: z.boolean().default(true),
        }),
      )
      // A quota of AWS that cannot be raised.
      .max(10)
      .default([]),
    absent_regions: z.array(z.string()).default(NOT_IN_REGIONS.fms),
  })
  .prefault({});
