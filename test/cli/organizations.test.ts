import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startSimulator, type ScenarioInput, type Simulator } from '../../src/simulator/index.js';
import { run, type Ended } from '../support/cli.js';
import { freshDatabase } from '../support/postgres.js';

let folder: string;
let database: Awaited<ReturnType<typeof freshDatabase>>;
const simulators: Simulator[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'organizations-'));
  database = await freshDatabase();
});
afterEach(async () => {
  for (const simulator of simulators.splice(0)) await simulator.close();
  await database.drop();
  rmSync(folder, { recursive: true });
});

async function simulate(scenario: string | ScenarioInput): Promise<Simulator> {
  const simulator = await startSimulator({ scenario });
  simulators.push(simulator);
  return simulator;
}

/** @param key names the account: AKIA and its id; anything else is the management account. */
function sync(simulator: Simulator, name: string, key = 'simulated', tables = "['*']"): Promise<Ended> {
  const file = join(folder, `${name}.yml`);
  writeFileSync(
    file,
    `kind: source
spec:
  {name: ${name}, registry: local, path: bin/aws-delegation, tables: ${tables}, destinations: [postgresql]}
---
kind: destination
spec: {name: postgresql, path: cloudquery/postgresql, registry: cloudquery, version: v8.16.0}
`,
  );
  const env = { AWS_ENDPOINT_URL: simulator.url, AWS_ACCESS_KEY_ID: key, AWS_SECRET_ACCESS_KEY: 'simulated' };
  return run(['sync', file, '--database', database.url], { cwd: folder, env: { AWS_REGION: 'us-east-1', ...env } });
}

async function rows(sql: string): Promise<unknown[][]> {
  return (await database.query(sql)).map((row) => Object.values(row));
}

const management = '111122223333';
const delegate = '222233334444';

it('a delegated administrator reads Organizations, and is told what only the management account can see', async () => {
  const simulator = await simulate('demo');
  const synced = await sync(simulator, 'delegate', `AKIA${delegate}`);
  expect(synced).toMatchObject({ code: 2, stdout: '' });
  expect(synced.stderr).toContain(
    `Account ${delegate} asked, and only the management account (${management}) can see this, whatever IAM allows. ` +
      'Sync with its credentials, or leave the table out of `tables` in the spec.',
  );
  const denied = await rows(
    `select distinct table_name from delegation.reads where outcome = 'denied' and operation not like 'networkmanager:%' order by 1`,
  );
  expect(denied.flat()).toEqual([
    'aws_auditmanager_organization_admin_accounts',
    'aws_detective_organization_admin_accounts',
    'aws_detective_organization_configurations',
    'aws_fms_organization_admin_accounts',
    'aws_guardduty_organization_admin_accounts',
    'aws_guardduty_organization_configurations',
    'aws_inspector2_organization_admin_accounts',
    'aws_inspector2_organization_configurations',
    'aws_macie2_organization_admin_accounts',
    'aws_macie2_organization_configurations',
    'aws_securityhub_organization_admin_accounts',
    'aws_securityhub_organization_configurations',
  ]);
  // What it may see is all there,
  expect(await rows('select count(*)::int from delegation.accounts')).toEqual([[25]]);
  expect(await rows(`select count(*)::int from delegation.delegations where method = 'organizations'`)).not.toEqual([
    [0],
  ]);
  // and of what it may not see nobody says "none".
  expect(
    await rows(`select count(*)::int from delegation.service_regions where method = 'service' and was_read`),
  ).toEqual([[0]]);
  const checked = await run(['check', '--database', database.url, '--format', 'json'], { cwd: folder, env: {} });
  const { results } = JSON.parse(checked.stdout) as { results: { checkId: string; status: string }[] };
  const held = results.filter(({ checkId }) => checkId === 'security_services_held_by_infosec');
  expect(held.length).toBeGreaterThan(0);
  expect(held.filter(({ status }) => status === 'pass')).toEqual([]);
});

