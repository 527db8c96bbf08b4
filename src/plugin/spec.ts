import { isUtf8 } from 'node:buffer';
import { z } from 'zod';
import { approvalsContent, knownKeysOfApprovals } from './approvals.js';
import { knownKeysOfWaivers, waiversContent } from './waivers.js';
import { placeOf, problemsOf, specError, SpecError, unfitProblems, type Problem } from './spec_error.js';
import { accountId, nonEmpty, oneRegion, region, serviceProblem } from './values.js';

const account = z
  .strictObject({
    id: nonEmpty.describe('Your name for the account; the real ID comes from sts:GetCallerIdentity.'),
    local_profile: nonEmpty.optional().describe('Profile of ~/.aws/config, IAM Identity Center included.'),
    role_arn: nonEmpty.optional().describe('Role to assume.'),
    role_session_name: nonEmpty.optional(),
    external_id: nonEmpty.optional(),
    default_region: region.optional().describe('Region in which sts and ec2:DescribeRegions are asked.'),
    access_key_id: nonEmpty.optional(),
    secret_access_key: nonEmpty.optional(),
    session_token: nonEmpty.optional(),
  })
  .superRefine((entry, context) => {
    const issue = (path: string, message: string): void => {
      context.addIssue({ code: 'custom', path: [path], message });
    };
    if ((entry.access_key_id === undefined) !== (entry.secret_access_key === undefined)) {
      issue('access_key_id', 'access_key_id and secret_access_key go together');
    }
    if (entry.session_token !== undefined && entry.access_key_id === undefined) {
      issue('session_token', 'goes with access_key_id and secret_access_key');
    }
    if (entry.access_key_id !== undefined && entry.local_profile !== undefined) {
      issue('local_profile', 'either a profile or keys, not both');
    }
    for (const key of ['external_id', 'role_session_name'] as const) {
      if (entry[key] !== undefined && entry.role_arn === undefined) issue(key, 'goes with role_arn');
    }
  });

// A selector is part of a key, and an entry of an index of PostgreSQL has room for 2,704 bytes.
const longestSelector = 500;

export const ous = z
  .array(
    z
      .string()
      .max(longestSelector)
      .regex(/^(\/.*|ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}|r-[0-9a-z]{4,32})$/, "expected an OU's ID or its path from '/'"),
  )
  .min(1);

const owner = z
  .strictObject({
    accounts: z.array(accountId).min(1).optional(),
    names: z.array(nonEmpty.max(longestSelector)).min(1).optional(),
    ous: ous.optional(),
    // 128 and 256 are AWS's own limits.
    tags: z.record(nonEmpty.max(128), z.string().max(256)).optional(),
  })
  .refine((entry) => Object.keys(entry).length > 0, 'expected at least one of accounts, names, ous, tags');

const noRoleName = 'expected the name of a role, after its path where it has one, and no ARN';

const path = nonEmpty.describe('Path of a YAML file.');

