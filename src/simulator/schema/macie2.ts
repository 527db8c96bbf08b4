import { z } from 'zod';
import { NOT_IN_REGIONS } from './absent_regions.js';
import { accountId, byRegion, notEnabled, settingsByRegion } from './values.js';

export const macie2 = z
  .strictObject({
    administrators: byRegion(
      z.strictObject({ account: accountId, status: z.enum(['ENABLED', 'DISABLING_IN_PROGRESS']).default('ENABLED') }),
    ),
    organization_configuration: settingsByRegion(
      z.strictObject({
        auto_enable: z.boolean().default(false),
        max_account_limit_reached: z.boolean().default(false),
      }),
    ),
    not_enabled: notEnabled,
    absent_regions: z.array(z.string()).default(NOT_IN_REGIONS.macie2),
  })
  .prefault({});
