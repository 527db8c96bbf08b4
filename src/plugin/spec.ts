import { z } from 'zod';
import { isKnownRegion, nearestRegions } from '../catalog/index.js';
import type { OwnerSelector } from '../schema/index.js';

const accountId = z.string().regex(/^\d{12}$/, 'expected an account ID: 12 digits, in quotes');
const nonEmpty = z.string().min(1, 'expected some text');

const region = nonEmpty.superRefine((name, context) => {
  if (name === '*' || isKnownRegion(name)) return;
  const near = nearestRegions(name);
  // The wrong variable in the place of a Region may be a key.
  const shown = /^[a-z0-9-]{1,30}$/.test(name) ? `'${name}'` : `this (${name.length} characters)`;
  context.addIssue({
    code: 'custom',
    message: `${shown} is no Region of AWS${near.length > 0 ? ` (did you mean ${near.join(' or ')}?)` : ''}`,
  });
});

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

const owner = z
  .strictObject({
    accounts: z.array(accountId).min(1).optional(),
    names: z.array(nonEmpty).min(1).optional(),
    ous: z
      .array(
        z
          .string()
          .regex(
            /^(\/.*|ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}|r-[0-9a-z]{4,32})$/,
            "expected an OU's ID or its path from '/'",
          ),
      )
      .min(1)
      .optional(),
    tags: z.record(nonEmpty, z.string()).optional(),
  })
  .refine((entry) => Object.keys(entry).length > 0, 'expected at least one of accounts, names, ous, tags');

/** The `spec` of the source. One schema gives the type, the validation and the JSON Schema. */
export const specSchema = z.strictObject({
  accounts: z
    .array(account)
    .min(1)
    .max(1)
    .optional()
    .describe('The management account; none: the standard AWS credential chain.'),
  regions: z
    .array(region)
    .default([])
    .refine((list) => !list.includes('*') || list.length === 1, "'*' stands alone")
    .refine((list) => new Set(list).size === list.length, 'the same Region twice')
    .describe("Regions to ask; ['*'] or none: every enabled Region."),
  account_tags: z.boolean().default(false).describe('Read the tags of each account: one call per account.'),
  owners: z
    .record(z.string().regex(/^[a-z][a-z0-9_]*$/, 'expected a name in snake_case'), owner)
    .default({})
    .describe('Who is who: accounts by ID, name, OU or tag.'),
  on_denied: z.enum(['report', 'fail']).default('report').describe('What to do where AWS denies a read.'),
  on_failure: z.enum(['fail', 'report']).default('fail').describe('What to do where a read fails.'),
  concurrency: z.int().min(1).max(1000).default(20).describe('Requests in flight at once.'),
  max_retries: z.int().min(0).max(100).default(10).describe('Tries after the first one.'),
  max_backoff: z.int().min(1).max(600).default(30).describe('Longest pause between two tries, in seconds.'),
  request_timeout: z.int().min(1).max(600).default(30).describe('For one try, in seconds.'),
  custom_endpoint_url: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Instead of the endpoints of AWS.'),
});

export type Spec = z.infer<typeof specSchema>;

/** The spec does not hold. The message names each key, what was expected and what was found. */
export class SpecError extends Error {
  override readonly name = 'SpecError';
}

/** @param bytes JSON as the CloudQuery CLI sends it; empty or `null` for a source without a spec. */
export function parseSpec(bytes: Uint8Array): Spec {
  const source = Buffer.from(bytes).toString('utf8').trim();
  let given: unknown;
  try {
    given = source === '' ? {} : (JSON.parse(source) ?? {});
  } catch {
    // Without the parser's words: they quote the text, secrets included.
    throw new SpecError('spec: expected JSON, found something else.');
  }
  const result = specSchema.safeParse(given, { reportInput: true });
  if (result.success) return result.data;
  throw new SpecError(result.error.issues.flatMap((issue) => describe(issue)).join('\n'));
}

type Issue = z.core.$ZodIssue;

function describe(issue: Issue): string[] {
  const where = issue.path.reduce<string>(
    (path, key) => (typeof key === 'number' ? `${path}[${key}]` : `${path}.${String(key)}`),
    'spec',
  );
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => `${where}: unknown key '${key}'. Known here: ${knownKeys(issue.path).join(', ')}.`);
  }
  if (issue.code === 'invalid_key') {
    return issue.issues.map((inner) => `${where}: '${String(issue.path.at(-1))}': ${inner.message}.`);
  }
  // Keys stand below `accounts`, and below whatever was mistaken for it.
  const mayHoldKeys = issue.path.length === 0 || issue.path[0] === 'accounts' || typeof issue.input === 'object';
  const found = issue.code === 'custom' ? '' : `, found ${mayHoldKeys ? kindOf(issue.input) : shorten(issue.input)}`;
  return [`${where}: ${issue.message.replace(/^Invalid (input|option): /, '').replace(/, received .*$/, '')}${found}.`];
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'a map';
  return value === null ? 'null' : `a ${typeof value}`;
}

function shorten(value: unknown): string {
  // Not what is in it: that may be a secret that stands in the wrong place.
  if (typeof value === 'object' && value !== null) return kindOf(value);
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

function knownKeys(path: readonly PropertyKey[]): string[] {
  if (path[0] === 'accounts') return Object.keys(account.shape);
  if (path[0] === 'owners') return Object.keys(owner.shape);
  return Object.keys(specSchema.shape);
}

/** The selectors of `owners`, as rows. */
export function ownerSelectors(spec: Spec): OwnerSelector[] {
  return Object.entries(spec.owners).flatMap(([Owner, { accounts, names, ous, tags }]) => [
    ...(accounts ?? []).map((Selector) => ({ Owner, SelectorType: 'account' as const, Selector })),
    ...(names ?? []).map((Selector) => ({ Owner, SelectorType: 'name' as const, Selector })),
    ...(ous ?? []).map((Selector) => ({ Owner, SelectorType: 'ou' as const, Selector })),
    ...Object.entries(tags ?? {}).map(([key, value]) => ({
      Owner,
      SelectorType: 'tag' as const,
      Selector: `${key}=${value}`,
    })),
  ]);
}

/** The JSON Schema that `cloudquery validate-config` asks for. */
export function specJsonSchema(): string {
  return JSON.stringify(z.toJSONSchema(specSchema, { io: 'input' }));
}
