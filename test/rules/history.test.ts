import { afterEach, describe, expect, test } from 'vitest';
import { runRules } from '../../src/rules/index.js';
import { close, organization, queriesDir, type Organization } from './database.js';
import { driftOf, nextSync } from './syncs.js';

const first = '2026-11-01T12:00:00.000Z';
const second = '2026-11-02T12:00:00.000Z';
const third = '2026-11-03T12:00:00.000Z';
const tooling = '222222222222';
const other = '333333333333';

/** GuardDuty is held in two Regions and registered, Backup is registered, and the delegation policy lets a third account write policies. */
const base = `
  select fixture.organization();
  select fixture.ou('/Security');
  select fixture.ou('/Infrastructure');
  select fixture.account('${tooling}', 'Security Tooling', '/Security');
  select fixture.account('${other}', 'Shop');
  select fixture.delegated('${tooling}', 'guardduty.amazonaws.com');
  select fixture.delegated('${other}', 'backup.amazonaws.com');
  select fixture.guardduty('${tooling}', '{eu-central-1, us-east-1}');
  select fixture.resource_policy();
  select fixture.statement(0, 'Allow', '${other}', 'organizations:UpdatePolicy');`;

let given: Organization;
afterEach(() => close(given));

async function begin(sql = base): Promise<void> {
  given = await organization(sql);
  await keep();
}

async function keep(): Promise<unknown[]> {
  const { rows } = await given.client.query<Record<string, unknown>>('select * from delegation.keep_history()');
  return rows.map(({ source_name, is_kept, note }) => [source_name, is_kept, note]);
}

async function sync(time: string, changes = ''): Promise<void> {
  await nextSync(given, time, changes);
  expect(await keep()).toEqual([['prod', true, 'kept']]);
}

/** Each delegation in a line. */
async function history(where = 'true'): Promise<string[]> {
  const { rows } = await given.client.query<{ line: string }>(
    `select concat_ws(' ', method, service_id, service_principal, region, delegated_account_id, account_name, ou_path, account_state, status, case when not is_held then 'not held' end)
       || format(': %s..%s %s %s, last seen %s%s', to_char(valid_from at time zone 'UTC', 'DD'), to_char(valid_to at time zone 'UTC', 'DD'), began_by, ended_by, to_char(last_seen at time zone 'UTC', 'DD'),
            case when is_confirmed is false then ', not confirmed' end) as line
     from delegation.delegation_history
     where ${where}
     order by method collate "C", service_id collate "C", region collate "C", delegated_account_id, valid_from`,
  );
  return rows.map(({ line }) => line);
}

/** All tables of the history, as they are. */
async function dump(): Promise<unknown> {
  const tables = ['aws_delegation_history', 'aws_delegation_history_syncs', 'aws_delegation_history_reads'];
  const all = [];
  for (const table of tables)
    all.push((await given.client.query(`select * from ${table} order by 1, 2, 3, 4, 5, 6`)).rows);
  return all;
}

/** Each change in a line. */
async function told(since?: string, until?: string): Promise<string[]> {
  return (await driftOf(given, since, until)).map(
    ({ at, kind, service_id, method, region, account_id, before, after, event_id }) =>
      [at.toISOString().slice(8, 10), kind, service_id, method, region, account_id, `${before} -> ${after}`, event_id]
        .filter((part) => part !== null)
        .join(' '),
  );
}

const guardduty = `delete from aws_guardduty_organization_admin_accounts`;
const unregister = (principal: string): string =>
  `delete from aws_organizations_delegated_services where service_principal = '${principal}.amazonaws.com'`;
const move = `update aws_organizations_accounts set ou_path = '/Infrastructure', parent_id = fixture.ou_id('/Infrastructure'),
  paths = jsonb_build_array(format('o-example/%s/%s/', fixture.id_path('/Infrastructure'), id)) where id = '${tooling}'`;

