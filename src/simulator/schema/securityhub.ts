import { z } from 'zod';
import { accountId, byRegion, instant, notEnabled, place, settingsByRegion, uuid } from './values.js';

const securityhubConfiguration = z
  .strictObject({
    auto_enable: z.boolean().default(false),
    /** Default: DEFAULT, and NONE under central configuration. */
    auto_enable_standards: z.enum(['NONE', 'DEFAULT']).optional(),
    member_account_limit_reached: z.boolean().default(false),
    configuration_type: z.enum(['CENTRAL', 'LOCAL']).default('LOCAL'),
    status: z.enum(['PENDING', 'ENABLED', 'FAILED']).default('ENABLED'),
    status_message: z.string().optional(),
  })
  .refine(
    (settings) =>
      settings.configuration_type === 'LOCAL' ||
      (!settings.auto_enable && settings.auto_enable_standards !== 'DEFAULT'),
    'under CENTRAL AWS sets auto_enable to false and auto_enable_standards to NONE',
  )
  .refine(
    (settings) => settings.configuration_type === 'CENTRAL' || settings.status === 'ENABLED',
    'under LOCAL the status is always ENABLED',
  );

const findingAggregator = z.strictObject({
  /** Default: the management account. */
  account: accountId.optional(),
  /** Default: made from owner and Region. */
  id: uuid.optional(),
  home_region: z.string(),
  region_linking_mode: z
    .enum(['ALL_REGIONS', 'ALL_REGIONS_EXCEPT_SPECIFIED', 'SPECIFIED_REGIONS', 'NO_REGIONS'])
    .default('ALL_REGIONS'),
  /** Those that are linked, or those that are not, as the mode says. */
  regions: z.array(z.string()).default([]),
});

export const securityhub = z
  .strictObject({
    /** Of Security Hub CSPM. */
    administrators: byRegion(
      z.strictObject({ account: accountId, status: z.enum(['ENABLED', 'DISABLE_IN_PROGRESS']).default('ENABLED') }),
    ),
    /** Of Security Hub V2, for the whole organization. */
    v2_administrator: z.strictObject({ account: accountId }).nullable().default(null),
    /** Accounts where V2 is on. Which members get it, policies of type SECURITYHUB_POLICY say. */
    v2_hubs: z
      .array(
        z.strictObject({
          account: accountId,
          ...place,
          subscribed: instant.default(new Date('2025-12-02T00:00:00Z')),
        }),
      )
      .default([]),
    /** Concerns CSPM only, as the two below it. */
    not_enabled: notEnabled,
    organization_configuration: settingsByRegion(securityhubConfiguration),
    /** At most one of an account; every Region answers with it. */
    finding_aggregators: z.array(findingAggregator).default([]),
    absent_regions: z.array(z.string()).default([]),
  })
  .prefault({});
