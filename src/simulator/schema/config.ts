import { z } from 'zod';
import { accountId, instant, place } from './values.js';

const aggregatorName = z.string().regex(/^[\w-]{1,256}$/);

const aggregatedRegions = {
  aws_regions: z.array(z.string()).min(1).optional(),
  all_aws_regions: z.boolean().optional(),
};

const configurationAggregator = z
  .strictObject({
    /** Default: the management account. */
    account: accountId.optional(),
    ...place,
    name: aggregatorName,
    account_aggregation_sources: z
      .array(z.strictObject({ account_ids: z.array(accountId).min(1), ...aggregatedRegions }))
      .max(1)
      .default([]),
    organization_aggregation_source: z
      .strictObject({
        /** Default: a role of the owner. */
        role_arn: z.string().optional(),
        ...aggregatedRegions,
      })
      .optional(),
    created: instant.default(new Date('2024-02-05T08:00:00Z')),
    /** Default: when it was created. */
    updated: instant.optional(),
    /** A service; people leave it out. */
    created_by: z.string().min(1).max(256).optional(),
    /** AggregatorFilters in AWS's own words. */
    filters: z.record(z.string(), z.unknown()).optional(),
  })
  .refine(
    (aggregator) =>
      aggregator.account_aggregation_sources.length === 1 || aggregator.organization_aggregation_source !== undefined,
    'an aggregator reads accounts or the organization',
  );

export const config = z.strictObject({
  aggregators: z.array(configurationAggregator).default([]),
  absent_regions: z.array(z.string()).default([]),
});