it('what a member is told of itself is no word about the organization', async () => {
  const simulator = await simulate('demo');
  simulator.change((scenario) => {
    scenario.macie2.not_enabled = '*';
  });
  await sync(simulator, 'member', `AKIA${delegate}`);
  expect(
    await rows(
      `select distinct outcome, error_code from delegation.reads where operation = 'macie2:ListOrganizationAdminAccounts' and request_count > 0`,
    ),
  ).toEqual([['denied', 'AccessDeniedException']]);
  await sync(simulator, 'management');
  expect(
    await rows(
      `select distinct outcome, error_code from delegation.reads
        where operation = 'macie2:ListOrganizationAdminAccounts' and request_count > 0 and source_name = 'management'`,
    ),
  ).toEqual([['absent', 'AccessDeniedException']]);
});

it('nor where no selected table says who the management account is: earlier rows stay', async () => {
  const simulator = await simulate('demo');
  const table = 'aws_macie2_organization_admin_accounts';
  expect(await sync(simulator, 'one', 'simulated', `[${table}]`)).toMatchObject({ code: 0 });
  const before = (await contents('one'))[table];
  expect(before).not.toEqual([]);
  simulator.change((scenario) => {
    scenario.macie2.not_enabled = '*';
  });
  expect(await sync(simulator, 'one', `AKIA${delegate}`, `[${table}]`)).toMatchObject({ code: 2 });
  expect((await contents('one'))[table]).toEqual(before);
  expect(
    await rows(
      `select count(*)::int from delegation.service_regions where service_id = 'macie' and method = 'service' and was_read`,
    ),
  ).toEqual([[0]]);
});

const otherOrganization: ScenarioInput = {
  name: 'other',
  organization: {
    id: 'o-otherorganiz',
    management_account_id: '717171717171',
    accounts: [
      { id: '717171717171', name: 'Other management' },
      { id: '727272727272', name: 'Other security' },
    ],
    service_access: [{ service_principal: 'guardduty.amazonaws.com', enabled: '2025-01-01T00:00:00Z' }],
    delegated_administrators: [
      { account: '727272727272', service_principal: 'guardduty.amazonaws.com', since: '2025-01-01T00:00:00Z' },
    ],
  },
  guardduty: { administrators: { '*': { account: '727272727272' } } },
};

it('two organizations share a database: each sync touches its own rows, and each view tells them apart', async () => {
  const first = await simulate('demo');
  const second = await simulate(otherOrganization);
  expect(await sync(first, 'example')).toMatchObject({ code: 0 });
  const before = await contents('example');
  expect(await sync(second, 'other')).toMatchObject({ code: 0 });
  expect(await contents('example')).toEqual(before);
  const other = await contents('other');
  // Without its delegates the first one loses rows, and the other none.
  first.change((scenario) => {
    if (scenario.organization) scenario.organization.delegated_administrators = [];
  });
  expect(await sync(first, 'example')).toMatchObject({ code: 0 });
  expect(await contents('other')).toEqual(other);
  expect(
    await rows(
      `select source_name, count(*)::int from delegation.delegations where method = 'organizations' group by 1 order by 1`,
    ),
  ).toEqual([['other', expect.any(Number)]]);

  const views = await rows(
    `select table_name from information_schema.columns where table_schema = 'delegation' and column_name = 'source_name' order by 1`,
  );
  expect(views.length).toBeGreaterThan(15);
  for (const [view] of views) {
    const names = (await rows(`select distinct source_name from delegation.${String(view)} order by 1`)).flat();
    expect(['example', 'other'], String(view)).toEqual(expect.arrayContaining(names));
  }
  expect(
    await rows('select source_name, organization_id, management_account_id from delegation.organizations order by 1'),
  ).toEqual([
    ['example', 'o-exampleorgid', management],
    ['other', second.scenario.organization?.id, second.scenario.organization?.management_account_id],
  ]);
  expect(
    await rows(`select count(*)::int from delegation.accounts as one join delegation.accounts as two
      on two.account_id = one.account_id and two.source_name <> one.source_name`),
  ).toEqual([[0]]);
});

/** All synced rows of a source, as text. */
async function contents(source: string): Promise<Record<string, unknown[][]>> {
  const names = await rows(
    `select table_name from information_schema.columns where table_schema = 'public' and column_name = '_cq_source_name' order by 1`,
  );
  const found: Record<string, unknown[][]> = {};
  for (const [name] of names) {
    found[String(name)] = await rows(
      `select row::text from ${String(name)} as row where _cq_source_name = '${source}' order by 1`,
    );
  }
  return found;
}
