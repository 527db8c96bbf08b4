import { z } from 'zod';
import { NOT_IN_REGIONS } from './absent_regions.js';
import { accountId, byRegion, notEnabled, settingsByRegion } from './values.js';

const relationshipStatus = z.enum([
  'CREATED',
  'INVITED',
  'DISABLED',
  'ENABLED',
  'REMOVED',
  'RESIGNED',
  'DELETED',
  'EMAIL_VERIFICATION_IN_PROGRESS',
  'EMAIL_VERIFICATION_FAILED',
  'REGION_DISABLED',
  'ACCOUNT_SUSPENDED',
  'CANNOT_CREATE_DETECTOR_IN_ORG_MASTER',
]);

export const inspector2 = z
  .strictObject({
    /** GetDelegatedAdminAccount names the first of several. */
    administrators: byRegion(
      z.strictObject({
        account: accountId,
        status: z.enum(['ENABLED', 'DISABLE_IN_PROGRESS']).default('ENABLED'),
        relationship_status: relationshipStatus.default('ENABLED'),
      }),
    ),
    not_enabled: notEnabled,
    organization_configuration: settingsByRegion(
      z.strictObject({
        auto_enable: z
          .strictObject({
            ec2: z.boolean().default(false),
            ecr: z.boolean().default(false),
            lambda: z.boolean().default(false),
            lambda_code: z.boolean().default(false),
            code_repository: z.boolean().default(false),
          })
          .prefault({}),
        max_account_limit_reached: z.boolean().default(false),
      }),
    ),
    absent_regions: z.array(z.string()).default(NOT_IN_REGIONS.inspector2),
  })
  .prefault({});
