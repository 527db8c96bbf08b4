import { readFileSync } from 'node:fs';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { regionsOf } from './regions.js';

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
export type PolicyType = (typeof POLICY_TYPES)[number];

export const FAULT_KINDS = [
  'deny',
  'throttle',
  'server_error',
  'html',
  'html_error',
  'truncated',
  'cut',
  'empty_object',
  'hang',
  'reset',
  'repeat_token',
  'slow',
  'error',
  'empty_pages',
  'overlapping_pages',
  'expired_token',
  'drip',
  'endless_drip',
  'wrong_type',
  'other_protocol',
  'clock_skew',
  'expired_credentials',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

const accountId = z.string().regex(/^\d{12}$/, 'an account id is 12 digits, in quotes');
const principal = z.string().regex(/^[\w+=,.@-]{1,128}$/, 'a service principal such as guardduty.amazonaws.com');
const instant = z
  .union([z.string(), z.date()])
  .transform((value) => new Date(value))
  .refine((value) => !Number.isNaN(value.getTime()), 'a time such as 2026-01-31T12:00:00Z');
const tags = z.record(z.string(), z.string()).default({});
/** A policy text: a string is sent as it is (also one that is no JSON), anything else is written as JSON. */
const document = z.union([z.string(), z.record(z.string(), z.unknown())]);

const organizationalUnit = z.strictObject({
  path: z.string().regex(/^(\/[^/]+)+$/, 'names from the root down, such as /Infrastructure/Network'),
  /** Default: made from the path. */
  id: z
    .string()
    .regex(/^ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}$/)
    .optional(),
  tags,
});