describe('the first sync', () => {
  test('is where the history begins: nothing was added before it', async () => {
    await begin();
    expect(await history()).toEqual([
      `organizations backup backup.amazonaws.com ${other} Shop / ACTIVE: 01.. first_read , last seen 01`,
      `organizations guardduty guardduty.amazonaws.com ${tooling} Security Tooling /Security ACTIVE: 01.. first_read , last seen 01`,
      `resource_policy organizations-delegation-policy ${other} Shop / ACTIVE: 01.. first_read , last seen 01`,
      `service guardduty eu-central-1 ${tooling} Security Tooling /Security ACTIVE ENABLED: 01.. first_read , last seen 01`,
      `service guardduty us-east-1 ${tooling} Security Tooling /Security ACTIVE ENABLED: 01.. first_read , last seen 01`,
    ]);
    expect(await told()).toEqual([]);
    const { rows } = await given.client.query(
      'select source_name, organization_id, sync_time from delegation.history_syncs',
    );
    expect(rows).toEqual([{ source_name: 'prod', organization_id: 'o-example', sync_time: new Date(first) }]);
  });

  test('is kept once, however often', async () => {
    await begin();
    const before = await dump();
    expect(await keep()).toEqual([['prod', false, 'kept already']]);
    await runRules(given.client, { queriesDir, rules: ['org_all_features_enabled'] });
    expect(await dump()).toEqual(before);
  });

  test('of an organization that is not known is not kept', async () => {
    given = await organization(
      `${base} delete from aws_organizations; select fixture.read('aws_organizations', 'denied')`,
    );
    expect(await keep()).toEqual([
      ['prod', false, expect.stringMatching(/^not kept, because the organization is not known: .*denied/)],
    ]);
    expect(await dump()).toEqual([[], [], []]);
  });

  test('nothing was ever synced: nothing to keep', async () => {
    given = await organization('', { finish: false });
    expect(await keep()).toEqual([]);
  });
});

