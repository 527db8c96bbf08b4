import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installViews, runRules, type RuleResult } from '../../src/rules/index.js';
import { runSync } from '../../src/runner/index.js';
import { startSimulator, type Simulator } from '../../src/simulator/index.js';
import { bin } from '../support/cli.js';
import { freshDatabase, type FreshDatabase } from '../support/postgres.js';

const queriesDir = new URL('../../queries', import.meta.url).pathname;
const [management, member] = ['111111111111', '222222222222'];
/** Accounts with one policy each. */
const others = Array.from({ length: 16 }, (_, index) => String(333_000_000_000 + index));
/** The simulator speaks UTF-8; on its way this becomes a byte that is none. */
const badByte = 'bad-byte-here';

let simulator: Simulator;
let proxy: Server;
let database: FreshDatabase;
let client: pg.Client;

beforeAll(async () => {
  simulator = await startSimulator({
    scenario: {
      name: 'policies',
      organization: {
        resource_policy: null,
        management_account_id: management,
        root: { policy_types: [{ type: 'SERVICE_CONTROL_POLICY' }] },
        accounts: [
          { id: management, name: 'Management' },
          { id: member, name: `Caf${badByte} 1` },
          ...others.map((id) => ({ id, name: id })),
        ],
      },
    } as never,
  });
  proxy = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request as IncomingMessage & AsyncIterable<Buffer>) chunks.push(chunk);
      const headers = { ...request.headers };
      delete headers.host;
      const answer = await fetch(`${simulator.url}${request.url ?? ''}`, {
        method: request.method ?? 'GET',
        headers: headers as Record<string, string>,
        ...(request.method === 'GET' ? {} : { body: Buffer.concat(chunks) }),
      });
      const text = await answer.text();
      const bytes = Buffer.from(text.replaceAll(badByte, '\u00e9'), text.includes(badByte) ? 'latin1' : 'utf8');
      response.writeHead(answer.status, {
        'content-type': answer.headers.get('content-type') ?? '',
        'content-length': bytes.length,
      });
      response.end(bytes);
    })();
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  database = await freshDatabase();
  client = await database.connect();
});
afterAll(async () => {
  await client.end();
  proxy.closeAllConnections();
  proxy.close();
  await simulator.close();
  await database.drop();
});

/** One sync and one run of the rules, each within its time. */
async function judged(edit: Parameters<Simulator['change']>[0]): Promise<readonly RuleResult[]> {
  simulator.change(edit);
  const { exitCode } = await runSync({
    spec: {
      name: 'world',
      tables: ['aws_organization*', 'aws_delegation*', 'aws_iam*'],
      skipTables: [],
      skipDependentTables: true,
      deterministicCqId: false,
      pluginSpec: {
        accounts: [{ id: 'world', access_key_id: 'world', secret_access_key: 'world', default_region: 'us-east-1' }],
        regions: ['us-east-1'],
        custom_endpoint_url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
      },
    },
    databaseUrl: database.url,
    pluginCommand: [process.execPath, bin],
    env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'))),
    migrateMode: 'safe',
    install: (connected) => installViews(connected, queriesDir),
  });
  expect(exitCode).toBe(0);
  await client.query("set statement_timeout = '60s'");
  return (await runRules(client, { queriesDir })).results;
}

const statement = {
  Sid: 'A',
  Effect: 'Allow',
  Principal: { AWS: member },
  Action: 'organizations:ListPolicies',
  Resource: '*',
};
const asPolicy = (more: object): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ ...statement, ...more }] });
const deep = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;

/** Texts of which nobody can say what they allow. Other ones are in test/tables/bad_policies.test.ts. */
const unknowable: Readonly<Record<string, string>> = {
  'no JSON': 'no {JSON',
  'nested 10,000 levels deep': asPolicy({}).replace('"*"', deep(10_000)),
  'a NUL': asPolicy({ Action: 'organizations:List\0Policies' }),
  'a byte that is no UTF-8': asPolicy({ Sid: badByte }),
};

