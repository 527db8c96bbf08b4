import { z } from 'zod';
import { NOT_IN_REGIONS } from './absent_regions.js';
import { accountId, byRegion, instant, settingsByRegion } from './values.js';

export const detective = z
  .strictObject({
    administrators: byRegion(
      // Detective knows no status.
      z.strictObject({ account: accountId, delegated: instant.default(new Date('2024-02-02T00:00:00Z')) }),
    ),
    /** Accounts with a behavior graph of their own in every Region; an administrator has one where it is one. */
    graphs: z.array(accountId).default([]),
    organization_configuration: settingsByRegion(z.strictObject({ auto_enable: z.boolean().default(false) })),
    absent_regions: z.array(z.string()).default(NOT_IN_REGIONS.detective),
  })
  .prefault({});
