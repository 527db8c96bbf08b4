import { z } from 'zod';
import { UsageError } from './errors.js';
import type { Block } from './spec_blocks.js';
import { unknownKey } from './unknown_key.js';

const strings = z.array(z.string().min(1));

const plugin = {
  name: z.string().min(1),
  path: z.string().min(1),
  registry: z.enum(['', 'cloudquery', 'docker', 'github', 'grpc', 'local']).optional(),
  version: z.string().optional(),
  docker_registry_auth_token: z.string().optional(),
};

export const sourceSchema = z.strictObject({
  ...plugin,
  tables: strings.min(1),
  skip_tables: strings.nullish(),
  skip_dependent_tables: z.boolean().nullish(),
  destinations: strings.min(1),
  backend_options: z.strictObject({ table_name: z.string().min(1), connection: z.string().min(1) }).nullish(),
  deterministic_cq_id: z.boolean().nullish(),
  otel_endpoint: z.string().nullish(),
  otel_endpoint_insecure: z.boolean().nullish(),
  spec: z.record(z.string(), z.unknown()).nullish(),
});

export const destinationSchema = z.strictObject({
  ...plugin,
  write_mode: z.enum(['overwrite-delete-stale', 'overwrite', 'append']).nullish(),
  migrate_mode: z.enum(['safe', 'forced']).nullish(),
  pk_mode: z.enum(['default', 'cq-id-only']).nullish(),
  send_sync_summary: z.boolean().nullish(),
  sync_summary: z.unknown().optional(),
  sync_group_id: z.string().nullish(),
  transformers: strings.nullish(),
  spec: z.looseObject({ connection_string: z.string().min(1).optional() }).nullish(),
});

export function check<Schema extends z.ZodObject>(
  schema: Schema,
  block: Block,
  kind: 'source' | 'destination',
): z.output<Schema> {
  const given = (block.value as { spec: unknown }).spec;
  const result = schema.safeParse(given, { reportInput: true });
  if (result.success) return result.data;
  // A misspelt key is missing under its right name, too: the slip is the better message.
  const { issues } = result.error;
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0];
  if (issue === undefined) throw new UsageError(`${block.at([])}: the ${kind} is not valid.`);
  const path = issue.path.map(String);
  const name = path.join('.').replace(/\.(\d+)/g, '[$1]');
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? '';
    const allowed = path[0] === 'backend_options' ? ['table_name', 'connection'] : Object.keys(schema.shape);
    const nested = kind === 'source' ? ' Settings of the plugin itself go under the inner `spec`.' : '';
    throw new UsageError(
      unknownKey(block.at(['spec', ...issue.path, key]), key, allowed, name === '' ? `the ${kind}` : name) +
        (name === '' ? nested : ''),
    );
  }
  const found = issue.input === undefined ? 'nothing' : Array.isArray(issue.input) ? 'a list' : typeof issue.input;
  const expected =
    issue.code === 'invalid_type'
      ? ({ array: 'a list', record: 'a map', object: 'a map' }[String(issue.expected)] ?? `a ${String(issue.expected)}`)
      : issue.code === 'invalid_value'
        ? `one of ${issue.values.map(String).filter(Boolean).join(', ')}`
        : issue.message.toLowerCase();
  const what = issue.input === undefined ? `\`${name}\` is missing` : `\`${name}\` must be ${expected}, not ${found}`;
  const because = issue.code === 'too_small' ? `\`${name}\` must not be empty` : what;
  throw new UsageError(
    `${block.at(['spec', ...issue.path])}: ${because} (${kind}).${issue.input === undefined ? ` Expected is ${expected}.` : ''}`,
  );
}