describe('a later sync', () => {
  test('in which nothing changed moves nothing but last_seen', async () => {
    await begin();
    await sync(second);
    expect(await told()).toEqual([]);
    expect(new Set((await history()).map((line) => line.replace(/^.*: /, '')))).toEqual(
      new Set(['01.. first_read , last seen 02']),
    );
  });

  test('tells each kind of change, and who made it', async () => {
    await begin();
    await sync(
      second,
      `${unregister('backup')};
       select fixture.delegated('${other}', 'config.amazonaws.com');
       delete from aws_organization_resource_policy_statements; delete from aws_organization_resource_policies;
       ${guardduty} where region = 'us-east-1';
       ${move};
       select fixture.event('e-deregister', 'organizations:DeregisterDelegatedAdministrator', '{"accountId": "${other}", "servicePrincipal": "backup.amazonaws.com"}', '{"event_time": "2026-11-02 01:00:00"}');
       select fixture.event('e-register', 'organizations:RegisterDelegatedAdministrator', '{"accountId": "${other}", "servicePrincipal": "config.amazonaws.com"}', '{"event_time": "2026-11-02 02:00:00"}');
       select fixture.event('e-policy', 'organizations:DeleteResourcePolicy', '{}', '{"event_time": "2026-11-02 03:00:00"}');
       select fixture.event('e-region', 'guardduty:DisableOrganizationAdminAccount', '{"adminAccountId": "${tooling}"}', '{"event_time": "2026-11-02 04:00:00"}');
       select fixture.event('e-move', 'organizations:MoveAccount', jsonb_build_object('accountId', '${tooling}', 'sourceParentId', fixture.ou_id('/Security'), 'destinationParentId', fixture.ou_id('/Infrastructure')), '{"event_time": "2026-11-02 05:00:00"}')`,
    );
    expect(await told()).toEqual([
      `02 delegation_added config organizations ${other} null -> config.amazonaws.com e-register`,
      `02 delegation_removed backup organizations ${other} backup.amazonaws.com -> null e-deregister`,
      `02 delegation_removed organizations-delegation-policy resource_policy ${other} held -> null e-policy`,
      `02 holder_moved guardduty ${tooling} /Security -> /Infrastructure e-move`,
      `02 region_lost guardduty service us-east-1 ${tooling} ENABLED -> null e-region`,
    ]);
    const [added] = await driftOf(given);
    expect(added).toEqual({
      source_name: 'prod',
      organization_id: 'o-example',
      at: new Date(second),
      kind: 'delegation_added',
      service_id: 'config',
      service_name: 'AWS Config',
      method: 'organizations',
      region: null,
      account_id: other,
      account_name: 'Shop',
      rule_id: null,
      resource_id: null,
      before: null,
      after: 'config.amazonaws.com',
      event_id: 'e-register',
      event_time: new Date('2026-11-02T02:00:00Z'),
      actor: 'arn:aws:iam::111111111111:role/Admin (ada)',
      severity: null,
      reason: null,
    });

    // The Region comes back, the service stops being one that is held, and its account is closed.
    await sync(
      third,
      `select fixture.guardduty('${tooling}', '{us-east-1}', 'DISABLE_IN_PROGRESS');
       update aws_guardduty_organization_admin_accounts set admin_status = 'DISABLE_IN_PROGRESS' where region = 'eu-central-1';
       update aws_organizations_accounts set state = 'SUSPENDED' where id = '${other}';
       select fixture.event('e-close', 'organizations:CloseAccount', '{"accountId": "${other}"}', '{"event_time": "2026-11-03 01:00:00"}')`,
    );
    expect(await told(second)).toEqual([
      `03 holder_changed config ${other} account ACTIVE -> account SUSPENDED e-close`,
      `03 holder_changed guardduty service eu-central-1 ${tooling} ENABLED -> DISABLE_IN_PROGRESS, not held`,
      `03 region_gained guardduty service us-east-1 ${tooling} null -> DISABLE_IN_PROGRESS, not held`,
    ]);
    expect(await history(`method = 'service'`)).toEqual([
      `service guardduty eu-central-1 ${tooling} Security Tooling /Security ACTIVE ENABLED: 01..02 first_read changed, last seen 01`,
      `service guardduty eu-central-1 ${tooling} Security Tooling /Infrastructure ACTIVE ENABLED: 02..03 changed changed, last seen 02`,
      `service guardduty eu-central-1 ${tooling} Security Tooling /Infrastructure ACTIVE DISABLE_IN_PROGRESS not held: 03.. changed , last seen 03`,
      `service guardduty us-east-1 ${tooling} Security Tooling /Security ACTIVE ENABLED: 01..02 first_read removed, last seen 01`,
      `service guardduty us-east-1 ${tooling} Security Tooling /Infrastructure ACTIVE DISABLE_IN_PROGRESS not held: 03.. added , last seen 03`,
    ]);
    // Intervals that follow each other tell each change once, and what lies between is not told.
    expect(await told(first, second)).toHaveLength(5);
    expect(await told(third)).toEqual([]);
    expect(await told('2026-11-02T13:00:00Z', '2026-11-02T14:00:00Z')).toEqual([]);
    expect(await told()).toHaveLength(8);
  });

  test('an account that is removed and one that holds the service now: the last Region takes the service with it', async () => {
    await begin();
    await sync(second, `${guardduty}; select fixture.guardduty('${other}', '{us-east-1}')`);
    expect(await told()).toEqual([
      `02 delegation_added guardduty service us-east-1 ${other} null -> ENABLED`,
      `02 delegation_removed guardduty service eu-central-1 ${tooling} ENABLED -> null`,
      `02 delegation_removed guardduty service us-east-1 ${tooling} ENABLED -> null`,
    ]);
  });

  test('a Region in which it is about to end, too, does not keep the service', async () => {
    await begin();
    await sync(
      second,
      `${guardduty} where region = 'us-east-1'; update aws_guardduty_organization_admin_accounts set admin_status = 'DISABLE_IN_PROGRESS'`,
    );
    expect(await told()).toEqual([
      `02 delegation_removed guardduty service us-east-1 ${tooling} ENABLED -> null`,
      `02 holder_changed guardduty service eu-central-1 ${tooling} ENABLED -> DISABLE_IN_PROGRESS, not held`,
    ]);
  });

  test('what was removed and has come back is two steps', async () => {
    await begin();
    await sync(second, unregister('backup'));
    await sync(third, `select fixture.delegated('${other}', 'backup.amazonaws.com')`);
    expect(await told()).toEqual([
      `02 delegation_removed backup organizations ${other} backup.amazonaws.com -> null`,
      `03 delegation_added backup organizations ${other} null -> backup.amazonaws.com`,
    ]);
  });

  test('what was registered anew between two syncs is told by its date', async () => {
    await begin();
    await sync(
      second,
      `update aws_organizations_delegated_services set delegation_enabled_date = '2026-11-02 01:02:03' where service_principal = 'backup.amazonaws.com'`,
    );
    expect(await told()).toEqual([
      `02 holder_changed backup organizations ${other} since 2024-05-06 07:08 UTC -> since 2026-11-02 01:02 UTC`,
    ]);
  });

  test('a second principal of a service is a delegation of its own', async () => {
    await begin();
    await sync(second, `select fixture.delegated('${tooling}', 'malware-protection.guardduty.amazonaws.com')`);
    expect(await told()).toEqual([
      `02 delegation_added guardduty organizations ${tooling} null -> malware-protection.guardduty.amazonaws.com`,
    ]);
    await sync(third, unregister('guardduty'));
    expect(await told(second)).toEqual([
      `03 delegation_removed guardduty organizations ${tooling} guardduty.amazonaws.com -> null`,
    ]);
  });

  test('one answer that is told in several Regions is one delegation', async () => {
    const v2 = (region: string): string =>
      `select fixture.administrator('aws_securityhub_organization_admin_accounts', '${tooling}', '{${region}}', '{"feature": "SecurityHubV2"}')`;
    await begin(`${base} select fixture.both_security_hubs_asked(); ${v2('us-east-1')}; ${v2('eu-central-1')}`);
    expect(await history(`service_id = 'security-hub'`)).toHaveLength(1);
    await sync(second, `delete from aws_securityhub_organization_admin_accounts where region = 'us-east-1'`);
    expect(await told()).toEqual([]);
    await sync(third, 'delete from aws_securityhub_organization_admin_accounts');
    expect(await told()).toEqual([`03 delegation_removed security-hub service ${tooling} held -> null`]);
  });

  test('an organizational unit with another name, and an account with another, is no move', async () => {
    await begin();
    await sync(
      second,
      `update aws_organizations_accounts set ou_path = '/Sec', name = 'Tooling' where id = '${tooling}'`,
    );
    expect(await told()).toEqual([
      `02 holder_changed guardduty ${tooling} named Security Tooling, in an organizational unit named /Security -> named Tooling, in an organizational unit named /Sec`,
    ]);
  });

  test('an account that has left takes its delegations with it', async () => {
    await begin();
    await sync(
      second,
      `delete from aws_organizations_accounts where id = '${other}'; ${unregister('backup')};
       select fixture.event('e-left', 'organizations:RemoveAccountFromOrganization', '{"accountId": "${other}"}', '{"event_time": "2026-11-02 01:00:00"}')`,
    );
    expect(await told()).toEqual([
      `02 delegation_removed backup organizations ${other} backup.amazonaws.com -> null e-left`,
      `02 holder_changed organizations-delegation-policy ${other} account ACTIVE -> no account of the organization e-left`,
    ]);
  });

  test('a service that the catalogue knows by now, or by another ID, is no change', async () => {
    await begin(`${base} select fixture.delegated('${other}', 'new.amazonaws.com')`);
    expect(await history(`service_id = 'new.amazonaws.com'`)).toHaveLength(1);
    await sync(second, `select fixture.service('new', 'AWS New', 'new.amazonaws.com', 'organizations')`);
    expect(await told()).toEqual([]);
    expect(await history(`service_principal = 'new.amazonaws.com'`)).toEqual([
      `organizations new new.amazonaws.com ${other} Shop / ACTIVE: 01.. first_read , last seen 02`,
    ]);
  });
});

