import { readFileSync } from 'node:fs';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { regionsOf } from './regions.js';
import { accessanalyzer } from './schema/accessanalyzer.js';
import { auditmanager } from './schema/auditmanager.js';
import { change } from './schema/changes.js';
import { cloudtrail } from './schema/cloudtrail.js';
import { config } from './schema/config.js';
import { detective } from './schema/detective.js';
import { faultSchema } from './schema/faults.js';
import { fms } from './schema/fms.js';
import { guardduty } from './schema/guardduty.js';
import { iam } from './schema/iam.js';
import { inspector2 } from './schema/inspector2.js';
import { ipam } from './schema/ipam.js';
import { macie2 } from './schema/macie2.js';
import { networkmanager } from './schema/networkmanager.js';
import { organization } from './schema/organization.js';
import { rights, role, type actionRule } from './schema/rights.js';
import { securityhub } from './schema/securityhub.js';
import { securitylake } from './schema/securitylake.js';
import { accountId } from './schema/values.js';

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
