import { z } from 'zod';
import { accountId, document, instant, principal, tags } from './values.js';

// Patterns and lists below are those of botocore's organizations model (2016-11-28).
export const POLICY_TYPES = [
  'SERVICE_CONTROL_POLICY',
  'RESOURCE_CONTROL_POLICY',
  'TAG_POLICY',
  'BACKUP_POLICY',
  'AISERVICES_OPT_OUT_POLICY',
  'CHATBOT_POLICY',
  'DECLARATIVE_POLICY_EC2',
  'SECURITYHUB_POLICY',
  'SECURITYHUB_CSPM_POLICY',
  'INSPECTOR_POLICY',
  'UPGRADE_ROLLOUT_POLICY',
  'BEDROCK_POLICY',
  'S3_POLICY',
  'NETWORK_SECURITY_DIRECTOR_POLICY',
  'GUARDDUTY_POLICY',
] as const;

const organizationalUnit = z.strictObject({
  path: z.string().regex(/^(\/[^/]+)+$/, 'names from the root down, such as /Infrastructure/Network'),
  /** Default: made from the path. */
  id: z
    .string()
    .regex(/^ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}$/)
    .optional(),
  tags,
});

export const account = z.strictObject({
  id: accountId,
  name: z.string().min(1).max(128),
  email: z.string().optional(),
  /** Root id, OU id or OU path; `/` is the root. */
  parent: z.string().default('/'),
  state: z.enum(['PENDING_ACTIVATION', 'ACTIVE', 'SUSPENDED', 'PENDING_CLOSURE', 'CLOSED']).default('ACTIVE'),
  joined_method: z.enum(['INVITED', 'CREATED']).default('CREATED'),
  joined: instant.default(new Date('2024-01-15T09:30:00Z')),
  tags,
});

const policy = z.strictObject({
  id: z.string().regex(/^p-[0-9a-zA-Z_]{8,128}$/),
  name: z.string().min(1).max(128),
  description: z.string().max(512).default(''),
  type: z.enum(POLICY_TYPES),
  content: document,
  aws_managed: z.boolean().default(false),
  /** Account ids, OU ids or paths, `/` for the root, `*` for the root, every OU and every account. */
  targets: z.array(z.string()).default([]),
  except_targets: z.array(z.string()).default([]),
  tags,
});

const handshakeResource: z.ZodType<HandshakeResource> = z.lazy(() =>
  z.strictObject({ Type: z.string(), Value: z.string().optional(), Resources: z.array(handshakeResource).optional() }),
);
export interface HandshakeResource {
  Type: string;
  Value?: string | undefined;
  Resources?: HandshakeResource[] | undefined;
}

const handshake = z.strictObject({
  id: z.string().regex(/^h-[0-9a-z]{8,32}$/),
  action: z.enum([
    'INVITE',
    'ENABLE_ALL_FEATURES',
    'APPROVE_ALL_FEATURES',
    'ADD_ORGANIZATIONS_SERVICE_LINKED_ROLE',
    'TRANSFER_RESPONSIBILITY',
  ]),
  state: z.enum(['REQUESTED', 'OPEN', 'CANCELED', 'ACCEPTED', 'DECLINED', 'EXPIRED']),
  requested: instant,
  expires: instant,
  parties: z.array(z.strictObject({ Id: z.string(), Type: z.enum(['ACCOUNT', 'ORGANIZATION', 'EMAIL']) })),
  resources: z.array(handshakeResource).default([]),
  parent_handshake_id: z.string().optional(),
});

const createAccountStatus = z.strictObject({
  id: z.string().regex(/^car-[a-z0-9]{8,32}$/),
  account_name: z.string(),
  state: z.enum(['IN_PROGRESS', 'SUCCEEDED', 'FAILED']),
  requested: instant,
  completed: instant.optional(),
  account_id: accountId.optional(),
  failure_reason: z.string().optional(),
});

export const organization = z.strictObject({
  id: z
    .string()
    .regex(/^o-[a-z0-9]{10,32}$/)
    .default('o-exampleorgid'),
  feature_set: z.enum(['ALL', 'CONSOLIDATED_BILLING']).default('ALL'),
  management_account_id: accountId,
  root: z
    .strictObject({
      id: z
        .string()
        .regex(/^r-[0-9a-z]{4,32}$/)
        .default('r-exam'),
      name: z.string().default('Root'),
      policy_types: z
        .array(
          z.strictObject({
            type: z.enum(POLICY_TYPES),
            status: z.enum(['ENABLED', 'PENDING_ENABLE', 'PENDING_DISABLE']).default('ENABLED'),
          }),
        )
        .default([]),
      tags,
    })
    .prefault({}),
  organizational_units: z.array(organizationalUnit).default([]),
  /** The management account is one of them. */
  accounts: z.array(account),
  policies: z.array(policy).default([]),
  service_access: z.array(z.strictObject({ service_principal: principal, enabled: instant })).default([]),
  delegated_administrators: z
    .array(z.strictObject({ account: accountId, service_principal: principal, since: instant }))
    .default([]),
  resource_policy: z
    .strictObject({
      id: z
        .string()
        .regex(/^rp-[0-9a-zA-Z_]{4,128}$/)
        .default('rp-example1'),
      content: document,
      tags,
    })
    .nullable()
    .default(null),
  handshakes: z.array(handshake).default([]),
  create_account_statuses: z.array(createAccountStatus).default([]),
});
