import { z } from 'zod';
import { accountId } from './values.js';

const networkmanagerStatus = z.enum(['SUCCEEDED', 'IN_PROGRESS', 'FAILED']);

export const networkmanager = z.strictObject({
  /** null: it was never switched on, which reads as DISABLED. */
  organization_access: z
    .strictObject({
      status: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
      slr_deployment_status: networkmanagerStatus.default('SUCCEEDED'),
      accounts: z
        .array(z.strictObject({ account: accountId, slr_deployment_status: networkmanagerStatus.default('SUCCEEDED') }))
        .default([]),
    })
    .nullable()
    .default(null),
});
