import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startSimulator, type Simulator } from '../../src/simulator/index.js';
import { Spool } from '../../src/sync/spool.js';
import { outcomes, syncFrom } from '../support/source.js';

const administrators = 'aws_organizations_delegated_administrators';
const services = 'aws_organizations_delegated_services';
const guardduty = 'aws_guardduty_organization_admin_accounts';

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator({ scenario: 'demo' });
});
afterEach(async () => {
  await simulator.close();
});

describe('each read ends in a clear outcome', () => {
  it('everything allowed: every read is ok, absent or skipped, and rows are as many as the reads say', async () => {
    const synced = await syncFrom(simulator);
    expect(synced.errors).toEqual({});
    for (const [table, rows] of Object.entries(synced.tables)) {
      if (table === 'aws_delegation_reads') continue;
      const counted = synced.reads
        .filter((read) => read['table_name'] === table)
        .reduce((sum, read) => sum + Number(read['row_count']), 0);
      expect({ table, rows: counted }).toEqual({ table, rows: rows.length });
    }
    expect(synced.reads.filter((read) => !['ok', 'absent', 'skipped'].includes(String(read['outcome'])))).toEqual([]);
    const requests = synced.reads.reduce((sum, read) => sum + Number(read['request_count']), 0);
    // sts:GetCallerIdentity stands for no table.
    expect(requests).toBe(simulator.requests.length - 1);
  });

  it('with a role in each administrator: every request stands in one row, and one account that lets nobody in is told', async () => {
    const synced = await syncFrom(simulator, { spec: { delegated_admin_role_name: 'OrgAudit' } });
    const requests = synced.reads.reduce((sum, read) => sum + Number(read['request_count']), 0);
    expect(requests).toBe(simulator.requests.length - 1);
    for (const [table, rows] of Object.entries(synced.tables)) {
      if (table === 'aws_delegation_reads') continue;
      const own = synced.reads.filter((read) => read['table_name'] === table);
      const counted = own.reduce((sum, read) => sum + Number(read['row_count']), 0);
      expect({ table, rows: counted }).toEqual({ table, rows: rows.length });
    }
    // The log archive's administrator of GuardDuty in one Region.
    const bad = synced.reads.filter((read) => !['ok', 'absent', 'skipped'].includes(String(read['outcome'])));
    expect(bad.map((read) => [read['region'], read['operation'], read['outcome'], read['error_code']])).toEqual([
      ['ap-southeast-2', 'guardduty:DescribeOrganizationConfiguration', 'denied', 'AccessDenied'],
      ['ap-southeast-2', 'guardduty:ListDetectors', 'denied', 'AccessDenied'],
      ['us-east-1', 'sts:AssumeRole', 'denied', 'AccessDenied'],
    ]);
    expect(Object.keys(synced.errors)).toEqual(['aws_guardduty_organization_configurations']);
    const keys = synced.reads.map((read) =>
      JSON.stringify([read['table_name'], read['region'], read['operation'], read['scope']]),
    );
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('no resource policy: absent, announced, no rows', async () => {
    simulator.change((scenario) => {
      if (scenario.organization) scenario.organization.resource_policy = null;
    });
    const synced = await syncFrom(simulator, { tables: ['aws_organization_resource_pol*'] });
    expect(synced.tables['aws_organization_resource_policies']).toEqual([]);
    expect(synced.tables['aws_organization_resource_policy_statements']).toEqual([]);
    for (const table of ['aws_organization_resource_policies', 'aws_organization_resource_policy_statements']) {
      expect(outcomes(synced, table)).toEqual({ 'organizations:DescribeResourcePolicy': 'absent' });
    }
    expect(synced.errors).toEqual({});
  });

  it('an answer that came after a throttle is told as it would be without', async () => {
    simulator.change((scenario) => {
      if (scenario.organization) scenario.organization.resource_policy = null;
    });
    const tables = ['aws_organization_resource_policies'];
    const read = async () =>
      (await syncFrom(simulator, { tables })).reads.find(({ table_name }) => table_name === tables[0]) ?? {};
    const plain = await read();
    simulator.fault({ operation: 'organizations:DescribeResourcePolicy', kind: 'throttle', times: 2 });
    const throttled = await read();
    const told = ({ outcome, error_code, error_message }: Record<string, unknown>) => [
      outcome,
      error_code,
      error_message,
    ];
    expect(Number(throttled['request_count'])).toBe(Number(plain['request_count']) + 2);
    expect(told(throttled)).toEqual(told(plain));
    expect(told(plain)[0]).toBe('absent');
  });

  it('no trusted access: ok with no rows', async () => {
    simulator.change((scenario) => {
      if (scenario.organization) scenario.organization.service_access = [];
    });
    const synced = await syncFrom(simulator, { tables: ['aws_organizations_service_access'] });
    expect(synced.tables['aws_organizations_service_access']).toEqual([]);
    expect(outcomes(synced, 'aws_organizations_service_access')).toEqual({
      'organizations:ListAWSServiceAccessForOrganization': 'ok',
    });
  });

  it('a standalone account: absent everywhere, and nothing left open', async () => {
    simulator.setScenario('standalone');
    const synced = await syncFrom(simulator, { tables: ['aws_organization*'] });
    const read = synced.reads.filter((each) => each['service'] === 'organizations' && each['outcome'] !== 'skipped');
    expect(new Set(read.map((each) => each['outcome']))).toEqual(new Set(['absent']));
    expect(synced.tables['aws_organizations']).toEqual([]);
  });

  it('an organization that only shares a bill: no delegation is an answer', async () => {
    simulator.setScenario('consolidated_billing');
    const synced = await syncFrom(simulator, { tables: ['aws_organization*'] });
    expect(synced.errors).toEqual({});
    expect(outcomes(synced, administrators)).toEqual({ 'organizations:ListDelegatedAdministrators': 'absent' });
    expect(outcomes(synced, services)).toEqual({ 'organizations:ListDelegatedServicesForAccount': 'absent' });
    expect(synced.tables['aws_organizations']).toMatchObject([{ feature_set: 'CONSOLIDATED_BILLING' }]);
  });

  it('a member without rights: denied, not announced, told what to do', async () => {
    const synced = await syncFrom(simulator, { tables: ['aws_organization*'], account: memberOf(simulator) });
    expect(synced.tables['aws_organizations']).toHaveLength(1);
    expect(synced.announced).not.toContain(administrators);
    expect(synced.announced).not.toContain(services);
    expect(outcomes(synced, administrators)).toEqual({ 'organizations:ListDelegatedAdministrators': 'denied' });
    expect(outcomes(synced, services)).toEqual({ 'organizations:ListDelegatedServicesForAccount': 'denied' });
    expect(synced.errors[administrators]).toMatch(
      /AccessDeniedException.*allow organizations:ListDelegatedAdministrators/s,
    );
  });

  it('one denied call of many touches only what it is about', async () => {
    const delegate = simulator.scenario.organization?.delegated_administrators[0]?.account ?? '';
    simulator.fault({
      operation: 'organizations:ListDelegatedServicesForAccount',
      match: { AccountId: delegate },
      kind: 'deny',
    });
    const synced = await syncFrom(simulator, { tables: [services] });
    expect(outcomes(synced, services)).toEqual({ 'organizations:ListDelegatedServicesForAccount': 'ok' });
    expect(synced.reads.filter((read) => read['scope'] !== '')).toMatchObject([
      { table_name: services, scope: delegate, outcome: 'denied', error_code: 'AccessDeniedException' },
    ]);
    expect(synced.tables[services]?.some((row) => row['delegated_account_id'] === delegate)).toBe(false);
    expect(synced.tables[services]?.length).toBeGreaterThan(0);
    expect(synced.announced).toContain(services);
  });

  it('a denied policy text leaves the policy, without a text', async () => {
    simulator.fault({ operation: 'organizations:DescribePolicy', kind: 'deny', times: 1 });
    const synced = await syncFrom(simulator, { tables: ['aws_organizations_policies'] });
    const policies = synced.tables['aws_organizations_policies'] ?? [];
    const [denied] = synced.reads.filter((read) => read['scope'] !== '');
    expect(policies.filter((policy) => policy['content_text'] === null).map((policy) => policy['id'])).toEqual([
      denied?.['scope'],
    ]);
  });

  it('every call denied is one line, not a thousand', async () => {
    simulator.fault({ operation: 'organizations:ListTargetsForPolicy', kind: 'deny' });
    const synced = await syncFrom(simulator, { tables: ['aws_organizations_policy_targets'] });
    const reads = synced.reads.filter((read) => read['table_name'] === 'aws_organizations_policy_targets');
    expect(reads).toMatchObject([{ scope: '', outcome: 'denied' }]);
    expect(synced.announced).not.toContain('aws_organizations_policy_targets');
    expect(synced.announced).toContain('aws_organizations_policies');
  });

  it('on_denied: fail sends nothing', async () => {
    simulator.fault({ operation: 'organizations:ListDelegatedAdministrators', kind: 'deny' });
    await expect(syncFrom(simulator, { tables: [administrators], spec: { on_denied: 'fail' } })).rejects.toThrow(
      /nothing was sent.*ListDelegatedAdministrators.*denied.*Grant the actions/s,
    );
  });

  it.each([
    'throttle',
    'server_error',
    'html',
    'html_error',
    'truncated',
    'empty_object',
    'reset',
    'repeat_token',
  ] as const)(
    '%s for ever: the sync fails with a text; with on_failure: report it goes on without the table',
    async (kind) => {
      simulator.fault({ operation: 'organizations:ListAccounts', kind });
      const tables = ['aws_organizations_accounts', 'aws_organizations_roots'];
      await expect(syncFrom(simulator, { tables })).rejects.toThrow(/organizations:ListAccounts in us-east-1: failed/);
      const synced = await syncFrom(simulator, { tables, spec: { on_failure: 'report' } });
      expect(outcomes(synced, 'aws_organizations_accounts')['organizations:ListAccounts']).toBe('failed');
      expect(synced.announced).toContain('aws_organizations_roots');
      expect(synced.errors['aws_organizations_accounts']).toContain('organizations:ListAccounts');
    },
  );

  it.each(['throttle', 'server_error', 'html', 'truncated', 'reset'] as const)(
    '%s once: no difference',
    async (kind) => {
      const calm = await syncFrom(simulator, { tables: ['aws_organizations_accounts'] });
      simulator.fault({ operation: 'organizations:ListAccounts', kind, times: 1 });
      const shaken = await syncFrom(simulator, { tables: ['aws_organizations_accounts'] });
      expect(shaken.tables['aws_organizations_accounts']).toEqual(calm.tables['aws_organizations_accounts']);
      expect(outcomes(shaken, 'aws_organizations_accounts')['organizations:ListAccounts']).toBe('ok');
    },
  );

  it('an endless answer ends with the time-out', async () => {
    simulator.fault({ operation: 'organizations:ListRoots', kind: 'hang' });
    await expect(
      syncFrom(simulator, { tables: ['aws_organizations_roots'], spec: { request_timeout: 1, max_retries: 0 } }),
    ).rejects.toThrow('organizations:ListRoots in us-east-1: failed (RequestTimeout): no answer within 1 s');
  });

  it('empty pages with a token are followed to the end', async () => {
    const calm = await syncFrom(simulator, { tables: ['aws_organizations_accounts'] });
    simulator.change((scenario) => {
      scenario.empty_pages = true;
    });
    const synced = await syncFrom(simulator, { tables: ['aws_organizations_accounts'] });
    expect(ids(synced.tables['aws_organizations_accounts'])).toEqual(ids(calm.tables['aws_organizations_accounts']));
  });

  it('a server that sends no paths: the same places, by a walk', async () => {
    const calm = await syncFrom(simulator, { tables: ['aws_organizations_account*'] });
    simulator.change((scenario) => {
      scenario.omit_paths = true;
    });
    const walked = await syncFrom(simulator, { tables: ['aws_organizations_account*'] });
    const places = (rows: (typeof calm.tables)[string] = []): unknown[] =>
      rows.map((row) => [row['id'], row['parent_id'], row['ou_path']]).sort();
    expect(places(walked.tables['aws_organizations_accounts'])).toEqual(
      places(calm.tables['aws_organizations_accounts']),
    );
    expect(places(walked.tables['aws_organizations_account_parents'])).toEqual(
      places(calm.tables['aws_organizations_account_parents']),
    );
  });

  it('a walk that is denied leaves the place unknown, and says so', async () => {
    simulator.fault({ operation: 'organizations:ListOrganizationalUnitsForParent', kind: 'deny' });
    const synced = await syncFrom(simulator, { tables: ['aws_organizations_accounts'] });
    const rows = synced.tables['aws_organizations_accounts'] ?? [];
    expect(rows.filter((row) => row['parent_id'] === null)).toEqual([]);
    expect(rows.some((row) => row['ou_path'] === null)).toBe(true);
    expect(outcomes(synced, 'aws_organizations_accounts')).toMatchObject({
      'organizations:ListAccounts': 'ok',
      'organizations:ListOrganizationalUnitsForParent': 'denied',
    });
  });

  it('one OU of many that is denied: the others are waited for, and counted', async () => {
    const operation = 'organizations:ListOrganizationalUnitsForParent';
    simulator.fault({ operation, kind: 'deny', after: 1, times: 1 });
    simulator.fault({ operation, kind: 'slow', ms: 50, after: 1 });
    const synced = await syncFrom(simulator, { tables: ['aws_organizations_organizational_units'] });
    const asked = simulator.requests.filter((request) => request.operation === operation).length;
    expect(asked).toBeGreaterThan(2);
    expect(synced.reads.find((read) => read['operation'] === operation && read['outcome'] === 'denied')).toMatchObject({
      request_count: asked,
    });
  });

  it('two administrators of one service are two rows', async () => {
    const synced = await syncFrom(simulator, { tables: [services] });
    const holders = new Map<unknown, number>();
    for (const { service_principal: principal } of synced.tables[services] ?? []) {
      holders.set(principal, (holders.get(principal) ?? 0) + 1);
    }
    expect(Math.max(...holders.values())).toBeGreaterThan(1);
  });

  it('GuardDuty answers a member with a bad request, which is a denial', async () => {
    const synced = await syncFrom(simulator, { tables: [guardduty], account: memberOf(simulator) });
    expect(outcomes(synced, guardduty)).toEqual({ 'guardduty:ListOrganizationAdminAccounts': 'denied' });
    expect(synced.announced).not.toContain(guardduty);
  });

  it('tags are read when an owner is chosen by them', async () => {
    const spec = { owners: { networking: { tags: { team: 'network' } } } };
    const synced = await syncFrom(simulator, { tables: ['aws_organizations_accounts'], spec });
    expect(synced.tables['aws_organizations_accounts']?.every((row) => row['tags'] !== null)).toBe(true);
    expect(outcomes(synced, 'aws_organizations_accounts')['organizations:ListTagsForResource']).toBe('ok');
    const without = await syncFrom(simulator, { tables: ['aws_organizations_accounts'] });
    expect(without.tables['aws_organizations_accounts']?.every((row) => row['tags'] === null)).toBe(true);
    expect(outcomes(without, 'aws_organizations_accounts')['organizations:ListTagsForResource']).toBe('skipped');
  });
});

describe('an answer that says nothing is not taken for "none"', () => {
  it.each([
    ['no list, and the token of a last page', '{"NextToken":""}'],
    ['a text', '"ok"'],
    ['a list', '["ok"]'],
  ])('%s', async (_what, body) => {
    const synced = await syncAltered('ListDelegatedAdministrators', () => body, [administrators]);
    expect(outcomes(synced, administrators)).toEqual({ 'organizations:ListDelegatedAdministrators': 'failed' });
    expect(synced.announced).not.toContain(administrators);
  });

  it('no root: no policy types were found, so the policies are not known', async () => {
    const synced = await syncAltered('ListRoots', () => '{"Roots":[]}', ['aws_organizations_policies']);
    expect(outcomes(synced, 'aws_organizations_policies')['organizations:ListPolicies']).toBe('failed');
    expect(synced.announced).not.toContain('aws_organizations_policies');
  });

  it('a policy without its text is told', async () => {
    const synced = await syncAltered('DescribePolicy', () => '{"Policy":{"PolicySummary":{}}}', [
      'aws_organizations_policies',
    ]);
    const policies = synced.tables['aws_organizations_policies'] ?? [];
    const told = synced.reads.filter((read) => read['scope'] !== '' && read['outcome'] === 'failed');
    expect(ids(told.map((read) => ({ id: read['scope'] })))).toEqual(ids(policies));
  });
});

describe('lists of single calls whose first pages alone were answered', () => {
  it.each([
    ['organizations:ListDelegatedServicesForAccount', services],
    ['organizations:ListTargetsForPolicy', 'aws_organizations_policy_targets'],
    ['organizations:ListTagsForResource', 'aws_organizations_accounts'],
  ])('%s: where none came to its end, the read as a whole has failed', async (operation, table) => {
    simulator.fault({ operation, kind: 'repeat_token' });
    const spec = { account_tags: true, on_failure: 'report' };
    const synced = await syncFrom(simulator, { tables: [table], spec });
    const own = synced.reads.filter((read) => read['table_name'] === table && read['operation'] === operation);
    expect(own).toMatchObject([{ scope: '', outcome: 'failed', error_code: 'RepeatedPageToken' }]);
  });
});

describe('rows', () => {
  it('a principal that a statement names twice is one row, and counted once', async () => {
    simulator.change((scenario) => {
      const policy = scenario.organization?.resource_policy;
      if (!policy) return;
      const Principal = { AWS: ['111122223333', '111122223333'] };
      const statement = { Effect: 'Allow', Principal, Action: 'organizations:ListAccounts', Resource: '*' };
      policy.content = { Version: '2012-10-17', Statement: [statement] };
    });
    const statements = 'aws_organization_resource_policy_statements';
    const synced = await syncFrom(simulator, { tables: ['aws_organization_resource_pol*'] });
    expect(synced.tables[statements]).toHaveLength(1);
    expect(synced.reads.filter((read) => read['table_name'] === statements)).toMatchObject([{ row_count: 1 }]);
  });

  it('that could not be kept end the sync, whatever the spec says of failed reads', async () => {
    const full = vi.spyOn(Spool.prototype, 'append').mockRejectedValueOnce(new Error('ENOSPC: no space left'));
    try {
      const sync = syncFrom(simulator, { spec: { on_failure: 'report' } });
      await expect(sync).rejects.toThrow(/temporary file.*ENOSPC.*TMPDIR/);
    } finally {
      full.mockRestore();
    }
  });
});

describe('Regions', () => {
  const outcomeIn = (synced: Awaited<ReturnType<typeof syncFrom>>, region: string): unknown =>
    outcomes(synced, guardduty, region)['guardduty:ListOrganizationAdminAccounts'];

  it('one that is not enabled is absent, and not asked', async () => {
    const synced = await syncFrom(simulator, { tables: [guardduty] });
    expect(outcomeIn(synced, 'af-south-1')).toBe('absent');
    expect(outcomeIn(synced, 'us-west-2')).toBe('ok');
    expect(simulator.requests.some(({ region }) => region === 'af-south-1')).toBe(false);
  });

  it('one that the spec leaves out is skipped', async () => {
    const synced = await syncFrom(simulator, { tables: [guardduty], spec: { regions: ['us-west-2', 'af-south-1'] } });
    expect(outcomeIn(synced, 'us-west-2')).toBe('ok');
    expect(outcomeIn(synced, 'us-east-1')).toBe('skipped');
    // Asked for, but not enabled.
    expect(outcomeIn(synced, 'af-south-1')).toBe('absent');
  });

  it('where nobody may list them, all are asked, and one that is off says so itself', async () => {
    simulator.fault({ operation: 'ec2:DescribeRegions', kind: 'deny' });
    const synced = await syncFrom(simulator, { tables: [guardduty] });
    expect(outcomeIn(synced, 'us-west-2')).toBe('ok');
    expect(outcomeIn(synced, 'af-south-1')).toBe('absent');
    expect(outcomes(synced, 'aws_ec2_regions')).toEqual({ 'ec2:DescribeRegions': 'denied' });
    expect(synced.announced).not.toContain('aws_ec2_regions');
  });

  it('one that nobody can switch off is not off because credentials are refused there', async () => {
    simulator.fault({ operation: 'ec2:DescribeRegions', kind: 'deny' });
    const refused = { kind: 'error', code: 'UnrecognizedClientException', status: 403 } as const;
    simulator.fault({ operation: 'guardduty:ListOrganizationAdminAccounts', ...refused });
    const synced = await syncFrom(simulator, { tables: [guardduty], spec: { on_failure: 'report' } });
    expect(outcomeIn(synced, 'us-west-2')).toBe('failed');
    expect(outcomeIn(synced, 'af-south-1')).toBe('absent');
  });

  it('one newer than this version is kept, and asked', async () => {
    const synced = await syncAltered('DescribeRegions', (body) => body.replaceAll('af-south-1', 'xx-new-1'), [
      guardduty,
    ]);
    expect(synced.tables['aws_ec2_regions']?.map((row) => row['region_name'])).toContain('xx-new-1');
    expect(synced.reads.some((read) => read['region'] === 'xx-new-1')).toBe(true);
  });

  it('one that is denied keeps its rows to itself', async () => {
    simulator.fault({ operation: 'guardduty:ListOrganizationAdminAccounts', region: 'us-west-2', kind: 'deny' });
    const synced = await syncFrom(simulator, { tables: [guardduty] });
    expect(outcomeIn(synced, 'us-west-2')).toBe('denied');
    expect(synced.tables[guardduty]?.some((row) => row['region'] === 'us-west-2')).toBe(false);
    expect(synced.tables[guardduty]?.some((row) => row['region'] === 'us-east-1')).toBe(true);
  });
});

/** A sync through a proxy that changes the answer of one operation. */
async function syncAltered(
  operation: string,
  alter: (body: string) => string,
  tables: string[],
): ReturnType<typeof syncFrom> {
  const proxy = createServer((request, response) => {
    void (async () => {
      let asked = '';
      for await (const chunk of request.setEncoding('utf8')) asked += chunk as string;
      const { method = '', url = '', headers } = request;
      const answer = await fetch(simulator.url + url, {
        method,
        headers: Object.entries(headers).filter(([name]) => !['host', 'connection', 'content-length'].includes(name)),
        ...(method === 'POST' && { body: asked }),
      } as RequestInit);
      const isMeant = `${String(headers['x-amz-target'])} ${asked}`.includes(operation);
      const body = await answer.text();
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
      response.end(isMeant ? alter(body) : body);
    })();
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const { port } = proxy.address() as AddressInfo;
  const spec = { custom_endpoint_url: `http://127.0.0.1:${port}`, on_failure: 'report' };
  try {
    return await syncFrom(simulator, { tables, spec });
  } finally {
    proxy.close();
    proxy.closeAllConnections();
  }
}

function memberOf({ scenario }: Simulator): string {
  const delegates = new Set(scenario.organization?.delegated_administrators.map(({ account }) => account));
  const member = scenario.organization?.accounts.find(
    ({ id, state }) => id !== scenario.organization?.management_account_id && !delegates.has(id) && state === 'ACTIVE',
  );
  return member?.id ?? '';
}

function ids(rows: readonly Record<string, unknown>[] = []): unknown[] {
  return rows.map((row) => row['id']).sort();
}