describe('what a sync could not ask', () => {
  const us = (outcome: string, code = 'null'): string =>
    `select fixture.read('aws_guardduty_organization_admin_accounts', '${outcome}', region => 'us-east-1', code => ${code})`;

  test.each([
    ['is denied', `${guardduty} where region = 'us-east-1'; ${us('denied')}`],
    ['failed', `${guardduty} where region = 'us-east-1'; ${us('failed')}`],
    [
      'is in a Region that is off',
      `${guardduty} where region = 'us-east-1'; update aws_ec2_regions set opt_in_status = 'not-opted-in' where region_name = 'us-east-1'; ${us('absent', `'RegionDisabled'`)}`,
    ],
    [
      'is in a Region that is not enabled any more',
      `${guardduty} where region = 'us-east-1'; update aws_ec2_regions set opt_in_status = 'not-opted-in' where region_name = 'us-east-1'`,
    ],
    ['was left out', `${guardduty}; select fixture.read('aws_guardduty_organization_admin_accounts', 'skipped')`],
    ['has an outcome that nobody knows', `${guardduty} where region = 'us-east-1'; ${us('perhaps')}`],
  ])('because it %s stays open, and is told as removed when it can be asked again', async (_name, changes) => {
    await begin();
    await sync(second, changes);
    expect(await told()).toEqual([]);
    expect(await history(`region = 'us-east-1'`)).toEqual([
      `service guardduty us-east-1 ${tooling} Security Tooling /Security ACTIVE ENABLED: 01.. first_read , last seen 01, not confirmed`,
    ]);
    const { rows } = await given.client.query<Record<string, unknown>>(
      `select is_confirmed, last_read, newest_sync, read_error is not null as is_told from delegation.history_reads where service_id = 'guardduty' and region = 'us-east-1'`,
    );
    expect(rows).toEqual([
      { is_confirmed: false, last_read: new Date(first), newest_sync: new Date(second), is_told: true },
    ]);

    await sync(
      third,
      `update aws_ec2_regions set opt_in_status = 'opted-in' where region_name = 'us-east-1';
       select fixture.event('e-gone', 'guardduty:DisableOrganizationAdminAccount', '{"adminAccountId": "${tooling}"}', '{"event_time": "2026-11-02 01:00:00"}')`,
    );
    // The event is older than the sync that could not ask: it is looked for since the delegation was last seen.
    expect((await told()).filter((line) => line.includes('us-east-1'))).toEqual([
      expect.stringMatching(
        `^03 (region_lost|delegation_removed) guardduty service us-east-1 ${tooling} ENABLED -> null e-gone$`,
      ),
    ]);
  });

  test.each([
    [
      'the registrations',
      'organizations',
      `${unregister('backup')}; select fixture.read('aws_organizations_delegated_services', 'denied')`,
    ],
    [
      'the services of one administrator',
      'organizations',
      `${unregister('backup')}; select fixture.read('aws_organizations_delegated_services', 'failed', scope => '${other}')`,
    ],
    [
      'rows that an interrupted sync has lost',
      'organizations',
      `${unregister('backup')}; select fixture.read('aws_organizations_delegated_services', 'ok'); select set_config('test.lost', 'on', true)`,
    ],
    [
      'the delegation policy',
      'resource_policy',
      `delete from aws_organization_resource_policy_statements; select fixture.read('aws_organization_resource_policy_statements', 'denied')`,
    ],
    [
      'a policy of which no statement could be listed',
      'resource_policy',
      `delete from aws_organization_resource_policy_statements`,
    ],
    [
      'the catalogue',
      'service',
      `${guardduty}; delete from aws_delegation_services; select fixture.read('aws_delegation_services', 'failed')`,
    ],
  ])('%s: all of the method stays open', async (name, method, changes) => {
    await begin();
    const before = await history(`method = '${method}'`);
    await nextSync(given, second, changes);
    if (name.startsWith('rows'))
      await given.client.query(
        `update aws_delegation_reads set row_count = 2 where table_name = 'aws_organizations_delegated_services'`,
      );
    expect(await keep()).toEqual([['prod', true, 'kept']]);
    expect(await told()).toEqual([]);
    expect((await history(`method = '${method}'`)).map((line) => line.slice(0, 60))).toEqual(
      before.map((line) => line.slice(0, 60)),
    );
    expect((await history(`method = '${method}' and is_confirmed is false`)).length).toBeGreaterThan(0);
  });

  test('and that nobody had asked before is no change when it is found', async () => {
    await begin(
      `${base} ${guardduty} where region = 'us-east-1'; ${us('denied')}; select fixture.region('eu-west-1'); ${us('denied').replace('us-east-1', 'eu-west-1')}`,
    );
    await sync(
      second,
      `select fixture.guardduty('${tooling}', '{us-east-1}'); ${us('denied').replace('us-east-1', 'eu-west-1')}`,
    );
    expect(await told()).toEqual([]);
    expect(await history(`region = 'us-east-1'`)).toEqual([
      `service guardduty us-east-1 ${tooling} Security Tooling /Security ACTIVE ENABLED: 02.. first_read , last seen 02`,
    ]);
    // Asked, and nothing there; then denied; then somebody is there: that is new, since the time at which it was asked.
    await sync(third);
    await sync('2026-11-04T12:00:00Z', us('denied').replace('us-east-1', 'eu-west-1'));
    await sync('2026-11-05T12:00:00Z', `select fixture.guardduty('${tooling}', '{eu-west-1}')`);
    expect(await told()).toEqual([`05 region_gained guardduty service eu-west-1 ${tooling} null -> ENABLED`]);
    const { rows } = await given.client.query(
      `select not_seen_at from delegation.delegation_history where region = 'eu-west-1'`,
    );
    expect(rows).toEqual([{ not_seen_at: new Date(third) }]);
  });

  test('is new all the same where AWS says that it is younger than the sync before', async () => {
    const unread = `select fixture.read('aws_organizations_delegated_services', 'denied')`;
    await begin(`${base} ${unregister('backup')}; ${unregister('guardduty')}; ${unread}`);
    await sync(
      second,
      `select fixture.delegated('${other}', 'backup.amazonaws.com'), fixture.delegated('${tooling}', 'guardduty.amazonaws.com');
       update aws_organizations_delegated_services set delegation_enabled_date = '2026-11-02 01:00:00' where service_principal = 'backup.amazonaws.com'`,
    );
    expect(await told()).toEqual([`02 delegation_added backup organizations ${other} null -> backup.amazonaws.com`]);
  });

  test('a Region that was off had nobody: who is found in it is new', async () => {
    const off = us('absent', `'RegionDisabled'`).replace('us-east-1', 'ap-east-1');
    await begin(`${base} ${off}`);
    await sync(
      second,
      `update aws_ec2_regions set opt_in_status = 'opted-in' where region_name = 'ap-east-1'; select fixture.guardduty('${tooling}', '{ap-east-1}')`,
    );
    expect(await told()).toEqual([`02 region_gained guardduty service ap-east-1 ${tooling} null -> ENABLED`]);
  });

  test('of the accounts is not taken for a change of theirs', async () => {
    const gone = (outcome: string): string =>
      `delete from aws_organizations_accounts; select fixture.read('aws_organizations_accounts', '${outcome}')`;
    const back =
      'insert into aws_organizations_accounts select * from kept; update aws_organizations_accounts set _cq_sync_time = fixture.time()';
    await begin(`${base} create table kept as select * from aws_organizations_accounts; ${gone('denied')}`);
    await sync(second, back);
    expect(await told()).toEqual([]);
    expect(await history(`service_id = 'backup'`)).toEqual([
      `organizations backup backup.amazonaws.com ${other} Shop / ACTIVE: 01.. first_read , last seen 02`,
    ]);
    await sync(third, gone('failed'));
    await sync(
      '2026-11-04T12:00:00Z',
      `${back}; ${move};
       select fixture.event('e-move', 'organizations:MoveAccount', jsonb_build_object('accountId', '${tooling}', 'destinationParentId', fixture.ou_id('/Infrastructure')), '{"event_time": "2026-11-02 13:00:00"}')`,
    );
    expect(await told()).toEqual([`04 holder_moved guardduty ${tooling} /Security -> /Infrastructure e-move`]);
  });

  test('of the path of an account is no move', async () => {
    await begin();
    await sync(
      second,
      `update aws_organizations_accounts set ou_path = null, paths = null, parent_id = null where id = '${tooling}'`,
    );
    await sync(third, move);
    expect(await told()).toEqual([`03 holder_moved guardduty ${tooling} /Security -> /Infrastructure`]);
  });

  test('about the holder of a delegation that could not be asked: it moves with all its delegations', async () => {
    await begin();
    await sync(second, `${guardduty} where region = 'us-east-1'; ${us('denied')}; ${move}`);
    await sync(third);
    expect(await told()).toEqual([
      `02 holder_moved guardduty ${tooling} /Security -> /Infrastructure`,
      `03 region_lost guardduty service us-east-1 ${tooling} ENABLED -> null`,
    ]);
  });

  test('about the state of an administrator leaves the state that was known', async () => {
    const inspector = (status: string): string =>
      `delete from aws_inspector2_organization_admin_accounts; select fixture.administrator('aws_inspector2_organization_admin_accounts', '${tooling}', '{us-east-1}', '{"admin_status": "ENABLED", "relationship_status": ${status}}')`;
    await begin(`${base} select fixture.more_services(); ${inspector('"REMOVED"')}`);
    expect(await history(`service_id = 'inspector'`)).toEqual([expect.stringContaining('REMOVED not held')]);
    await sync(
      second,
      `${inspector('null')}; select fixture.read('aws_inspector2_organization_admin_accounts', 'denied', region => 'us-east-1', operation => 'inspector2:GetDelegatedAdminAccount')`,
    );
    expect(await told()).toEqual([]);
    await sync(third, inspector('"ENABLED"'));
    expect(await told()).toEqual([
      `03 holder_changed inspector service us-east-1 ${tooling} REMOVED, not held -> ENABLED`,
    ]);
  });
});

