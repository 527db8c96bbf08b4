import fc from 'fast-check';
import pg from 'pg';
import { loadReportInput, runRules, type RuleResult } from '../../src/rules/index.js';
import { literal } from '../../src/rules/literal.js';
import { startSimulator, type ScenarioInput } from '../../src/simulator/index.js';
import { syncInto } from '../support/sync_into.js';
import { nastyText, storableText, stored } from './nasty.js';
import { same } from './property.js';
import { expectReports } from './reports.js';

const queriesDir = new URL('../../queries', import.meta.url).pathname;
const management = '111111111111';
const accountCount = 150;
const unitCount = 40;
const policyCount = 50;

/** Texts one after the other, each of them one input; the organization is the same whatever they say. */
interface Texts {
  readonly count: number;
  /** With nothing that a database does not store, for what a person writes into the spec. */
  readonly next: (longest: number, isStorable?: boolean) => string;
}

export function nastyTexts(seed: number): Texts {
  const [any, storable] = [nastyText(2_000), storableText(2_000)].map((texts) =>
    fc.sample(
      texts.filter((text) => text.trim() !== ''),
      { seed, numRuns: 4_000 },
    ),
  );
  let count = 0;
  return {
    get count() {
      return count;
    },
    next(longest, isStorable = false) {
      const text = (isStorable ? storable : any)?.[count++ % 4_000] ?? '';
      // Cut between characters: a half at the end would be another input than the one that was made.
      let short = '';
      for (const character of text) if (short.length + character.length <= longest) short += character;
      return short === '' ? 'x' : short;
    },
  };
}

export function harmlessTexts(): Texts {
  let count = 0;
  return {
    get count() {
      return count;
    },
    next: (longest) => `text ${++count}`.slice(-longest),
  };
}

interface Organization {
  readonly scenario: ScenarioInput;
  readonly pluginSpec: Record<string, unknown>;
  /** Of the statement of the delegation policy, which is part of a resource_id. */
  readonly sid: string;
  /** What the database has to have of it, by table and key; worked out here, and by nobody else. */
  readonly expected: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const twelve = (number: number): string => String(200_000_000_000 + number);

export function organizationOf(texts: Texts): Organization {
  const { next } = texts;
  // A policy whose text is not all there is not judged, and would not be alike.
  const inPolicy = (longest: number): string => next(longest, true).replaceAll('\ufffd', '?');
  const accounts: Record<string, unknown> = {};
  const units: Record<string, { name: string; ou_path: string }> = {};
  const policies: Record<string, unknown> = {};
  const tagsOf = (): Record<string, string> =>
    Object.fromEntries(Array.from({ length: 2 }, (_, index) => [`${index}${next(100)}`, next(200)]));
  const storedTags = (tags: Record<string, string>): Record<string, string> =>
    Object.fromEntries(Object.entries(tags).map(([key, value]) => [stored(key), stored(value)]));

  // A name has no slash here; one of its backslashes must not look like the mark of one.
  const pathOf = (name: string): string => `/${stored(name).replaceAll('\\', '\\\\')}`;
  const organizational_units = Array.from({ length: unitCount }, (_, index) => {
    const name = `${index}${next(100).replaceAll('/', '|').replaceAll('\n', ' ')}`;
    const id = `ou-exam-${String(index).padStart(8, '0')}`;
    units[id] = { name: stored(name), ou_path: pathOf(name) };
    return { path: `/${name}`, id };
  });
  const everyAccount = [management, ...Array.from({ length: accountCount }, (_, index) => twelve(index))].map(
    (id, index) => {
      const [name, email, tags] = [next(120), next(300), tagsOf()];
      const unit = organizational_units[index % unitCount];
      accounts[id] = {
        name: stored(name),
        email: stored(email),
        tags: storedTags(tags),
        ou_path: (index === 0 ? undefined : units[unit?.id ?? '']?.ou_path) ?? '/',
      };
      return { id, name, email, tags, parent: index === 0 ? '/' : (unit?.id ?? '/') };
    },
  );
  const everyPolicy = Array.from({ length: policyCount }, (_, index) => {
    const id = `p-policy${String(index).padStart(8, '0')}`;
    const [name, description, sid, value] = [next(120), next(500), inPolicy(300), inPolicy(300)];
    const isPolicy = index % 5 !== 0;
    const document = {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: sid,
          Effect: 'Deny',
          Action: 'organizations:LeaveOrganization',
          Resource: '*',
          Condition: { StringNotEquals: { 'aws:PrincipalTag/x': value } },
        },
      ],
    };
    // Some of them no policy at all.
    const content = isPolicy ? JSON.stringify(document) : `{"not JSON": ${sid}`;
    policies[id] = { name: stored(name), description: stored(description), content_text: stored(content) };
    return { id, name, description, type: 'SERVICE_CONTROL_POLICY' as const, content, targets: [twelve(index)] };
  });
  const account = (index: number): string => twelve(index);
  const sid = inPolicy(200);
  const statement = {
    Sid: sid,
    Effect: 'Allow',
    Principal: { AWS: account(3) },
    Action: 'organizations:UpdatePolicy',
    Resource: '*',
    Condition: { StringLike: { 'organizations:PolicyType': 'SERVICE_CONTROL_POLICY' } },
  };
  const scenario = {
    name: 'pipe',
    organization: {
      management_account_id: management,
      root: { policy_types: [{ type: 'SERVICE_CONTROL_POLICY' }] },
      organizational_units,
      accounts: everyAccount,
      policies: everyPolicy,
      service_access: [{ service_principal: 'guardduty.amazonaws.com', enabled: '2026-01-01T00:00:00Z' }],
      delegated_administrators: [
        { account: account(1), service_principal: 'guardduty.amazonaws.com', since: '2026-01-01T00:00:00Z' },
      ],
      resource_policy: { content: { Version: '2012-10-17', Statement: [statement] } },
    },
  } as unknown as ScenarioInput;
  const person = (): string => next(100, true);
  const pluginSpec = {
    account_tags: true,
    regions: ['us-east-1'],
    owners: { infosec: { accounts: [account(1)], names: [`-${person()}`], tags: { [`-${person()}`]: person() } } },
    approvals: {
      delegations: [
        {
          service: 'guardduty',
          account: account(1),
          approved_by: person(),
          approved_on: '2026-01-01',
          reason: person(),
        },
      ],
    },
    waivers: [
      {
        rule: 'org_scp_type_enabled',
        reason: person(),
        owner: person(),
        ticket: person(),
        approved_by: person(),
        expires: '2099-01-01',
      },
      { rule: '*', resource: `-${person()}`, reason: person(), approved_by: person(), expires: '2099-01-01' },
    ],
  };
  return { scenario, pluginSpec, sid, expected: { accounts, units, policies } };
}