/** The `spec` of the source. One schema gives the type, the validation and the JSON Schema. */
export const specSchema = z
  .strictObject({
    accounts: z
      .array(account)
      .min(1)
      .refine((list) => new Set(list.map(({ id }) => id)).size === list.length, 'the same id twice')
      .optional()
      .describe(
        'The management account first; none: the standard AWS credential chain. Further ones lend credentials for what only they can show.',
      ),
    regions: z
      .array(region)
      .default([])
      .refine((list) => !list.includes('*') || list.length === 1, "'*' stands alone")
      .refine((list) => new Set(list).size === list.length, 'the same Region twice')
      .describe("Regions to ask; ['*'] or none: every enabled Region."),
    delegated_admin_role_name: z
      .string()
      .max(575, { error: noRoleName, abort: true })
      .regex(/^([\w+=,.@-]+\/)*[\w+=,.@-]{1,64}$/, noRoleName)
      .optional()
      .describe('Role to assume in each delegated administrator, to read the settings that only it can see.'),
    delegated_admin_external_id: nonEmpty
      .optional()
      .describe('External ID that the trust policy of `delegated_admin_role_name` asks for.'),
    account_tags: z.boolean().default(false).describe('Read the tags of each account: one call per account.'),
    owners: z
      .record(z.string().regex(/^[a-z][a-z0-9_]*$/, 'expected a name in snake_case'), owner)
      .default({})
      .describe('Who is who: accounts by ID, name, OU or tag.'),
    expectations: z
      .record(
        nonEmpty,
        z
          .array(nonEmpty)
          .min(1, 'expected at least one owner')
          .refine((list) => new Set(list).size === list.length, 'the same owner twice'),
      )
      .default({})
      .describe("Who should hold a service, instead of the catalogue's recommendation: owners by service ID."),
    approvals: z
      .union([path, ...approvalsContent.options], 'expected a path, a map or a list')
      .optional()
      .describe('Delegations and principals that a person has approved: a YAML file, or what it would hold.'),
    waivers: z
      .union([path, ...waiversContent.options], 'expected a path, a map or a list')
      .optional()
      .describe('Findings that a person has accepted until a day: a YAML file, or what it would hold.'),
    workload_ous: ous.optional().describe('OUs by ID or path, where a delegated administrator must not live.'),
    allowed_regions: z
      .array(oneRegion)
      .refine((list) => new Set(list).size === list.length, 'the same Region twice')
      .optional()
      .describe('Regions that members may use; none: the Region guardrail is not judged.'),
    separation_of_duties: z
      .boolean()
      .default(false)
      .describe('Judge that no account holds both what detects and what runs code in members.'),
    max_age_hours: z.int().min(1).max(8760).default(24).describe('Age from which a sync is too old to judge by.'),
    events: z
      .strictObject({
        lookback_days: z
          .int()
          .min(1)
          .max(90, 'CloudTrail keeps 90 days of event history')
          .default(90)
          .describe('Days of events to look back on.'),
      })
      .prefault({})
      .describe('Events of CloudTrail that changed the organization or who administers what.'),
    on_denied: z.enum(['report', 'fail']).default('report').describe('What to do where AWS denies a read.'),
    on_failure: z.enum(['fail', 'report']).default('fail').describe('What to do where a read fails.'),
    concurrency: z.int().min(1).max(1000).default(20).describe('Requests in flight at once.'),
    max_retries: z.int().min(0).max(100).default(10).describe('Tries after the first one.'),
    max_backoff: z.int().min(1).max(600).default(30).describe('Longest pause between two tries, in seconds.'),
    request_timeout: z.int().min(1).max(600).default(30).describe('For one try, in seconds.'),
    custom_endpoint_url: z
      .url({ protocol: /^https?$/, abort: true })
      // The SDK would leave them out without a word.
      .refine((text) => !hasLogin(text), 'an endpoint has no user and password; leave out what stands before the @')
      .optional()
      .describe('Instead of the endpoints of AWS.'),
  })
  .superRefine(({ owners, expectations, ...spec }, context) => {
    if (spec.delegated_admin_external_id !== undefined && spec.delegated_admin_role_name === undefined) {
      context.addIssue({
        code: 'custom',
        path: ['delegated_admin_external_id'],
        message: 'goes with delegated_admin_role_name',
      });
    }
    for (const [id, expected] of Object.entries(expectations)) {
      const issue = (path: PropertyKey[], message: string): void => {
        context.addIssue({ code: 'custom', path: ['expectations', id, ...path], message });
      };
      const problem = serviceProblem(id);
      if (problem !== undefined) issue([], problem);
      for (const [index, name] of expected.entries()) {
        if (!Object.hasOwn(owners, name)) issue([index], unknownOwner(name, Object.keys(owners)));
      }
    }
  });

function hasLogin(url: string): boolean {
  const { username, password } = new URL(url);
  return username !== '' || password !== '';
}

function unknownOwner(name: string, known: readonly string[]): string {
  const choice = known.length === 0 ? '' : `, or name one of ${known.slice(0, 20).join(', ')}`;
  return `'${name}' is no owner of this spec: add \`owners: {${name}: {accounts: ['111122223333']}}\` with your account${choice}`;
}

export type Spec = z.infer<typeof specSchema>;

/** @param bytes JSON as the CloudQuery CLI sends it; empty or `null` for a source without a spec. */
export function parseSpec(bytes: Uint8Array): Spec {
  if (!isUtf8(bytes)) throw new SpecError('spec: expected UTF-8, found other bytes.');
  const source = Buffer.from(bytes).toString('utf8').trim();
  let given: unknown;
  try {
    given = source === '' ? {} : (JSON.parse(source) ?? {});
  } catch {
    // Without the parser's words: they quote the text, secrets included.
    throw new SpecError('spec: expected JSON, found something else.');
  }
  const refuse = (problems: readonly Problem[]): SpecError =>
    specError(problems, ({ path, text }) => `${placeOf('spec', path)}: ${text}`);
  const unfit = unfitProblems(given);
  if (unfit.length > 0) throw refuse(unfit);
  const result = specSchema.safeParse(given, { reportInput: true });
  if (result.success) return result.data;
  throw refuse(problemsOf(result.error, { knownKeys, mayBeSecret }));
}

/** Keys stand below `accounts`, and below whatever was mistaken for it; an address may have a password in it. */
function mayBeSecret(path: readonly PropertyKey[]): boolean {
  return ['accounts', 'custom_endpoint_url', 'delegated_admin_external_id'].includes(String(path[0]));
}

function knownKeys(path: readonly PropertyKey[]): readonly string[] {
  switch (path[0]) {
    case 'accounts':
      return Object.keys(account.shape);
    case 'owners':
      return Object.keys(owner.shape);
    case 'events':
      return ['lookback_days'];
    case 'approvals':
      return knownKeysOfApprovals(path.slice(1));
    case 'waivers':
      return knownKeysOfWaivers(path.slice(1));
    default:
      return Object.keys(specSchema.shape);
  }
}

/** The JSON Schema that `cloudquery validate-config` asks for. */
export function specJsonSchema(): string {
  return JSON.stringify(z.toJSONSchema(specSchema, { io: 'input' }));
}