describe('what must not touch the history', () => {
  test('a sync that is older than the one kept', async () => {
    await begin();
    await sync(third, unregister('backup'));
    const before = await dump();
    await nextSync(given, second, `select fixture.delegated('${other}', 'backup.amazonaws.com'); ${guardduty}`);
    expect(await keep()).toEqual([
      ['prod', false, expect.stringContaining('not kept, because the history has a newer one')],
    ]);
    expect(await dump()).toEqual(before);
    await sync('2026-11-04T12:00:00Z', `select fixture.guardduty('${tooling}'); ${unregister('backup')}`);
    expect(await told(third)).toEqual([]);
  });

  test('another organization in the same database', async () => {
    await begin();
    await given.client.query(`
      begin;
      select set_config('fixture.source', 'other', true), set_config('fixture.management', '999999999999', true);
      select fixture.organization();
      update aws_organizations set id = 'o-other' where _cq_source_name = 'other';
      select fixture.account('${tooling}', 'The same number', '/');
      select fixture.delegated('${tooling}', 'guardduty.amazonaws.com'), fixture.guardduty('${tooling}', '{eu-central-1}');
      select fixture.finish();
      commit`);
    expect(await keep()).toEqual([
      ['other', true, 'kept'],
      ['prod', false, 'kept already'],
    ]);
    expect(await told()).toEqual([]);
    const ofProd = await history(`organization_id = 'o-example'`);
    await nextSync(
      given,
      second,
      `delete from aws_guardduty_organization_admin_accounts where _cq_source_name = 'other'`,
      'other',
    );
    await keep();
    expect(
      (await driftOf(given)).map(({ source_name, organization_id, kind }) => [source_name, organization_id, kind]),
    ).toEqual([['other', 'o-other', 'delegation_removed']]);
    expect(await history(`organization_id = 'o-example'`)).toEqual(ofProd);
  });

  test('a source that reads another organization by now', async () => {
    await begin();
    await nextSync(given, second, `update aws_organizations set id = 'o-moved'; ${unregister('backup')}`);
    expect(await keep()).toEqual([['prod', true, 'kept']]);
    expect(await told()).toEqual([]);
    expect(await history(`organization_id = 'o-example' and valid_to is null`)).toHaveLength(5);
    expect(await history(`organization_id = 'o-moved' and began_by = 'first_read'`)).toHaveLength(4);
  });

  test('an organization that cannot be read', async () => {
    await begin();
    const before = await dump();
    await nextSync(
      given,
      second,
      `delete from aws_organizations; ${unregister('backup')}; select fixture.read('aws_organizations', 'denied')`,
    );
    expect(await keep()).toEqual([['prod', false, expect.stringContaining('organization is not known')]]);
    expect(await dump()).toEqual(before);
  });

  test('two who keep the same sync at once', async () => {
    given = await organization(base);
    const client = await given.database.connect();
    await Promise.all([
      given.client.query('select delegation.keep_history()'),
      client.query('select delegation.keep_history()'),
    ]);
    await client.end();
    expect(await history()).toHaveLength(5);
    expect((await given.client.query('select from delegation.history_syncs')).rowCount).toBe(1);
  });
});

