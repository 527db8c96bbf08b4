import { z } from 'zod';
import { accountId, instant, uuid } from './values.js';

const cloudtrailTrail = z.strictObject({
  /** Whose trail it is. Default: the management account, which also owns what a delegate makes for the organization. */
  account: accountId.optional(),
  name: z.string().regex(/^[A-Za-z0-9][\w.-]{1,126}[A-Za-z0-9]$/, 'a name of 3 to 128 letters, digits, ., _ and -'),
  home_region: z.string(),
  organization: z.boolean().default(false),
  multi_region: z.boolean().default(true),
  logging: z.boolean().default(true),
  log_file_validation: z.boolean().default(false),
  global_service_events: z.boolean().default(true),
  custom_event_selectors: z.boolean().default(false),
  insight_selectors: z.boolean().default(false),
  /** Default: the name of the trail and `-logs`. */
  s3_bucket: z.string().optional(),
  kms_key_id: z.string().optional(),
  log_group_arn: z.string().optional(),
  /** What S3 last answered where delivery fails, such as NoSuchBucket. */
  delivery_error: z.string().optional(),
  started: instant.default(new Date('2024-02-01T08:00:00Z')),
  /** For a trail that does not log; default: it never did. */
  stopped: instant.optional(),
});

const cloudtrailEventDataStore = z.strictObject({
  account: accountId.optional(),
  /** Default: made from owner, Region and name. */
  id: uuid.optional(),
  name: z.string().regex(/^[a-zA-Z0-9._-]{3,128}$/),
  region: z.string(),
  organization: z.boolean().default(false),
  multi_region: z.boolean().default(true),
  status: z
    .enum(['CREATED', 'ENABLED', 'PENDING_DELETION', 'STARTING_INGESTION', 'STOPPING_INGESTION', 'STOPPED_INGESTION'])
    .default('ENABLED'),
  federation: z
    .strictObject({
      status: z.enum(['ENABLING', 'ENABLED', 'DISABLING', 'DISABLED']).default('DISABLED'),
      role_arn: z.string().optional(),
    })
    .prefault({}),
  retention_days: z.number().int().min(7).max(3653).default(366),
  billing_mode: z
    .enum(['EXTENDABLE_RETENTION_PRICING', 'FIXED_RETENTION_PRICING'])
    .default('EXTENDABLE_RETENTION_PRICING'),
  termination_protection: z.boolean().default(true),
  kms_key_id: z.string().optional(),
  created: instant.default(new Date('2024-03-01T08:00:00Z')),
});

/** What the event history knows of a call. Everything optional has a default where the event is written. */
const cloudtrailEventFields = {
  /** Who was called, such as organizations.amazonaws.com. */
  source: z.string().regex(/^[a-z0-9.-]+\.[a-z]+$/, 'an event source such as organizations.amazonaws.com'),
  /** Default: that of Organizations. Services with one endpoint have their events there and nowhere else. */
  region: z.string().optional(),
  /** In whose history it is. Default: the account of `who`, and the management account where that has none. */
  account: accountId.optional(),
  /** ARN of a user, a root user, a role or a session of one; or a service principal. Default: a user. */
  who: z
    .string()
    .regex(
      /^(arn:[\w-]+:(iam|sts)::\d{12}:(root|(user|role|assumed-role)\/.+)|[a-z0-9.-]+\.amazonaws\.com(\.cn)?)$/,
      'an ARN such as arn:aws:iam::111122223333:role/Pipeline, or a service principal',
    )
    .optional(),
  /** Default: the name of the user; of a role, that of the session. */
  user_name: z.string().optional(),
  source_ip: z.string().optional(),
  user_agent: z.string().optional(),
  access_key_id: z.string().optional(),
  /** The names of its members are CloudTrail's: those of Organizations begin with a small letter, those of Security Hub do not. */
  request: z.record(z.string(), z.unknown()).optional(),
  response: z.record(z.string(), z.unknown()).optional(),
  error_code: z.string().optional(),
  error_message: z.string().optional(),
  /** Default: by the name of the event. */
  read_only: z.boolean().optional(),
  resources: z.array(z.strictObject({ type: z.string().optional(), name: z.string() })).optional(),
  /** Members of the record besides those made of the above, or in their place. */
  record: z.record(z.string(), z.unknown()).optional(),
};

const cloudtrailEvent = z.strictObject({
  time: instant,
  name: z.string().min(1),
  ...cloudtrailEventFields,
  /** Default: made from what the event says. */
  id: uuid.optional(),
  /** From when on the history shows it. Default: `time` and `events_delay_seconds`. */
  delivered: instant.optional(),
});

/** `count` events spread evenly from the one time to the other, with the names in turn. */
const cloudtrailGeneratedEvents = z
  .strictObject({
    count: z.number().int().min(1).max(1_000_000),
    names: z.array(z.string().min(1)).min(1),
    from: instant,
    to: instant,
    ...cloudtrailEventFields,
  })
  .refine(({ from, to }) => from <= to, 'from is not after to');

export const cloudtrail = z.strictObject({
  trails: z.array(cloudtrailTrail).default([]),
  event_data_stores: z.array(cloudtrailEventDataStore).default([]),
  events: z.array(cloudtrailEvent).default([]),
  /** Made while they are looked up, so that there can be many. */
  generated_events: z.array(cloudtrailGeneratedEvents).default([]),
  /** How long after a call the history shows it; AWS says about 5 minutes on average, and promises nothing. */
  events_delay_seconds: z.number().min(0).default(0),
  absent_regions: z.array(z.string()).default([]),
});
