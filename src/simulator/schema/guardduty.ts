import { z } from 'zod';
import { accountId, autoEnableMembers, byRegion, settingsByRegion } from './values.js';

const guarddutyFeature = z.strictObject({
  name: z.enum([
    'S3_DATA_EVENTS',
    'EKS_AUDIT_LOGS',
    'EBS_MALWARE_PROTECTION',
    'RDS_LOGIN_EVENTS',
    'LAMBDA_NETWORK_LOGS',
    'EKS_RUNTIME_MONITORING',
    'RUNTIME_MONITORING',
  ]),
  auto_enable: autoEnableMembers,
  additional_configuration: z
    .array(
      z.strictObject({
        name: z.enum(['EKS_ADDON_MANAGEMENT', 'ECS_FARGATE_AGENT_MANAGEMENT', 'EC2_AGENT_MANAGEMENT']),
        auto_enable: autoEnableMembers,
      }),
    )
    .default([]),
});

export const guardduty = z
  .strictObject({
    administrators: byRegion(
      z.strictObject({ account: accountId, status: z.enum(['ENABLED', 'DISABLE_IN_PROGRESS']).default('ENABLED') }),
    ),
    /** Accounts with a detector in every Region; an administrator has one where it is one. */
    detectors: z.array(accountId).default([]),
    organization_configuration: settingsByRegion(
      z.strictObject({
        auto_enable_organization_members: autoEnableMembers.default('NONE'),
        member_account_limit_reached: z.boolean().default(false),
        /** Default: each of them, set as the members are. */
        features: z.array(guarddutyFeature).optional(),
      }),
    ),
    absent_regions: z.array(z.string()).default([]),
  })
  .prefault({});