describe('the event of a change', () => {
  const at = (time: string, more = ''): string => `'{"event_time": "2026-11-${time}"${more}}'`;
  const register = (id: string, time: string, more = '', account = other): string =>
    `select fixture.event('${id}', 'organizations:RegisterDelegatedAdministrator', '{"accountId": "${account}", "servicePrincipal": "config.amazonaws.com"}', ${at(time, more)})`;

  test('is told where exactly one fits', async () => {
    await begin();
    await sync(second, `select fixture.delegated('${other}', 'config.amazonaws.com')`);
    const eventOf = async (events: string): Promise<unknown[]> => {
      await given.client.query(`delete from aws_cloudtrail_organization_events; ${events}`);
      return (await driftOf(given)).map(({ kind, event_id }) => [kind, event_id]);
    };
    const one = register('e-1', '02 01:00:00');
    expect(await eventOf(one)).toEqual([['delegation_added', 'e-1']]);
    const late = register('e-1', '02 12:00:30');
    for (const [why, events] of Object.entries({
      'two fit': `${one}; ${register('e-2', '02 02:00:00')}`,
      'it was before the earlier sync': register('e-1', '01 11:00:00'),
      'it was after the sync': late,
      'AWS refused it': register('e-1', '02 01:00:00', ', "error_code": "AccessDenied"'),
      'it is about another account': register('e-1', '02 01:00:00', '', tooling),
      'it is about another principal': one.replace('config.', 'backup.'),
      'it is the opposite': one.replace('Register', 'Deregister'),
    })) {
      expect([why, ...(await eventOf(events))]).toEqual([why, ['delegation_added', null]]);
    }
    // While the sync was still reading.
    await given.client.query(`update aws_delegation_history_syncs set ended_at = sync_time + interval '40 seconds'`);
    expect(await eventOf(late)).toEqual([['delegation_added', 'e-1']]);
  });

  test('can come as late as the last read of the sync', async () => {
    await begin();
    await sync(
      second,
      `select fixture.read('aws_organizations_delegated_services', 'ok');
       update aws_delegation_reads set started_at = '2026-11-02 12:00:20', duration_ms = 20500`,
    );
    const { rows } = await given.client.query(
      `select ended_at from delegation.history_syncs where sync_time = '${second}'`,
    );
    expect(rows).toEqual([{ ended_at: new Date('2026-11-02T12:00:40.500Z') }]);
  });

  test('is in the Region of the change', async () => {
    const disable = (id: string, region: string): string =>
      `select fixture.event('${id}', 'guardduty:DisableOrganizationAdminAccount', '{"adminAccountId": "${tooling}"}', ${at('02 01:00:00', `, "region": "${region}"`)})`;
    await begin();
    await sync(second, `${guardduty}; ${disable('e-eu', 'eu-central-1')}; ${disable('e-us', 'us-east-1')}`);
    expect((await driftOf(given)).map(({ region, event_id }) => [region, event_id])).toEqual([
      ['eu-central-1', 'e-eu'],
      ['us-east-1', 'e-us'],
    ]);
  });

  test('that moved an account is the one to where it is now', async () => {
    const moved = (id: string, time: string, to: string): string =>
      `select fixture.event('${id}', 'organizations:MoveAccount', jsonb_build_object('accountId', '${tooling}', 'destinationParentId', fixture.ou_id('${to}')), ${at(time)})`;
    await begin();
    await sync(
      second,
      `${move}; ${moved('e-1', '02 01:00:00', '/')}; ${moved('e-2', '02 02:00:00', '/Infrastructure')}`,
    );
    expect((await driftOf(given)).map(({ kind, event_id }) => [kind, event_id])).toEqual([['holder_moved', 'e-2']]);
  });
});