interface Judged {
  readonly results: readonly RuleResult[];
  readonly tables: readonly string[];
  readonly roles: readonly string[];
}

/** One sync with the views, the rules and the reports; `look` reads what is stored before the database goes. */
export async function judged(
  { scenario, pluginSpec }: Pick<Organization, 'scenario' | 'pluginSpec'>,
  databaseUrl: string,
  look: (client: pg.Client) => Promise<void> = () => Promise.resolve(),
): Promise<Judged> {
  const simulator = await startSimulator({ scenario });
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query('create table canary (song text)');
    await client.query("insert into canary values ('alive')");
    await syncInto(databaseUrl, {
      name: 'pipe',
      simulator,
      queriesDir,
      pluginSpec,
      skipTables: ['aws_cloudtrail_organization_events'],
    });
    // What is slow with a policy that somebody made to be slow is no verdict.
    await client.query("set statement_timeout = '120s'");
    const run = await runRules(client, { queriesDir });
    expectReports(await loadReportInput(client, run));
    await look(client);
    const named = async (query: string): Promise<string[]> =>
      (await client.query<{ name: string }>(query)).rows.map(({ name }) => name);
    same(await named('select song as name from canary'), ['alive'], 'the canary');
    return {
      results: run.results,
      tables: await named(
        "select table_schema || '.' || table_name as name from information_schema.tables where table_schema in ('public', 'delegation') order by 1",
      ),
      roles: await named('select rolname as name from pg_roles order by 1'),
    };
  } finally {
    await client.end();
    await simulator.close();
  }
}

const verdictsOf = (results: readonly RuleResult[], sid: string): string[] =>
  results
    .map(({ rule, resourceId, accountId, region, status, unknownCause }) =>
      JSON.stringify([rule.id, resourceId.replace(`/${sid}`, () => '/sid'), accountId, region, status, unknownCause]),
    )
    .sort();

async function expectStored(
  client: pg.Client,
  expected: Organization['expected'],
  texts: readonly string[],
): Promise<void> {
  const queries: Record<string, string> = {
    accounts: 'select id, name, email, tags, ou_path from aws_organizations_accounts',
    units: 'select id, name, ou_path from aws_organizations_organizational_units',
    policies: "select id, name, description, content_text from aws_organizations_policies where id like 'p-policy%'",
  };
  for (const [what, query] of Object.entries(queries)) {
    const { rows } = await client.query<{ id: string }>(query);
    same(
      Object.fromEntries(rows.map(({ id, ...row }) => [id, row]).sort()),
      Object.fromEntries(Object.entries(expected[what] ?? {}).sort()),
      what,
    );
  }
  for (const text of texts) {
    const { rows } = await client.query<{ text: string }>(`select ${literal(text)} as text`);
    same(rows[0]?.text, text, 'a literal');
  }
}

/**
 * An organization whose texts are made to hurt, and the same one with harmless ones: what is stored is what the first said, and
 * both are judged alike. Returns how many texts went through.
 */
export async function syncedOrganizations(
  seed: number,
  onDatabase: <Result>(work: (databaseUrl: string) => Promise<Result>) => Promise<Result>,
): Promise<number> {
  const texts = nastyTexts(seed);
  const nasty = organizationOf(texts);
  const literals = fc.sample(storableText(), { seed, numRuns: 20 });
  const hurt = await onDatabase((url) =>
    judged(nasty, url, (client) => expectStored(client, nasty.expected, literals)),
  );
  const harmless = organizationOf(harmlessTexts());
  const calm = await onDatabase((url) =>
    judged(harmless, url, (client) => expectStored(client, harmless.expected, [])),
  );
  same(hurt.tables, calm.tables, 'tables');
  same(hurt.roles, calm.roles, 'roles');
  same(verdictsOf(hurt.results, nasty.sid), verdictsOf(calm.results, harmless.sid), 'verdicts');
  return texts.count;
}
