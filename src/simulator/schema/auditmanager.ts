import { z } from 'zod';
import { NOT_IN_REGIONS } from './absent_regions.js';
import { accountId, notEnabled } from './values.js';

export const auditmanager = z
  .strictObject({
    // Audit Manager knows no status, and one administrator in each Region.
    administrators: z.record(z.string(), z.strictObject({ account: accountId }).nullable()).default({}),
    not_enabled: notEnabled,
    absent_regions: z.array(z.string()).default(NOT_IN_REGIONS.auditmanager),
  })
  .prefault({});