describe('verdicts', () => {
  const rules = ['scp_prevents_leaving', 'org_all_features_enabled'];
  const run = async (): Promise<void> => {
    await runRules(given.client, { queriesDir, rules });
  };
  const verdicts = async (): Promise<string[]> =>
    (await driftOf(given))
      .filter(({ kind }) => kind === 'verdict_changed')
      .map(({ rule_id, resource_id, before, after, severity, source_name, account_name }) =>
        [rule_id, resource_id, account_name, before, after, severity, source_name].join(' '),
      );
  const states = async (): Promise<unknown[]> =>
    (
      await given.client.query(
        `select status, began_by, is_open, valid_from = lag(valid_to) over (order by valid_from) as follows from delegation.result_history
         where check_id = 'scp_prevents_leaving' and resource_id = '${other}' order by valid_from`,
      )
    ).rows.map((row: Record<string, unknown>) => Object.values(row));

  test('a first run is no change; then each other status is one', async () => {
    given = await organization(base);
    await run();
    await run();
    expect(await verdicts()).toEqual([]);
    await nextSync(given, second, `select fixture.waiver('scp_prevents_leaving', '2999-01-01', '${other}')`);
    await run();
    await nextSync(
      given,
      third,
      `delete from aws_organizations_policy_targets; select fixture.read('aws_organizations_policy_targets', 'denied')`,
    );
    await run();
    await nextSync(
      given,
      '2026-11-04T12:00:00Z',
      `select fixture.scp('p-guard', '[{"Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"}]', '{/}'), fixture.attach('p-FullAWSAccess', '${other}')`,
    );
    await run();
    expect(await states()).toEqual([
      ['fail', 'first_run', false, null],
      ['waived', 'changed', false, true],
      ['unknown', 'changed', false, true],
      ['pass', 'changed', true, true],
    ]);
    expect((await verdicts()).filter((line) => line.includes(other))).toEqual([
      `scp_prevents_leaving ${other} Shop fail waived critical prod`,
      `scp_prevents_leaving ${other} Shop waived unknown critical prod`,
      `scp_prevents_leaving ${other} Shop unknown pass critical prod`,
    ]);
    // The table of changes says the same.
    const { rows } = await given.client.query<{ line: string }>(
      `select concat_ws(' ', check_id, resource_id, old_status, new_status) as line from aws_policy_result_changes where resource_id = '${other}' order by changed_at`,
    );
    expect(rows.map(({ line }) => line)).toEqual([
      `scp_prevents_leaving ${other} fail waived`,
      `scp_prevents_leaving ${other} waived unknown`,
      `scp_prevents_leaving ${other} unknown pass`,
    ]);
  });

  test('a change behind a run in which the organization could not be read is told', async () => {
    given = await organization(base);
    await run();
    await nextSync(
      given,
      second,
      `create table kept as select * from aws_organizations; delete from aws_organizations; select fixture.read('aws_organizations', 'denied')`,
    );
    await run();
    await nextSync(
      given,
      third,
      `insert into aws_organizations select * from kept; update aws_organizations set feature_set = 'CONSOLIDATED_BILLING', _cq_sync_time = fixture.time()`,
    );
    await run();
    const { rows } = await given.client.query(
      `select organization_id, old_status, new_status from aws_policy_result_changes where check_id = 'org_all_features_enabled' and organization_id is not null order by changed_at`,
    );
    expect(rows).toEqual([
      { organization_id: 'o-example', old_status: 'pass', new_status: null },
      { organization_id: 'o-example', old_status: null, new_status: 'fail' },
    ]);
  });

  test('a run keeps the newest sync, too', async () => {
    given = await organization(base);
    await run();
    expect(await history()).toHaveLength(5);
  });
});

test('prune_history removes what ended before, and leaves what was so then', async () => {
  await begin();
  await sync(second, unregister('backup'));
  await sync(third, `select fixture.delegated('${other}', 'backup.amazonaws.com')`);
  const kept = await told('2026-11-02T18:00:00Z');
  const { rows } = await given.client.query<{ table_name: string; row_count: string }>(
    `select * from delegation.prune_history('2026-11-02 18:00:00+00')`,
  );
  expect(rows).toEqual([
    { table_name: 'aws_delegation_history', row_count: '1' },
    { table_name: 'aws_delegation_history_syncs', row_count: '2' },
    { table_name: 'aws_policy_result_history', row_count: '0' },
  ]);
  expect(await told('2026-11-02T18:00:00Z')).toEqual(kept);
  expect(await history()).toHaveLength(5);
  await given.client.query(`select * from delegation.prune_history('2099-01-01 00:00:00+00')`);
  expect((await given.client.query('select from delegation.history_syncs')).rowCount).toBe(1);
  expect(await history('valid_to is null')).toHaveLength(5);
  expect(await keep()).toEqual([['prod', false, 'kept already']]);
});
