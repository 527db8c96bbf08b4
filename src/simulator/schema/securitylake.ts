import { z } from 'zod';
import { NOT_IN_REGIONS } from './absent_regions.js';
import { accountId, place } from './values.js';

const lakeStatus = z.enum(['INITIALIZED', 'PENDING', 'COMPLETED', 'FAILED']);

/** Who has it, where it is not said: the delegated administrator of Security Lake. */
const ofTheLake = { account: accountId.optional(), ...place };

const dataLake = z.strictObject({
  ...ofTheLake,
  create_status: lakeStatus.default('COMPLETED'),
  kms_key_id: z.string().default('S3_MANAGED_KEY'),
  expiration_days: z.number().int().min(1).optional(),
  transitions: z.array(z.strictObject({ days: z.number().int().min(1), storage_class: z.string() })).default([]),
  replication: z.strictObject({ regions: z.array(z.string()), role_arn: z.string().optional() }).optional(),
  /** Default: made from owner and Region. */
  s3_bucket_arn: z.string().optional(),
  update_status: z
    .strictObject({
      status: lakeStatus,
      request_id: z.string().optional(),
      exception: z.strictObject({ code: z.string().optional(), reason: z.string().optional() }).optional(),
    })
    .optional(),
});

export const securitylake = z
  .strictObject({
    data_lakes: z.array(dataLake).default([]),
    /** One entry for each Region where new accounts are to send something. */
    organization_configuration: z
      .array(
        z.strictObject({
          ...ofTheLake,
          sources: z
            .array(
              z.strictObject({
                source_name: z.enum([
                  'ROUTE53',
                  'VPC_FLOW',
                  'SH_FINDINGS',
                  'CLOUD_TRAIL_MGMT',
                  'LAMBDA_EXECUTION',
                  'S3_DATA',
                  'EKS_AUDIT',
                  'WAF',
                ]),
                source_version: z
                  .string()
                  .regex(/^(latest|\d\.\d)$/)
                  .default('2.0'),
              }),
            )
            .min(1),
        }),
      )
      .default([]),
    absent_regions: z.array(z.string()).default(NOT_IN_REGIONS.securitylake),
  })
  .prefault({});