const account = z.strictObject({
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

const organization = z.strictObject({
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

/** An IAM action with `*` and `?`; `resource` is an id or an ARN, `region` and `account` those of the request. */
const actionRule = z.union([
  z.string(),
  z.strictObject({
    action: z.string(),
    resource: z.string().optional(),
    region: z.string().optional(),
    account: accountId.optional(),
  }),
]);

const rights = {
  denied: z.array(actionRule).default([]),
  /** Once there, everything else is denied. */
  allowed: z.array(actionRule).optional(),
};

export const faultSchema = z.strictObject({
  /** `organizations:ListAccounts`; `*` and `?` as in IAM. */
  operation: z.string(),
  region: z.string().optional(),
  account: accountId.optional(),
  /** Members of the input that must have these values. */
  match: z.record(z.string(), z.unknown()).optional(),
  /** The first so many matching requests are answered as usual. */
  after: z.number().int().min(0).default(0),
  /** How often; default: for ever. */
  times: z.number().int().min(1).optional(),
  /** How often at most for the very same request, tries included, however many others there are. */
  times_each: z.number().int().min(1).optional(),
  /**
   * How many of the matching requests, as a part of 1. Which ones follows from the seed, from what is asked, where and by whom, and
   * from how often that was asked before: the order in which requests arrive makes no difference.
   */
  share: z.number().positive().max(1).default(1),
  /** Default: that of the scenario. */
  seed: z.number().int().optional(),
  kind: z.enum(FAULT_KINDS),
  /**
   * `slow`: until the answer; `drip`: from the first to the last piece; `endless_drip`: between two pieces;
   * `expired_token`, `expired_credentials`: how long they are good.
   */
  ms: z.number().min(0).optional(),
  /** `expired_token`, `expired_credentials`: for how many requests each of them is good. Default: none, unless `ms` is given. */
  uses: z.number().int().min(0).optional(),
  /** `empty_pages`: how many in front of each page. */
  pages: z.number().int().min(1).default(1),
  /** `clock_skew`: how far the server's clock is ahead; negative: behind. */
  minutes: z.number().default(30),
  /** `wrong_type` */
  content_type: z.string().default('text/html; charset=utf-8'),
  /** For `error`; they also replace what `deny`, `throttle`, `server_error` and `html_error` would send. */
  code: z.string().optional(),
  message: z.string().optional(),
  status: z.number().int().min(100).max(599).optional(),
});

const CHANGE_WHEN: readonly string[] = ['operation', 'region', 'account', 'after'];

/** What happens to the organization between two requests, each once. */
const change = z
  .strictObject({
    /** `organizations:ListAccounts`; `*` and `?` as in IAM. */
    operation: z.string(),
    region: z.string().optional(),
    account: accountId.optional(),
    /** Once so many matching requests have been answered without an error. */
    after: z.number().int().min(1),
    /** Its state becomes CLOSED. */
    close_account: accountId.optional(),
    /** It leaves, with its delegations and attachments. */
    remove_account: accountId.optional(),
    /** At the end of the list. */
    add_account: account.optional(),
    move_account: z.strictObject({ account: accountId, to: z.string() }).optional(),
    register_delegation: z
      .strictObject({ account: accountId, service_principal: principal, since: instant })
      .optional(),
    deregister_delegation: z.strictObject({ account: accountId, service_principal: principal }).optional(),
    attach_policy: z.strictObject({ policy: z.string(), target: z.string() }).optional(),
    detach_policy: z.strictObject({ policy: z.string(), target: z.string() }).optional(),
    /** With its attachments. */
    delete_policy: z.string().optional(),
  })
  .refine(
    (change) => Object.entries(change).some(([member, value]) => !CHANGE_WHEN.includes(member) && value !== undefined),
    'a change changes something: close_account, move_account or another',
  );

/** By Region; `*` is every other Region; null is nobody; a list where a test wants to see several. */
function byRegion<Administrator extends z.ZodType>(administrator: Administrator) {
  return z.record(z.string(), z.union([administrator, z.array(administrator)]).nullable()).default({});
}

/**
 * What an administrator of a Region sees of its settings; `*` is every other Region. Default: what AWS has before anybody
 * changes it.
 */
function settingsByRegion<Settings extends z.ZodType>(settings: Settings) {
  return z
    .record(z.string(), settings)
    .default({})
    .transform((given): Record<string, z.output<Settings>> => ({ '*': settings.parse({}), ...given }));
}

/** Where a thing is: one Region, or with `*` every Region that is on. */
const place = { region: z.string(), except_regions: z.array(z.string()).default([]) };

/** Regions where the service was never switched on in the account that asks. */
const notEnabled = z.union([z.literal('*'), z.array(z.string())]).default([]);

// Regions without an endpoint in botocore's endpoints.json; written out here, so that a mistake in the catalogue of the
// plugin shows. The connection is closed there, as nothing else is like a missing host.
const NOT_IN_REGIONS = {
  auditmanager: [
    ...['af-south-1', 'ap-east-1', 'ap-east-2', 'ap-northeast-2', 'ap-northeast-3', 'ap-south-2', 'ap-southeast-3'],
    ...['ap-southeast-4', 'ap-southeast-5', 'ap-southeast-6', 'ap-southeast-7', 'ca-west-1', 'eu-central-2'],
    ...['eu-north-1', 'eu-south-1', 'eu-south-2', 'eu-west-3', 'il-central-1', 'me-central-1', 'me-south-1'],
    ...['mx-central-1', 'sa-east-1', 'cn-north-1', 'cn-northwest-1', 'us-gov-east-1', 'us-gov-west-1'],
    'eusc-de-east-1',
  ],
  detective: [
    ...['ap-east-2', 'ap-northeast-3', 'ap-south-2', 'ap-southeast-3', 'ap-southeast-4', 'ap-southeast-5'],
    ...['ap-southeast-6', 'ap-southeast-7', 'ca-west-1', 'eu-central-2', 'eu-south-2', 'me-central-1', 'mx-central-1'],
    ...['cn-north-1', 'cn-northwest-1', 'eusc-de-east-1'],
  ],
  fms: ['eusc-de-east-1'],
  inspector2: ['ap-southeast-6', 'eusc-de-east-1'],
  macie2: [
    ...['ap-east-2', 'ap-south-2', 'ap-southeast-3', 'ap-southeast-4', 'ap-southeast-5', 'ap-southeast-6'],
    ...['ap-southeast-7', 'ca-west-1', 'eu-central-2', 'eu-south-2', 'me-central-1', 'mx-central-1'],
    ...['cn-north-1', 'cn-northwest-1', 'us-gov-east-1', 'us-gov-west-1', 'eusc-de-east-1'],
  ],
  securitylake: [
    ...['af-south-1', 'ap-east-1', 'ap-east-2', 'ap-south-2', 'ap-southeast-3', 'ap-southeast-4', 'ap-southeast-5'],
    ...['ap-southeast-6', 'ap-southeast-7', 'ca-west-1', 'eu-central-2', 'eu-south-1', 'eu-south-2', 'il-central-1'],
    ...['me-central-1', 'me-south-1', 'mx-central-1', 'cn-north-1', 'cn-northwest-1', 'eusc-de-east-1'],
  ],
};

const auditmanager = z
  .strictObject({
    // Audit Manager knows no status, and one administrator in each Region.
    administrators: z.record(z.string(), z.strictObject({ account: accountId }).nullable()).default({}),
    not_enabled: notEnabled,
    absent_regions: z.array(z.string()).default(NOT_IN_REGIONS.auditmanager),
  })
  .prefault({});

const organizationStatus = z.enum(['ONBOARDING', 'ONBOARDING_COMPLETE', 'OFFBOARDING', 'OFFBOARDING_COMPLETE']);

const fms = z
  .strictObject({
    /** For the whole organization; none: nobody was ever made one. */
    administrators: z
      .array(
        z.strictObject({
          account: accountId,
          default: z.boolean().default(false),
          status: organizationStatus.default('ONBOARDING_COMPLETE'),
          /** Of the default administrator. */
          role_status: z.enum(['READY', 'CREATING', 'PENDING_DELETION', 'DELETING', 'DELETED']).default('READY'),
          /** AdminScope in AWS's own words. Default: everything. */
          scope: z.record(z.string(), z.unknown()).optional(),
          /** False: only GetAdminAccount knows it. */
          listed: z.boolean().default(true),
        }),
      )
      // A quota of AWS that cannot be raised.
      .max(10)
      .default([]),
    absent_regions: z.array(z.string()).default(NOT_IN_REGIONS.fms),
  })
  .prefault({});

const detective = z
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

const autoEnableMembers = z.enum(['NEW', 'ALL', 'NONE']);

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

const guardduty = z
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

const macie2 = z
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

const uuid = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);

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

const securityhub = z
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
  id: z
    .string()
    .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    .optional(),
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

const cloudtrail = z.strictObject({
  trails: z.array(cloudtrailTrail).default([]),
  event_data_stores: z.array(cloudtrailEventDataStore).default([]),
  events: z.array(cloudtrailEvent).default([]),
  /** Made while they are looked up, so that there can be many. */
  generated_events: z.array(cloudtrailGeneratedEvents).default([]),
  /** How long after a call the history shows it; AWS says about 5 minutes on average, and promises nothing. */
  events_delay_seconds: z.number().min(0).default(0),
  absent_regions: z.array(z.string()).default([]),
});

const iam = z.strictObject({
  /** Whether IAM has trusted access is said by `organization.service_access`. */
  organizations_features: z.array(z.enum(['RootCredentialsManagement', 'RootSessions'])).default([]),
  service_linked_roles: z
    .array(
      z.strictObject({
        /** Default: the management account. */
        account: accountId.optional(),
        service_principal: principal,
        role_name: z.string().regex(/^[\w+=,.@-]{1,64}$/),
        description: z.string().default(''),
        created: instant.default(new Date('2024-01-20T10:00:00Z')),
      }),
    )
    .default([]),
});

const ipam = z.strictObject({
  ipams: z
    .array(
      z.strictObject({
        /** Default: the management account. */
        account: accountId.optional(),
        id: z.string().regex(/^ipam-[0-9a-f]{17}$/),
        region: z.string(),
        /** Default: its own Region. */
        operating_regions: z.array(z.string()).optional(),
        description: z.string().default(''),
        tier: z.enum(['free', 'advanced']).default('advanced'),
        state: z
          .enum([
            'create-in-progress',
            'create-complete',
            'create-failed',
            'modify-in-progress',
            'modify-complete',
            'modify-failed',
            'delete-in-progress',
            'delete-complete',
            'delete-failed',
            'isolate-in-progress',
            'isolate-complete',
            'restore-in-progress',
          ])
          .default('create-complete'),
        state_message: z.string().optional(),
        metered_account: z.enum(['ipam-owner', 'resource-owner']).default('ipam-owner'),
        enable_private_gua: z.boolean().default(false),
        tags,
      }),
    )
    .default([]),
});

const networkmanagerStatus = z.enum(['SUCCEEDED', 'IN_PROGRESS', 'FAILED']);

const networkmanager = z.strictObject({
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

const relationshipStatus = z.enum([
  'CREATED',
  'INVITED',
  'DISABLED',
  'ENABLED',
  'REMOVED',
  'RESIGNED',
  'DELETED',
  'EMAIL_VERIFICATION_IN_PROGRESS',
  'EMAIL_VERIFICATION_FAILED',
  'REGION_DISABLED',
  'ACCOUNT_SUSPENDED',
  'CANNOT_CREATE_DETECTOR_IN_ORG_MASTER',
]);

const inspector2 = z
  .strictObject({
    /** GetDelegatedAdminAccount names the first of several. */
    administrators: byRegion(
      z.strictObject({
        account: accountId,
        status: z.enum(['ENABLED', 'DISABLE_IN_PROGRESS']).default('ENABLED'),
        relationship_status: relationshipStatus.default('ENABLED'),
      }),
    ),
    not_enabled: notEnabled,
    organization_configuration: settingsByRegion(
      z.strictObject({
        auto_enable: z
          .strictObject({
            ec2: z.boolean().default(false),
            ecr: z.boolean().default(false),
            lambda: z.boolean().default(false),
            lambda_code: z.boolean().default(false),
            code_repository: z.boolean().default(false),
          })
          .prefault({}),
        max_account_limit_reached: z.boolean().default(false),
      }),
    ),
    absent_regions: z.array(z.string()).default(NOT_IN_REGIONS.inspector2),
  })
  .prefault({});

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

const securitylake = z
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

const config = z.strictObject({
  aggregators: z.array(configurationAggregator).default([]),
  absent_regions: z.array(z.string()).default([]),
});

const analyzer = z.strictObject({
  /** Default: the management account. */
  account: accountId.optional(),
  ...place,
  name: z.string().regex(/^[A-Za-z_][A-Za-z0-9_.-]{0,254}$/),
  type: z
    .enum([
      'ACCOUNT',
      'ORGANIZATION',
      'ACCOUNT_UNUSED_ACCESS',
      'ORGANIZATION_UNUSED_ACCESS',
      'ACCOUNT_INTERNAL_ACCESS',
      'ORGANIZATION_INTERNAL_ACCESS',
    ])
    .default('ORGANIZATION'),
  status: z.enum(['ACTIVE', 'CREATING', 'DISABLED', 'FAILED']).default('ACTIVE'),
  status_reason: z
    .enum([
      'AWS_SERVICE_ACCESS_DISABLED',
      'DELEGATED_ADMINISTRATOR_DEREGISTERED',
      'ORGANIZATION_DELETED',
      'SERVICE_LINKED_ROLE_CREATION_FAILED',
    ])
    .optional(),
  created: instant.default(new Date('2024-02-06T08:00:00Z')),
  last_resource_analyzed: z.string().optional(),
  last_resource_analyzed_at: instant.optional(),
  /** A service principal, of an analyzer that a service made for itself. */
  managed_by: z.string().optional(),
  tags,
});

const accessanalyzer = z.strictObject({
  analyzers: z.array(analyzer).default([]),
  absent_regions: z.array(z.string()).default([]),
});

const role = z.strictObject({
  /** With `*` and `?` it is every role that fits, such as `arn:aws:iam::*:role/OrgAudit`; the first that fits counts. */
  arn: z.string(),
  external_id: z.string().optional(),
  /** Account ids and ARNs of principals that the trust policy names. Default: everyone in the organization. */
  trusts: z.array(z.string()).optional(),
  ...rights,
});

const scenarioSchema = z.strictObject({
  name: z.string(),
  description: z.string().default(''),
  partition: z.enum(['aws', 'aws-cn', 'aws-us-gov', 'aws-eusc']).default('aws'),
  /** Who calls with a key that names no account. Default: the management account. */
  default_account_id: accountId.optional(),
  /** null: an account that belongs to no organization. */
  organization: organization.nullable().default(null),
  /** Opt-in Regions that are on, in every account. */
  opted_in_regions: z.array(z.string()).default([]),
  accessanalyzer: accessanalyzer.prefault({}),
  auditmanager,
  cloudtrail: cloudtrail.prefault({}),
  config: config.prefault({}),
  detective,
  fms,
  guardduty,
  iam: iam.prefault({}),
  inspector2,
  ipam: ipam.prefault({}),
  macie2,
  networkmanager: networkmanager.prefault({}),
  securityhub,
  securitylake,
  /** Access keys of your own choosing. */
  keys: z.record(z.string(), z.strictObject({ account: accountId, arn: z.string().optional(), ...rights })).default({}),
  /** Default: any role of any account can be assumed. Once there, only these. */
  roles: z.array(role).optional(),
  ...rights,
  faults: z.array(faultSchema).default([]),
  changes: z.array(change).default([]),
  /** For everything that is left to chance. */
  seed: z.number().int().default(1),
  /** An older server, or a fake: no Paths, Path and State. */
  omit_paths: z.boolean().default(false),
  /** Account Status was announced for retirement; a server without it. */
  omit_status: z.boolean().default(false),
  /** Now and then a page without items but with a token, as AWS warns in each List operation. */
  empty_pages: z.boolean().default(false),
  /** Fewer items on a page than the request allows, as AWS may send; of every service. */
  page_size: z.number().int().min(1).max(20).optional(),
  /** The same for each answer, or a long-tailed distribution: half are faster than the median, 99 of 100 faster than p99. */
  latency_ms: z
    .union([
      z.number().min(0),
      z
        .strictObject({ median: z.number().positive(), p99: z.number().positive() })
        .refine(({ median, p99 }) => p99 >= median, 'p99 is at least the median'),
    ])
    .default(0),
  /** How long the credentials of an assumed role are good, whatever was asked for. Default: what was asked for. */
  session_seconds: z.number().positive().optional(),
  /** AWS's request rates; a number makes them so many times faster. */
  rates: z.union([z.boolean(), z.number().positive()]).default(false),
});

export type Scenario = z.output<typeof scenarioSchema>;
/** What one writes: everything with a default may be left out. */
export type ScenarioInput = z.input<typeof scenarioSchema>;
export type OrganizationScenario = NonNullable<Scenario['organization']>;
export type AccountScenario = OrganizationScenario['accounts'][number];
export type PolicyScenario = OrganizationScenario['policies'][number];
export type Change = z.output<typeof change>;
export type ActionRule = z.output<typeof actionRule>;
export type FaultInput = z.input<typeof faultSchema>;
export type Fault = z.output<typeof faultSchema>;

export class ScenarioError extends Error {
  override readonly name = 'ScenarioError';
}

/** Checks shapes and defaults; what refers to what is checked when the organization is indexed. */
export function defineScenario(input: unknown, where = 'scenario'): Scenario {
  const result = scenarioSchema.safeParse(input);
  if (!result.success) {
    const problems = result.error.issues.slice(0, 5).map((issue) => {
      const at = issue.path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
      return `${at === '' ? 'the whole' : at.replace(/^\./, '')}: ${issue.message}`;
    });
    throw new ScenarioError(`Reading the scenario ${where}: ${problems.join('; ')}. Correct it there and start again.`);
  }
  const scenario = result.data;
  const optIn = regionsOf(scenario.partition).filter((region) => region.optIn);
  for (const name of scenario.opted_in_regions) {
    if (!optIn.some((region) => region.name === name)) {
      throw new ScenarioError(
        `Reading the scenario ${where}: opted_in_regions names ${name}, which is no opt-in Region of ${scenario.partition}. Take one of ${optIn.map((region) => region.name).join(', ') || '(none)'}.`,
      );
    }
  }
  return scenario;
}

/** A scenario from a YAML or JSON file. */
export function readScenarioFile(file: string): Scenario {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new ScenarioError(
      `Reading the scenario file ${file}: ${(cause as Error).message}. Give the path of a YAML or JSON file that exists.`,
      { cause },
    );
  }
  let data: unknown;
  try {
    data = parseYaml(text);
  } catch (cause) {
    throw new ScenarioError(
      `Reading the scenario file ${file}: ${(cause as Error).message.split('\n')[0] ?? ''} Correct the YAML there.`,
      { cause },
    );
  }
  return defineScenario(data, file);
}