describe('a delegation policy that is', () => {
  it.each(Object.entries(unknowable))('%s is stored, and what it says is unknown', async (_, content) => {
    const results = await judged((scenario) => {
      if (scenario.organization) scenario.organization.resource_policy = { id: 'rp-example1', content, tags: {} };
    });
    const { rows } = await client.query<{ content: string }>('select content from aws_organization_resource_policies');
    expect(rows.map((row) => row.content)).toEqual([content.replaceAll(badByte, '\ufffd')]);
    const { rows: reads } = await client.query(
      "select outcome from aws_delegation_reads where table_name like '%resource_pol%'",
    );
    expect(reads).toEqual([{ outcome: 'ok' }, { outcome: 'ok' }]);
    const about = results.filter(({ rule }) => rule.id.startsWith('delegation_policy'));
    expect(about.map(({ rule, status, unknownCause }) => [rule.id, status, unknownCause])).toEqual(
      about.map(({ rule }) => [rule.id, 'unknown', expect.any(String) as string]),
    );
    expect(about.length).toBeGreaterThan(4);
    // And whoever asks by way of the services that it delegates.
    const { rows: asked } = await client.query(
      "select was_read, read_error from delegation.service_regions where method = 'resource_policy'",
    );
    expect(asked).toEqual([
      { was_read: false, read_error: expect.stringContaining('has no statement that could be listed') as string },
    ]);
  });

  it('a megabyte long is judged', async () => {
    const many = Array.from({ length: 1_000 }, (_, index) => ({
      ...statement,
      Sid: `S${index}${'s'.repeat(900)}`,
      Action: `organizations:List${'*a'.repeat(20)}${index}`,
    }));
    const content = JSON.stringify({ Version: '2012-10-17', Statement: many });
    expect(content.length).toBeGreaterThan(1_000_000);
    const results = await judged((scenario) => {
      if (scenario.organization) scenario.organization.resource_policy = { id: 'rp-example1', content, tags: {} };
    });
    const { rows } = await client.query(
      'select count(*)::int as count from aws_organization_resource_policy_statements',
    );
    expect(rows).toEqual([{ count: 1_000 }]);
    expect(results.find(({ rule }) => rule.id === 'delegation_policy_principals_known')?.status).toBe('pass');
  });
});

it('service control policies that say nothing for sure let no account pass for one that is kept from leaving', async () => {
  const denial = {
    Version: '2012-10-17',
    Statement: { Effect: 'Deny', Action: 'organizations:LeaveOrganization', Resource: '*' },
  };
  const good = JSON.stringify(denial);
  const long = Array.from({ length: 5_000 }, (_, index) => ({
    ...denial.Statement,
    Action: [`organizations:*${'*x'.repeat(20)}${index}`, 'organizations:LeaveOrganization'],
    Condition: { StringNotLike: { 'aws:PrincipalArn': `arn:aws:iam::*:role/${'*y'.repeat(20)}${index}` } },
  }));
  const contents: Record<string, string> = {
    ...unknowable,
    'an effect that is there twice': good.replace('"Effect"', '"Effect":"Allow","Effect"'),
    'an action with a NUL in it': JSON.stringify({
      Statement: { ...denial.Statement, Action: 'organizations:\0LeaveOrganization' },
    }),
    'a megabyte that is no JSON': good.padEnd(1_000_000, 'x'),
    'a megabyte of denials': JSON.stringify({ Version: '2012-10-17', Statement: long }),
  };
  expect(contents['a megabyte of denials']?.length).toBeGreaterThan(1_000_000);
  const names = Object.keys(contents);
  const results = await judged(({ organization }) => {
    if (!organization) return;
    organization.resource_policy = null;
    organization.policies = Object.values(contents).map((content, index) => ({
      ...{
        id: `p-policy${String(index).padStart(4, '0')}`,
        name: names[index] ?? '',
        description: '',
        content,
        tags: {},
      },
      ...{ type: 'SERVICE_CONTROL_POLICY', aws_managed: false, targets: [others[index] ?? ''], except_targets: [] },
    }));
  });
  const { rows } = await client.query<{ content_text: string }>(
    "select content_text from aws_organizations_policies where id like 'p-policy%' order by id",
  );
  expect(rows.map(({ content_text }) => content_text)).toEqual(
    Object.values(contents).map((content) => content.replaceAll(badByte, '\ufffd')),
  );
  const statusOf = (account: string | undefined): string | undefined =>
    results.find(({ rule, accountId }) => rule.id === 'scp_prevents_leaving' && accountId === account)?.status;
  expect(Object.fromEntries(names.map((name, index) => [name, statusOf(others[index])]))).toEqual(
    Object.fromEntries(names.map((name) => [name, name === 'a megabyte of denials' ? 'pass' : 'unknown'])),
  );
});

it('a name that is no UTF-8 has a sign where the byte was', async () => {
  const { rows } = await client.query('select name from aws_organizations_accounts where id = $1', [member]);
  expect(rows).toEqual([{ name: 'Caf\ufffd 1' }]);
});
