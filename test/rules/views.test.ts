import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { services } from '../../src/catalog/index.js';
import { installViews } from '../../src/rules/index.js';
import { flatten } from '../../src/schema/index.js';
import { changesIn } from '../../tables/cloudtrail/organization_changes.js';
import { tables } from '../../tables/index.js';
import { close, organization, queriesDir, type Organization } from './database.js';

const quoted = (value: unknown): string => `'${JSON.stringify(value).replaceAll("'", "''")}'`;

const columns = flatten(tables).find(({ name }) => name === 'aws_delegation_services')?.columns ?? [];

/** The catalogue of this version for the source at hand, in place of the small one of the fixture. */
function catalogue(ids: readonly string[] = services.map(({ id }) => id)): string {
  const rows = services
    .filter(({ id }) => ids.includes(id))
    .map((service) => {
      const members: Record<string, unknown> = { ...service, serviceRegions: service.serviceRegions?.aws ?? null };
      return {
        _cq_id: randomUUID(),
        ...Object.fromEntries(columns.map(({ name, member }) => [name, members[member] ?? null])),
      };
    });
  return `
    delete from aws_delegation_services where _cq_source_name = fixture.source();
    insert into aws_delegation_services
    select (jsonb_populate_record(null::aws_delegation_services, listed.entry || jsonb_build_object(
      '_cq_sync_time', fixture.time(), '_cq_source_name', fixture.source(), 'account_id', fixture.management()))).*
    from jsonb_array_elements(${quoted(rows)}) as listed (entry);`;
}

const accounts = `
  select fixture.ou('/Security');
  select fixture.account('222222222222', 'Security Tooling', '/Security');
  select fixture.account('333333333333', 'Shop');
  select fixture.owner('infosec', 'account', '222222222222');`;

/** An organization with three accounts, two enabled Regions, and the catalogue entries named. */
const withServices = (...ids: string[]): string => `select fixture.organization(); ${catalogue(ids)} ${accounts}`;

let given: Organization;
afterEach(() => close(given));

async function rows(sql: string): Promise<unknown[]> {
  const result = await given.client.query<unknown[]>({ text: sql, rowMode: 'array' });
  return result.rows;
}

const delegations = () =>
  rows(`select service_id, method, region, delegated_account_id, status, is_held
    from delegation.delegations order by service_id, method, region, delegated_account_id`);

const holders = () =>
  rows(`select service_id, delegated_account_id, methods, regions, is_held
    from delegation.holders order by service_id, delegated_account_id`);

const questions = (method = 'service') =>
  rows(`select service_id, region, was_read, unknown_cause
    from delegation.service_regions where method = '${method}' order by service_id, region`);

describe('service_administrators', () => {
  test('has a branch for each table of the catalogue, with the ID and the Regions of the service', async () => {
    const told = services.filter(({ adminTableName }) => adminTableName !== null);
    given = await organization(
      `select fixture.organization(); ${catalogue()} ` +
        told
          .map(({ adminTableName, adminReadScope }) => {
            const more = adminTableName?.includes('securityhub')
              ? { feature: adminReadScope === '' ? 'SecurityHub' : adminReadScope }
              : {};
            return `select fixture.administrator('${adminTableName ?? ''}', '222222222222', '{us-east-1}', ${quoted(more)});`;
          })
          .join('\n'),
    );
    expect(
      await rows('select service_id, source_table, region from delegation.service_administrators order by 1'),
    ).toEqual(
      told
        .map(({ id, adminTableName, isRegional }) => [id, adminTableName, isRegional === true ? 'us-east-1' : null])
        .sort(),
    );
    expect(await rows('select distinct is_settled, status from delegation.service_administrators')).toEqual([
      [true, null],
    ]);
    // And each of them answers a question of its own.
    const asked = await rows(`select service_id from delegation.service_regions
      where method = 'service' and was_read and region is not distinct from
        (select region from delegation.service_administrators where service_administrators.service_id = service_regions.service_id)
      order by 1`);
    expect(asked).toEqual(told.map(({ id }) => [id]).sort());
  });

  test('which status is settled', async () => {
    const states = [
      ['guardduty', 'ENABLED', true],
      ['guardduty', 'DISABLE_IN_PROGRESS', false],
      ['guardduty', 'A_STATE_OF_TOMORROW', false],
      ['securityhub', 'DISABLE_IN_PROGRESS', false],
      ['macie2', 'ENABLED', true],
      ['macie2', 'DISABLING_IN_PROGRESS', false],
      ['inspector2', 'DISABLE_IN_PROGRESS', false],
      ['fms', 'ONBOARDING_COMPLETE', true],
      ['fms', 'ONBOARDING', false],
      ['fms', 'OFFBOARDING', false],
      ['fms', 'OFFBOARDING_COMPLETE', false],
    ] as const;
    given = await organization(
      states
        .map(
          ([service, status], index) =>
            `select fixture.administrator('aws_${service}_organization_admin_accounts', '${String(index)}', '{us-east-1}', '{"admin_status": "${status}", "feature": "SecurityHub"}');`,
        )
        .join('') + `select fixture.read('aws_delegation_owners', 'ok')`,
      { finish: false },
    );
    expect(
      await rows(`select split_part(source_table, '_', 2), status, is_settled
        from delegation.service_administrators order by admin_account_id::integer`),
    ).toEqual(states);
  });

  test('Inspector: what either call says against it counts', async () => {
    const inspector = (admin: string, more: object) =>
      `select fixture.administrator('aws_inspector2_organization_admin_accounts', '${admin}', '{us-east-1}', ${quoted({ admin_status: 'ENABLED', ...more })});`;
    const states = [
      'CREATED INVITED DISABLED ENABLED REMOVED RESIGNED DELETED EMAIL_VERIFICATION_IN_PROGRESS EMAIL_VERIFICATION_FAILED',
      'REGION_DISABLED ACCOUNT_SUSPENDED CANNOT_CREATE_DETECTOR_IN_ORG_MASTER',
    ]
      .join(' ')
      .split(' ');
    given = await organization(
      `${states.map((state) => inspector(state, { relationship_status: state })).join('')}
       ${inspector('not read', {})}
       ${inspector('another one', { relationship_status: 'ENABLED', delegated_admin_account_id: '999999999999' })}
       ${inspector('leaving', { admin_status: 'DISABLE_IN_PROGRESS', relationship_status: 'REMOVED' })}
       select fixture.read('aws_delegation_owners', 'ok')`,
      { finish: false },
    );
    const told = (await rows('select admin_account_id, status, is_settled from delegation.service_administrators')) as [
      string,
      string,
      boolean,
    ][];
    expect(
      told
        .filter(([, , isSettled]) => isSettled)
        .map(([account]) => account)
        .sort(),
    ).toEqual(['CREATED', 'ENABLED', 'not read']);
    expect(told.find(([account]) => account === 'REMOVED')?.[1]).toBe('REMOVED');
    expect(told.find(([account]) => account === 'leaving')?.[1]).toBe('DISABLE_IN_PROGRESS');
    expect(told).toHaveLength(states.length + 3);
  });

  test('Firewall Manager: default, scoped, and a default that is being deleted', async () => {
    given = await organization(`${withServices('firewall-manager')}
      select fixture.administrator('aws_fms_organization_admin_accounts', '222222222222', '{us-east-1}', '{"default_admin": true, "admin_status": "ONBOARDING_COMPLETE", "role_status": "PENDING_DELETION"}');
      select fixture.administrator('aws_fms_organization_admin_accounts', '333333333333', '{us-east-1}', '{"default_admin": false, "admin_status": "ONBOARDING_COMPLETE", "admin_scope": {"RegionScope": {"Regions": ["eu-central-1"]}}}')`);
    expect(
      await rows(
        'select admin_account_id, region, status, is_settled, is_default, scope from delegation.service_administrators order by 1',
      ),
    ).toEqual([
      ['222222222222', null, 'PENDING_DELETION', false, true, null],
      ['333333333333', null, 'ONBOARDING_COMPLETE', true, false, { RegionScope: { Regions: ['eu-central-1'] } }],
    ]);
    expect(await delegations()).toEqual([
      ['firewall-manager', 'service', null, '222222222222', 'PENDING_DELETION', false],
      ['firewall-manager', 'service', null, '333333333333', 'ONBOARDING_COMPLETE', true],
    ]);
  });
});

describe('delegations', () => {
  test('two administrators of one service, in one Region and over two', async () => {
    given = await organization(`${withServices('guardduty', 'config')}
      select fixture.delegated('222222222222', 'config.amazonaws.com'), fixture.delegated('333333333333', 'config.amazonaws.com');
      select fixture.guardduty('222222222222', '{eu-central-1}'), fixture.guardduty('333333333333', '{us-east-1}'), fixture.guardduty('222222222222', '{us-east-1}', 'DISABLE_IN_PROGRESS')`);
    expect(await delegations()).toEqual([
      ['config', 'organizations', null, '222222222222', null, true],
      ['config', 'organizations', null, '333333333333', null, true],
      ['guardduty', 'service', 'eu-central-1', '222222222222', 'ENABLED', true],
      ['guardduty', 'service', 'us-east-1', '222222222222', 'DISABLE_IN_PROGRESS', false],
      ['guardduty', 'service', 'us-east-1', '333333333333', 'ENABLED', true],
    ]);
    expect(await holders()).toEqual([
      ['config', '222222222222', ['organizations'], [], true],
      ['config', '333333333333', ['organizations'], [], true],
      ['guardduty', '222222222222', ['service'], ['eu-central-1', 'us-east-1'], true],
      ['guardduty', '333333333333', ['service'], ['us-east-1'], true],
    ]);
  });

  test('the management account, an account of nobody, and a principal that the catalogue does not know', async () => {
    given = await organization(`${withServices('macie')}
      select fixture.administrator('aws_macie2_organization_admin_accounts', '111111111111', '{us-east-1}', '{"admin_status": "ENABLED"}');
      select fixture.administrator('aws_macie2_organization_admin_accounts', '999999999999', '{eu-central-1}', '{"admin_status": "ENABLED"}');
      select fixture.delegated('222222222222', 'brand-new.amazonaws.com')`);
    expect(
      await rows(`select service_id, service_name, category, delegated_account_id, account_name, ou_path, is_management_account
        from delegation.delegations order by 1, 4`),
    ).toEqual([
      [
        'brand-new.amazonaws.com',
        'unknown service (brand-new.amazonaws.com)',
        'unknown',
        '222222222222',
        'Security Tooling',
        '/Security',
        false,
      ],
      ['macie', 'Amazon Macie', 'security', '111111111111', 'Management', '/', true],
      ['macie', 'Amazon Macie', 'security', '999999999999', null, null, false],
    ]);
    expect(
      await rows(
        'select service_id, delegated_account_id, is_management_account, is_expected_owner from delegation.holders order by 1, 2',
      ),
    ).toEqual([
      ['brand-new.amazonaws.com', '222222222222', false, null],
      ['macie', '111111111111', true, false],
      ['macie', '999999999999', false, false],
    ]);
  });

  test('of Detective have a time', async () => {
    given = await organization(`${withServices('detective')}
      select fixture.delegated('222222222222', 'detective.amazonaws.com');
      select fixture.administrator('aws_detective_organization_admin_accounts', '222222222222', '{us-east-1}', '{"delegation_time": "2023-01-02T03:04:05"}')`);
    expect(await rows(`select method, to_char(since, 'YYYY-MM-DD') from delegation.delegations order by 1`)).toEqual([
      ['organizations', '2024-05-06'],
      ['service', '2023-01-02'],
    ]);
    expect(await rows(`select methods, to_char(since, 'YYYY-MM-DD'), region_count from delegation.holders`)).toEqual([
      [['organizations', 'service'], '2023-01-02', '1'],
    ]);
  });

  test('without a catalogue they still say who', async () => {
    given = await organization(`select fixture.organization(); delete from aws_delegation_services; ${accounts}
      select fixture.delegated('222222222222', 'guardduty.amazonaws.com'), fixture.guardduty('222222222222', '{us-east-1}'), fixture.security_hub_v2('333333333333')`);
    expect(await delegations()).toEqual([
      ['guardduty', 'service', 'us-east-1', '222222222222', 'ENABLED', true],
      ['guardduty.amazonaws.com', 'organizations', null, '222222222222', null, true],
      ['security-hub', 'service', null, '333333333333', null, true],
    ]);
  });

  test('of two sources in one database stay apart, and in append mode the newest sync of each speaks', async () => {
    const source = (name: string, management: string, admin: string) => `
      select set_config('fixture.source', '${name}', false), set_config('fixture.management', '${management}', false);
      select fixture.organization(); ${catalogue(['guardduty', 'security-hub', 'security-hub-cspm'])}
      select fixture.account('${admin}', 'Security'); select fixture.owner('infosec', 'account', '${admin}');
      select fixture.guardduty('${admin}'), fixture.security_hub('${admin}', '{us-east-1}'), fixture.security_hub_v2('${admin}'), fixture.delegated('${admin}', 'securityhub.amazonaws.com');`;
    given = await organization(
      `${source('one', '111111111111', '222222222222')} ${source('two', '444444444444', '555555555555')}
       select set_config('fixture.source', '', false), set_config('fixture.management', '', false)`,
      { append: true },
    );
    // A day later `one` is synced again, and GuardDuty has another administrator.
    for (const [name] of (await rows('select table_name from fixture.tables')) as [string][]) {
      await given.client.query(`
        create temporary table copied as select * from ${name} where _cq_source_name = 'one';
        update copied set _cq_sync_time = '2026-11-02';
        insert into ${name} select * from copied;
        drop table copied`);
    }
    await given.client.query(
      `update aws_guardduty_organization_admin_accounts set admin_account_id = '111111111111' where _cq_sync_time = '2026-11-02'`,
    );
    expect(
      await rows(`select source_name, service_id, delegated_account_id, methods, region_count::integer, is_management_account, is_expected_owner
        from delegation.holders order by 1, 2`),
    ).toEqual([
      ['one', 'guardduty', '111111111111', ['service'], 2, true, false],
      ['one', 'security-hub', '222222222222', ['organizations', 'service'], 0, false, true],
      ['one', 'security-hub-cspm', '222222222222', ['organizations', 'service'], 1, false, true],
      ['two', 'guardduty', '555555555555', ['service'], 2, false, true],
      ['two', 'security-hub', '555555555555', ['organizations', 'service'], 0, false, true],
      ['two', 'security-hub-cspm', '555555555555', ['organizations', 'service'], 1, false, true],
    ]);
    expect(
      await rows(
        `select count(*)::integer, bool_and(was_read) from delegation.service_regions where method = 'service'`,
      ),
    ).toEqual([[10, true]]);
  });
});

describe('the catalogue', () => {
  test('says of each service what its administrator can and cannot do, or nothing where AWS says nothing', async () => {
    given = await organization(withServices(...services.map(({ id }) => id)));
    const said = await rows(
      'select service_id, administrator_power, administrator_can, administrator_cannot from delegation.services',
    );
    expect(said.sort()).toEqual(
      services
        .map(({ id, administratorPower, administratorCan, administratorCannot }) => [
          id,
          administratorPower,
          administratorCan,
          administratorCannot,
        ])
        .sort(),
    );
  });
});

describe('holders of a principal that two services share', () => {
  const both = withServices('security-hub', 'security-hub-cspm');
  const registered = `select fixture.delegated('222222222222', 'securityhub.amazonaws.com');`;

  test.each([
    ['neither service names anybody', '', [['security-hub', '222222222222', ['organizations'], [], true]]],
    [
      'CSPM names the same',
      `select fixture.security_hub('222222222222', '{us-east-1}')`,
      [['security-hub-cspm', '222222222222', ['organizations', 'service'], ['us-east-1'], true]],
    ],
    [
      'V2 names the same',
      `select fixture.security_hub_v2('222222222222')`,
      [['security-hub', '222222222222', ['organizations', 'service'], [], true]],
    ],
    [
      'both name the same',
      `select fixture.security_hub_v2('222222222222'), fixture.security_hub('222222222222', '{us-east-1}')`,
      [
        ['security-hub', '222222222222', ['organizations', 'service'], [], true],
        ['security-hub-cspm', '222222222222', ['organizations', 'service'], ['us-east-1'], true],
      ],
    ],
    [
      'CSPM names another',
      `select fixture.security_hub('333333333333', '{us-east-1}')`,
      [
        ['security-hub', '222222222222', ['organizations'], [], true],
        ['security-hub-cspm', '333333333333', ['service'], ['us-east-1'], true],
      ],
    ],
    [
      'CSPM is letting go',
      `select fixture.security_hub('333333333333', '{us-east-1}', 'DISABLE_IN_PROGRESS')`,
      [
        ['security-hub', '222222222222', ['organizations'], [], true],
        ['security-hub-cspm', '333333333333', ['service'], ['us-east-1'], false],
      ],
    ],
  ])('%s', async (_name, sql, expected) => {
    given = await organization(`${both} ${registered} ${sql}`);
    expect(await holders()).toEqual(expected);
    expect(await rows(`select count(*)::integer from delegation.delegations where method = 'organizations'`)).toEqual([
      [1],
    ]);
  });

  test('have the name of the group, or of the service that it is', async () => {
    given = await organization(`${both} ${registered}
      select fixture.delegated('333333333333', 'securityhub.amazonaws.com'), fixture.security_hub('333333333333', '{us-east-1}')`);
    expect(await rows('select delegated_account_id, service_name from delegation.holders order by 1')).toEqual([
      ['222222222222', 'AWS Security Hub CSPM and AWS Security Hub (V2, unified)'],
      ['333333333333', 'AWS Security Hub CSPM'],
    ]);
  });
});

describe('whether a holder is the expected owner', () => {
  const expectedOwner = () => rows('select is_expected_owner from delegation.holders');
  const config = `select fixture.organization(); ${catalogue(['config', 'backup'])} select fixture.account('222222222222', 'Security'), fixture.account('333333333333', 'Shop');`;

  test.each([
    [
      'it is',
      `select fixture.owner('infosec', 'name', 'Security'), fixture.delegated('222222222222', 'config.amazonaws.com')`,
      true,
    ],
    [
      'it is not',
      `select fixture.owner('infosec', 'name', 'Shop'), fixture.delegated('222222222222', 'config.amazonaws.com')`,
      false,
    ],
    ['the spec does not name the owner', `select fixture.delegated('222222222222', 'config.amazonaws.com')`, null],
    [
      'the owner matches no account',
      `select fixture.owner('infosec', 'name', 'Nobody'), fixture.delegated('222222222222', 'config.amazonaws.com')`,
      null,
    ],
    [
      'tags were not read',
      `select fixture.owner('infosec', 'tag', 'team=sec'), fixture.delegated('222222222222', 'config.amazonaws.com')`,
      null,
    ],
    [
      'one of two owners',
      `select fixture.owner('backup', 'name', 'Security'), fixture.delegated('222222222222', 'backup.amazonaws.com')`,
      true,
    ],
    [
      'accounts were not read to their end',
      `select fixture.owner('infosec', 'name', 'Shop'), fixture.delegated('999999999999', 'config.amazonaws.com'), fixture.read('aws_organizations_accounts', 'failed')`,
      null,
    ],
  ])('%s', async (_name, sql, expected) => {
    given = await organization(`${config} ${sql}`);
    expect(await expectedOwner()).toEqual([[expected]]);
  });
});

describe('service_regions', () => {
  const securityHub = withServices('security-hub', 'security-hub-cspm');
  const table = 'aws_securityhub_organization_admin_accounts';

  test('a Region that is off, and one without the service, are no question', async () => {
    given = await organization(`${withServices('macie', 'inspector')}
      select fixture.region('ca-west-1');
      select fixture.read('aws_macie2_organization_admin_accounts', 'absent', '', 'ca-west-1', code => 'ServiceNotInRegion');
      select fixture.read('aws_macie2_organization_admin_accounts', 'absent', '', 'ap-east-1', code => 'RegionDisabled')`);
    expect(await questions()).toEqual([
      ['inspector', 'ca-west-1', true, null],
      ['inspector', 'eu-central-1', true, null],
      ['inspector', 'us-east-1', true, null],
      ['macie', 'eu-central-1', true, null],
      ['macie', 'us-east-1', true, null],
    ]);
  });

  test('"none" is an answer, a denied read is none, in that Region', async () => {
    given = await organization(`${withServices('audit-manager')}
      select fixture.read('aws_auditmanager_organization_admin_accounts', 'absent', '', 'eu-central-1', code => 'ResourceNotFoundException');
      select fixture.read('aws_auditmanager_organization_admin_accounts', 'denied', '', 'us-east-1')`);
    expect(await questions()).toEqual([
      ['audit-manager', 'eu-central-1', true, null],
      ['audit-manager', 'us-east-1', false, 'unread'],
    ]);
    expect(await rows(`select read_error from delegation.service_regions where not was_read`)).toEqual([
      [
        expect.stringContaining(
          'auditmanager:GetOrganizationAdminAccount in us-east-1 was denied (AccessDeniedException)',
        ),
      ],
    ]);
  });

  test('the read of V2 and the reads of CSPM do not touch each other', async () => {
    given = await organization(
      `${securityHub} select fixture.read('${table}', 'denied', 'SecurityHubV2', 'us-east-1')`,
    );
    expect(await questions()).toEqual([
      ['security-hub', null, false, 'unread'],
      ['security-hub-cspm', 'eu-central-1', true, null],
      ['security-hub-cspm', 'us-east-1', true, null],
    ]);
    await close(given);
    given = await organization(`${securityHub} select fixture.read('${table}', 'denied', '', 'us-east-1')`);
    expect(await questions()).toEqual([
      ['security-hub', null, true, null],
      ['security-hub-cspm', 'eu-central-1', true, null],
      ['security-hub-cspm', 'us-east-1', false, 'unread'],
    ]);
  });

  test('a Region that the spec left out is left out for CSPM alone', async () => {
    given = await organization(`${securityHub} select fixture.read('${table}', 'skipped', '', 'eu-central-1')`);
    expect(await questions()).toEqual([
      ['security-hub', null, true, null],
      ['security-hub-cspm', 'eu-central-1', false, 'not_configured'],
      ['security-hub-cspm', 'us-east-1', true, null],
    ]);
  });

  test('a table that the spec left out is left out for both', async () => {
    given = await organization(`${securityHub} select fixture.read('${table}', 'skipped', '', '')`);
    expect(await questions()).toEqual([
      ['security-hub', null, false, 'not_configured'],
      ['security-hub-cspm', 'eu-central-1', false, 'not_configured'],
      ['security-hub-cspm', 'us-east-1', false, 'not_configured'],
    ]);
  });

  test('V2 in a partition without it is no question', async () => {
    given = await organization(
      `${securityHub} select fixture.read('${table}', 'absent', 'SecurityHubV2', 'us-east-1', code => 'ServiceNotInRegion')`,
    );
    expect(((await questions()) as unknown[][]).map(([service]) => service)).toEqual([
      'security-hub-cspm',
      'security-hub-cspm',
    ]);
  });

  test('a read of V2 that is not there is no answer', async () => {
    given = await organization(securityHub);
    await given.client.query(`delete from aws_delegation_reads where scope = 'SecurityHubV2'`);
    expect((await questions())[0]).toEqual(['security-hub', null, false, 'unread']);
  });

  test('operations that only add to a row decide nothing', async () => {
    given = await organization(`${withServices('inspector', 'firewall-manager')}
      select fixture.read('aws_inspector2_organization_admin_accounts', 'denied', '', 'us-east-1', 'inspector2:GetDelegatedAdminAccount');
      select fixture.read('aws_inspector2_organization_admin_accounts', 'denied', '222222222222', 'us-east-1', 'inspector2:GetDelegatedAdminAccount');
      select fixture.read('aws_fms_organization_admin_accounts', 'denied', '', 'us-east-1', 'fms:GetAdminAccount');
      select fixture.read('aws_fms_organization_admin_accounts', 'failed', '222222222222', 'us-east-1', 'fms:GetAdminScope')`);
    expect(await questions()).toEqual([
      ['firewall-manager', null, true, null],
      ['inspector', 'eu-central-1', true, null],
      ['inspector', 'us-east-1', true, null],
    ]);
    expect(
      await rows(
        `select table_name, was_read from delegation.table_reads where table_name ~ '(fms|inspector2)_organization_admin' order by 1`,
      ),
    ).toEqual([
      ['aws_fms_organization_admin_accounts', true],
      ['aws_inspector2_organization_admin_accounts', true],
    ]);
  });

  test('a global service is one question, in whichever Region it was asked', async () => {
    given = await organization(
      `${withServices('firewall-manager')} select fixture.read('aws_fms_organization_admin_accounts', 'denied', '', 'us-east-1')`,
    );
    expect(await questions()).toEqual([['firewall-manager', null, false, 'unread']]);
  });

  test('a service that this version cannot ask is told', async () => {
    given = await organization(withServices('network-security-manager'));
    expect(await questions()).toEqual([['network-security-manager', null, false, 'not_observable']]);
  });

  test('rows that an interrupted sync has moved make every Region unread', async () => {
    given = await organization(
      `${securityHub} select fixture.security_hub('222222222222'), fixture.security_hub_v2('222222222222')`,
    );
    await given.client.query(`update ${table} set _cq_sync_time = '2026-11-02' where feature = 'SecurityHubV2'`);
    expect(((await questions()) as unknown[][]).map(([, , wasRead]) => wasRead)).toEqual([false, false, false]);
  });
});

describe('resource_policy_grants', () => {
  const delegationPolicy = withServices('organizations-delegation-policy');
  const grants = (where = 'true') =>
    rows(`select action, action_group, policy_types, is_denied, is_conditional from delegation.resource_policy_grants
      where ${where} order by action collate "C"`);
  const work = 'is_policy_work';

  test('each group of actions, and which of them hold', async () => {
    given = await organization(`${delegationPolicy}
      select fixture.statement(0, 'Allow', '222222222222', 'organizations:*');
      select fixture.statement(1, 'Allow', '333333333333', 'organizations:List* organizations:TagResource organizations:DescribePolicy')`);
    expect(
      await rows(
        `select delegated_account_id, action_group, count(*)::integer, is_policy_work from delegation.resource_policy_grants group by 1, 2, 4 order by 1, 2`,
      ),
    ).toEqual([
      ['222222222222', 'delegation_policy', 2, true],
      ['222222222222', 'policy_management', 5, true],
      ['222222222222', 'policy_type_switching', 2, true],
      ['222222222222', 'structure', 2, true],
      ['222222222222', 'tagging', 2, false],
      ['222222222222', 'viewing', 26, false],
      ['333333333333', 'tagging', 1, false],
      ['333333333333', 'viewing', 19, false],
    ]);
    expect(await holders()).toEqual([
      ['organizations-delegation-policy', '222222222222', ['resource_policy'], [], true],
    ]);
  });

  test('NotAction gives what it does not list', async () => {
    given = await organization(`${delegationPolicy}
      select fixture.statement(0, 'Allow', '222222222222', null, '{"not_actions": ["organizations:*Policy", "organizations:List*", "organizations:describe*"]}')`);
    expect((await grants()).map((row) => (row as string[])[0])).toEqual([
      'organizations:DisablePolicyType',
      'organizations:EnablePolicyType',
      'organizations:MoveAccount',
      'organizations:RemoveAccountFromOrganization',
      'organizations:TagResource',
      'organizations:UntagResource',
    ]);
  });

  test('an action of tomorrow is shown, and holds unless it reads', async () => {
    given = await organization(`${delegationPolicy}
      select fixture.statement(0, 'Allow', '222222222222', 'organizations:ReplacePolicy organizations:ListNews');
      select fixture.statement(1, 'Allow', '333333333333', 'organizations:ListNews')`);
    expect(await grants(`delegated_account_id = '222222222222'`)).toEqual([
      ['organizations:ListNews', 'viewing', null, false, false],
      ['organizations:ReplacePolicy', 'other', null, false, false],
    ]);
    expect(await holders()).toEqual([
      ['organizations-delegation-policy', '222222222222', ['resource_policy'], [], true],
    ]);
  });

  const own = (type: string) => `arn:aws:organizations::111111111111:policy/o-example/${type}/*`;
  const ofType = (operator: string, ...types: string[]) => ({ [operator]: { 'organizations:PolicyType': types } });
  test('policy types, by Resource and by Condition', async () => {
    const statements: [string, object, string[] | null, boolean][] = [
      ['everything', { resources: ['*'] }, null, false],
      ['one type by Resource', { resources: [own('backup_policy')] }, ['BACKUP_POLICY'], false],
      [
        "AWS's own policies",
        { resources: ['arn:aws:organizations::aws:policy/service_control_policy/*'] },
        ['SERVICE_CONTROL_POLICY'],
        false,
      ],
      [
        'two types by Resource',
        { resources: [own('tag_policy'), own('declarative_policy_ec2')] },
        ['DECLARATIVE_POLICY_EC2', 'TAG_POLICY'],
        false,
      ],
      [
        'one type beside targets',
        { resources: [own('backup_policy'), 'arn:aws:organizations::111111111111:ou/o-example/*'] },
        ['BACKUP_POLICY'],
        false,
      ],
      ['one type beside everything', { resources: [own('backup_policy'), '*'] }, null, false],
      ['a type with a wildcard', { resources: [own('*_policy')] }, null, false],
      ['one policy of any type', { resources: ['arn:aws:organizations::*:policy/*/p-12345678'] }, null, false],
      ['one type by Condition', { condition: ofType('StringLikeIfExists', 'BACKUP_POLICY') }, ['BACKUP_POLICY'], false],
      ['any type by Condition', { condition: ofType('StringLike', '*') }, null, false],
      ['all types but one', { condition: ofType('StringNotEquals', 'SERVICE_CONTROL_POLICY') }, null, true],
      ['a pattern', { condition: ofType('StringLike', 'BACKUP*') }, ['BACKUP*'], false],
      [
        'both agree',
        {
          resources: [own('backup_policy'), own('tag_policy')],
          condition: ofType('StringLike', 'BACKUP*', 'CHATBOT_POLICY'),
        },
        ['BACKUP_POLICY'],
        false,
      ],
      [
        'both contradict',
        { resources: [own('tag_policy')], condition: ofType('StringEquals', 'BACKUP_POLICY') },
        [],
        false,
      ],
      ['another condition', { condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } }, null, true],
      [
        'another condition beside the type',
        { condition: { ...ofType('StringEquals', 'TAG_POLICY'), StringLike: { 'aws:PrincipalArn': '*Admin' } } },
        ['TAG_POLICY'],
        true,
      ],
      ['a condition that cannot be read', { condition: { StringEquals: 'x' } }, null, true],
    ];
    given = await organization(
      `${delegationPolicy} ${statements
        .map(
          ([, more], index) =>
            `select fixture.statement(${String(index)}, 'Allow', '222222222222', 'organizations:AttachPolicy', ${quoted(more)});`,
        )
        .join('')}`,
    );
    const told = (await rows(
      'select policy_types, is_conditional from delegation.resource_policy_grants order by statement_index',
    )) as unknown[][];
    expect(told.map((row, index) => [statements[index]?.[0], ...row])).toEqual(
      statements.map(([name, , types, isConditional]) => [name, types, isConditional]),
    );
  });

  test('the type of a policy says nothing of switching types, and a condition on it nothing of accounts', async () => {
    given = await organization(`${delegationPolicy}
      select fixture.statement(0, 'Allow', '222222222222', 'organizations:EnablePolicyType organizations:TagResource organizations:ListAccounts', ${quoted(
        {
          resources: [own('backup_policy'), 'arn:aws:organizations::111111111111:root/o-example/r-root'],
        },
      )});
      select fixture.statement(1, 'Allow', '222222222222', 'organizations:EnablePolicyType organizations:TagResource organizations:ListAccounts', ${quoted(
        {
          condition: ofType('StringLikeIfExists', 'TAG_POLICY'),
        },
      )})`);
    expect(
      await rows('select statement_index, action, policy_types from delegation.resource_policy_grants order by 1, 2'),
    ).toEqual([
      [0, 'organizations:EnablePolicyType', null],
      [0, 'organizations:ListAccounts', null],
      [0, 'organizations:TagResource', ['BACKUP_POLICY']],
      [1, 'organizations:EnablePolicyType', ['TAG_POLICY']],
      [1, 'organizations:ListAccounts', null],
      [1, 'organizations:TagResource', null],
    ]);
  });

  test.each([
    ['everybody, everything', `'Deny', '*', 'organizations:*'`, true],
    ['the same principal', `'Deny', '222222222222', 'organizations:*Policy'`, true],
    ['another action', `'Deny', '*', 'organizations:CreatePolicy'`, false],
    ['another principal', `'Deny', '333333333333', 'organizations:*'`, false],
    [
      'with a condition',
      `'Deny', '*', 'organizations:*', '{"condition": {"Bool": {"aws:SecureTransport": "false"}}}'`,
      false,
    ],
    [
      'on some resources',
      `'Deny', '*', 'organizations:*', '{"resources": ["arn:aws:organizations::*:policy/*/backup_policy/*"]}'`,
      false,
    ],
    ['everybody but one', `'Deny', '333333333333', 'organizations:*', '{"is_not_principal": true}'`, false],
  ])('a Deny: %s', async (_name, deny, isDenied) => {
    given = await organization(`${delegationPolicy}
      select fixture.statement(0, 'Allow', '222222222222', 'organizations:AttachPolicy'), fixture.statement(1, ${deny})`);
    expect(await grants(work)).toEqual([['organizations:AttachPolicy', 'policy_management', null, isDenied, false]]);
    expect(await holders()).toHaveLength(isDenied ? 0 : 1);
  });

  test('a Deny to services only takes nothing from accounts', async () => {
    given = await organization(`${delegationPolicy}
      select fixture.statement(0, 'Allow', '222222222222', 'organizations:AttachPolicy'), fixture.statement(1, 'Deny', '*', 'organizations:*');
      update aws_organization_resource_policy_statements set principal_type = 'Service' where statement_index = 1`);
    expect(await grants(work)).toMatchObject([['organizations:AttachPolicy', 'policy_management', null, false, false]]);
  });

  test('principals: an account, its root, a role, everybody, everybody but one', async () => {
    given = await organization(`${delegationPolicy}
      select fixture.statement(0, 'Allow', '222222222222', 'organizations:AttachPolicy');
      select fixture.statement(0, 'Allow', 'arn:aws:iam::222222222222:root', 'organizations:AttachPolicy');
      select fixture.statement(1, 'Allow', 'arn:aws-cn:iam::333333333333:role/Admin', 'organizations:AttachPolicy');
      select fixture.statement(2, 'Allow', '*', 'organizations:AttachPolicy', '{"condition": {"StringEquals": {"aws:PrincipalOrgID": "o-example"}}}');
      select fixture.statement(3, 'Allow', '222222222222', 'organizations:DetachPolicy', '{"is_not_principal": true}')`);
    expect(
      await rows(
        'select statement_index, principal, delegated_account_id, is_conditional from delegation.resource_policy_grants order by 1, 2',
      ),
    ).toEqual([
      [0, '222222222222', '222222222222', false],
      [0, 'arn:aws:iam::222222222222:root', '222222222222', false],
      [1, 'arn:aws-cn:iam::333333333333:role/Admin', '333333333333', false],
      [2, '*', '*', true],
      [3, '222222222222', '*', false],
    ]);
    expect(((await holders()) as unknown[][]).map(([, holder]) => holder)).toEqual([
      '*',
      '222222222222',
      '333333333333',
    ]);
  });
});

describe('open_questions', () => {
  const open = () =>
    rows(`select service_id, method, region, unknown_cause, read_error
      from delegation.open_questions order by service_id, method, region`);
  const unseen = () => rows('select source_name, unknown_cause, read_error from delegation.unseen_delegations');
  const trusted = `select fixture.trusted('network-security-manager.amazonaws.com');`;
  const notAsked =
    'this version does not ask AWS Network Security Manager itself (network-security-manager:ListAdminAccounts)';
  const denied = (operation: string, region: string): string =>
    `${operation} in ${region} was denied (AccessDeniedException); grant ${operation} to the role that syncs and sync again`;

  test('the whole catalogue, read in full, leaves none', async () => {
    given = await organization(`select fixture.organization(); ${catalogue()}`);
    expect(await open()).toEqual([]);
    expect(await unseen()).toEqual([]);
  });

  test('a service that this version cannot ask is one where it has trusted access', async () => {
    given = await organization(`select fixture.organization(); ${catalogue()} ${trusted}`);
    expect(await open()).toEqual([['network-security-manager', 'service', null, 'not_observable', notAsked]]);
    expect(await unseen()).toEqual([['prod', 'not_observable', notAsked]]);
  });

  test('... and where trusted access was not read', async () => {
    given = await organization(
      `select fixture.organization(); ${catalogue()} select fixture.read('aws_organizations_service_access', 'denied')`,
    );
    const problem = `${notAsked}, and whether it has trusted access is not known: ${denied('organizations:ListAWSServiceAccessForOrganization', 'us-east-1')}`;
    expect(await open()).toEqual([['network-security-manager', 'service', null, 'unread', problem]]);
  });

  test('several in one source are told as one, with the worst cause', async () => {
    given = await organization(`select fixture.organization(); ${catalogue()} ${trusted}
      select fixture.read('aws_macie2_organization_admin_accounts', 'denied', '', 'eu-central-1');
      select fixture.read('aws_macie2_organization_admin_accounts', 'denied', '', 'us-east-1')`);
    const inFrankfurt = denied('macie2:ListOrganizationAdminAccounts', 'eu-central-1');
    expect(await open()).toEqual([
      ['macie', 'service', 'eu-central-1', 'unread', inFrankfurt],
      ['macie', 'service', 'us-east-1', 'unread', denied('macie2:ListOrganizationAdminAccounts', 'us-east-1')],
      ['network-security-manager', 'service', null, 'not_observable', notAsked],
    ]);
    expect(await unseen()).toEqual([['prod', 'unread', `${inFrankfurt} (and 2 more like it)`]]);
  });

  test.each([
    ['left out', `select fixture.read('aws_delegation_services', 'skipped')`, 'not_configured'],
    ['empty', '', 'unread'],
  ])('a catalogue that is %s hides any question', async (_, sql, cause) => {
    given = await organization(`select fixture.organization(); delete from aws_delegation_services; ${sql}`);
    expect(await open()).toEqual([
      [
        null,
        null,
        null,
        cause,
        expect.stringContaining('which services there are is not known: aws_delegation_services'),
      ],
    ]);
  });

  test('two organizations keep their questions apart', async () => {
    given = await organization(`select fixture.organization();
      set fixture.source = 'acquired'; set fixture.management = '999999999999';
      select fixture.organization();
      select fixture.read('aws_organizations_delegated_services', 'skipped');
      reset fixture.source; reset fixture.management`);
    expect(await unseen()).toEqual([['acquired', 'not_configured', expect.stringContaining('was left out')]]);
  });
});

describe('changes', () => {
  const event = (id: string, action: string, request: object | null = null, more: object = {}): string =>
    `select fixture.event('${id}', '${action}', ${request === null ? 'null' : quoted(request)}, ${quoted(more)});`;
  const at = (hour: number): object => ({ event_time: `2026-10-20T0${String(hour)}:00:00` });
  const changes = (columnList: string) => rows(`select ${columnList} from delegation.changes order by event_id`);

  test('who: a role in its session, a user, root, a service, somebody else, and nobody', async () => {
    const by = (identity: unknown, more: object = {}): object => ({ user_identity: identity, ...more });
    given = await organization(`${withServices()}
      select fixture.event('1', 'organizations:AttachPolicy', '{}', jsonb_build_object('user_identity', fixture.session('path/Admin', 'ada@example.com', '222222222222')));
      ${event('2', 'organizations:AttachPolicy', {}, by({ type: 'IAMUser', arn: 'arn:aws:iam::111111111111:user/bob', accountId: '111111111111', sessionContext: { sessionIssuer: {} } }))}
      ${event('3', 'organizations:AttachPolicy', {}, by({ type: 'Root', accountId: '111111111111' }))}
      ${event('4', 'organizations:AttachPolicy', {}, by({ type: 'AWSService', invokedBy: 'ram.amazonaws.com' }))}
      ${event('5', 'organizations:AttachPolicy', {}, by({ type: 'AWSAccount', principalId: '', accountId: 'ANONYMOUS_PRINCIPAL' }))}
      ${event('6', 'organizations:AttachPolicy', {}, by({ type: 'IdentityCenterUser', principalId: '111111111111', accountId: '111111111111' }))}
      ${event('7', 'organizations:AttachPolicy', {}, by(null, { username: 'carol' }))}
      ${event('8', 'organizations:AttachPolicy', {}, by('not an object'))}`);
    expect(
      await changes(
        'principal_type, principal, principal_account_id, principal_account_name, principal_ou_path, session_name, invoked_by',
      ),
    ).toEqual([
      [
        'AssumedRole',
        'arn:aws:iam::222222222222:role/path/Admin',
        '222222222222',
        'Security Tooling',
        '/Security',
        'ada@example.com',
        null,
      ],
      ['IAMUser', 'arn:aws:iam::111111111111:user/bob', '111111111111', 'Management', '/', null, null],
      ['Root', 'arn:aws:iam::111111111111:root', '111111111111', 'Management', '/', null, null],
      ['AWSService', 'ram.amazonaws.com', null, null, null, null, 'ram.amazonaws.com'],
      ['AWSAccount', 'anonymous', null, null, null, null, null],
      ['IdentityCenterUser', '111111111111', '111111111111', 'Management', '/', null, null],
      [null, 'carol', null, null, null, null, null],
      [null, null, null, null, null, null, null],
    ]);
    expect(await rows(`select session_arn from delegation.changes where session_arn is not null`)).toEqual([
      ['arn:aws:sts::222222222222:assumed-role/Admin/ada@example.com'],
    ]);
  });

  test('what: the service that a call is about', async () => {
    const account = '222222222222';
    const calls: [
      action: string,
      request: object | null,
      service: string | null,
      target: string | null,
      more?: object,
    ][] = [
      [
        'organizations:RegisterDelegatedAdministrator',
        { accountId: account, servicePrincipal: 'config.amazonaws.com' },
        'config',
        account,
      ],
      [
        'organizations:RegisterDelegatedAdministrator',
        { accountId: account, servicePrincipal: 'securityhub.amazonaws.com' },
        'security-hub',
        account,
      ],
      [
        'organizations:RegisterDelegatedAdministrator',
        { accountId: account, servicePrincipal: 'new.amazonaws.com' },
        null,
        account,
      ],
      [
        'organizations:EnableAWSServiceAccess',
        { servicePrincipal: 'guardduty.amazonaws.com' },
        'guardduty',
        'guardduty.amazonaws.com',
      ],
      ['organizations:PutResourcePolicy', { content: '{}' }, 'organizations-delegation-policy', 'o-example'],
      ['organizations:AttachPolicy', { policyId: 'p-1', targetId: 'ou-root-security' }, null, 'ou-root-security'],
      ['guardduty:EnableOrganizationAdminAccount', { adminAccountId: account }, 'guardduty', account],
      ['securityhub:EnableOrganizationAdminAccount', { AdminAccountId: account }, 'security-hub-cspm', account],
      [
        'securityhub:EnableOrganizationAdminAccount',
        { AdminAccountId: account, Feature: 'SecurityHub' },
        'security-hub-cspm',
        account,
      ],
      [
        'securityhub:EnableOrganizationAdminAccount',
        { AdminAccountId: account, Feature: 'SecurityHubV2' },
        'security-hub',
        account,
      ],
      ['macie2:DisableOrganizationAdminAccount', { adminAccountId: account }, 'macie', account],
      ['inspector2:EnableDelegatedAdminAccount', { delegatedAdminAccountId: account }, 'inspector', account],
      ['detective:EnableOrganizationAdminAccount', { AccountId: account }, 'detective', account],
      ['detective:DisableOrganizationAdminAccount', null, 'detective', null],
      ['auditmanager:RegisterOrganizationAdminAccount', { adminAccountId: account }, 'audit-manager', account],
      ['fms:AssociateAdminAccount', { adminAccount: account }, 'firewall-manager', account],
      ['fms:PutAdminAccount', { adminAccount: account }, 'firewall-manager', account],
      ['securitylake:RegisterDataLakeDelegatedAdministrator', { accountId: account }, 'security-lake', account],
      ['cloudtrail:RegisterOrganizationDelegatedAdmin', { memberAccountId: account }, 'cloudtrail', account],
      ['cloudtrail:DeregisterOrganizationDelegatedAdmin', { delegatedAdminAccountId: account }, 'cloudtrail', account],
      [
        'ec2:EnableIpamOrganizationAdminAccount',
        { EnableIpamOrganizationAdminAccountRequest: { DelegatedAdminAccountId: account } },
        'ipam',
        account,
      ],
      ['iam:EnableOrganizationsRootSessions', null, 'iam-root-access', 'RootSessions'],
      [
        'organizations:MoveAccount',
        { accountId: account, sourceParentId: 'r-root', destinationParentId: 'ou-root-security' },
        null,
        account,
      ],
      ['organizations:LeaveOrganization', null, null, account, { recipient_account_id: account }],
      [
        'organizations:InviteAccountToOrganization',
        { target: { id: '555555555555', type: 'ACCOUNT' } },
        null,
        '555555555555',
      ],
      ['organizations:DeleteOrganization', null, null, 'o-example'],
    ];
    given = await organization(`select fixture.organization(); ${catalogue()} ${accounts}
      ${calls.map(([action, request, , , more], index) => event(String(index + 10), action, request, more)).join('')}`);
    expect(await changes('action, service_id, target_id')).toEqual(
      calls.map(([action, , service, target]) => [action, service, target]),
    );
    expect(
      await rows(`select distinct category, target_type, target_name from delegation.changes
        where event_name in ('AttachPolicy', 'PutResourcePolicy', 'MoveAccount', 'EnableOrganizationsRootSessions', 'EnableAWSServiceAccess') order by 1`),
    ).toEqual([
      ['delegation_policy', 'delegation_policy', null],
      ['organization', 'account', 'Security Tooling'],
      ['policy', 'organizational_unit', '/Security'],
      ['root_access', 'root_access', null],
      ['trusted_access', 'service_principal', null],
    ]);
    expect(await rows(`select event_name from delegation.changes where not is_significant order by 1`)).toEqual([
      ['InviteAccountToOrganization'],
      ['MoveAccount'],
    ]);
  });

  test('each change that a sync looks for has a kind or an administrator', async () => {
    const calls = ['us-east-1', 'eu-central-1'].flatMap((region) =>
      [...changesIn({ region, organizationsRegion: 'us-east-1', isManagementAccount: true })].flatMap(
        ([name, sources]) => [...sources].map((source) => ({ region, name, source })),
      ),
    );
    given = await organization(`select fixture.organization(); ${catalogue()}
      ${calls.map(({ region, name, source }, index) => event(String(index), `${source.split('.')[0] ?? ''}:${name}`, null, { region })).join('')}`);
    expect(
      await rows(`select distinct event_source, event_name from delegation.changes
        where service_id is null and event_source <> 'organizations.amazonaws.com'`),
    ).toEqual([]);
    expect(
      await rows(`select event_name from delegation.changes
      where event_source = 'organizations.amazonaws.com' and event_name not in (select event_name from delegation.change_kinds)`),
    ).toEqual([]);
    expect(await rows('select count(*)::integer from delegation.changes where risk <> $$$$')).toEqual([[calls.length]]);
  });

  test('before and after: from the call itself, from the event before it, or not at all', async () => {
    const policy = (content: unknown) => ({ policyId: 'p-1', content });
    const guardduty = { adminAccountId: '222222222222' };
    const elsewhere = { region: 'eu-central-1' };
    const put = (content: string) => ({ content });
    given = await organization(`${withServices('guardduty', 'detective', 'firewall-manager', 'cloudtrail')}
      ${event('10', 'organizations:AttachPolicy', { policyId: 'p-1', targetId: 'r-root' }, at(1))}
      ${event('11', 'organizations:UpdatePolicy', policy('first'), at(1))}
      ${event('12', 'organizations:UpdatePolicy', { policyId: 'p-1', name: 'New name' }, at(2))}
      ${event('13', 'organizations:UpdatePolicy', policy('refused'), { ...at(3), error_code: 'AccessDenied' })}
      ${event('14', 'organizations:UpdatePolicy', policy('second'), at(4))}
      ${event('15', 'organizations:UpdatePolicy', { policyId: 'p-2', content: 'other' }, at(4))}
      ${event('16', 'organizations:UpdatePolicy', policy({ hidden: true }), at(5))}
      ${event('17', 'organizations:DeletePolicy', { policyId: 'p-1' }, at(6))}
      ${event('20', 'organizations:PutResourcePolicy', put('one'), at(1))}
      ${event('21', 'organizations:PutResourcePolicy', put('two'), { ...at(2), recipient_account_id: '222222222222' })}
      ${event('22', 'organizations:DeleteResourcePolicy', null, at(3))}
      ${event('23', 'organizations:PutResourcePolicy', put('three'), at(4))}
      ${event('24', 'organizations:PutResourcePolicy', put('HIDDEN_DUE_TO_SECURITY_REASONS'), at(5))}
      ${event('30', 'organizations:RegisterDelegatedAdministrator', { accountId: '222222222222', servicePrincipal: 'guardduty.amazonaws.com' })}
      ${event('31', 'organizations:DisableAWSServiceAccess', { servicePrincipal: 'guardduty.amazonaws.com' }, at(1))}
      ${event('32', 'organizations:EnableAWSServiceAccess', { servicePrincipal: 'guardduty.amazonaws.com' }, at(2))}
      ${event('40', 'guardduty:EnableOrganizationAdminAccount', guardduty, at(1))}
      ${event('41', 'guardduty:DisableOrganizationAdminAccount', guardduty, { ...at(2), ...elsewhere })}
      ${event('42', 'guardduty:DisableOrganizationAdminAccount', guardduty, at(3))}
      ${event('43', 'guardduty:EnableOrganizationAdminAccount', { adminAccountId: '333333333333' }, at(4))}
      ${event('50', 'detective:EnableOrganizationAdminAccount', { AccountId: '222222222222' }, at(1))}
      ${event('51', 'detective:DisableOrganizationAdminAccount', null, at(2))}
      ${event('52', 'detective:EnableOrganizationAdminAccount', { AccountId: '222222222222' }, at(3))}
      ${event('60', 'fms:AssociateAdminAccount', { adminAccount: '222222222222' }, at(1))}
      ${event('61', 'fms:DisassociateAdminAccount', null, at(2))}
      ${event('62', 'fms:AssociateAdminAccount', { adminAccount: '222222222222' }, at(3))}
      ${event('70', 'cloudtrail:RegisterOrganizationDelegatedAdmin', { memberAccountId: '222222222222' }, at(1))}
      ${event('71', 'cloudtrail:DeregisterOrganizationDelegatedAdmin', { delegatedAdminAccountId: '222222222222' }, { ...at(2), ...elsewhere })}
      ${event('72', 'cloudtrail:RegisterOrganizationDelegatedAdmin', { memberAccountId: '222222222222' }, at(3))}
      ${event('80', 'organizations:MoveAccount', { accountId: '222222222222', sourceParentId: 'r-root', destinationParentId: 'ou-1' })}`);
    const holds = 'held by 222222222222';
    const holdsNot = 'not held by 222222222222';
    expect(await changes('event_id, before, after')).toEqual([
      ['10', 'not attached', 'attached'],
      ['11', null, 'first'],
      ['12', null, null],
      ['13', null, null],
      ['14', 'first', 'second'],
      ['15', null, 'other'],
      ['16', 'second', null],
      ['17', null, 'deleted'],
      ['20', null, 'one'],
      ['21', 'one', 'two'],
      ['22', 'two', 'none'],
      ['23', 'none', 'three'],
      ['24', 'three', null],
      ['30', holdsNot, holds],
      ['31', null, 'not enabled'],
      ['32', 'not enabled', 'enabled'],
      ['40', null, holds],
      ['41', null, holdsNot],
      ['42', holds, holdsNot],
      ['43', null, 'held by 333333333333'],
      ['50', null, holds],
      ['51', holds, 'held by nobody'],
      ['52', 'held by nobody', holds],
      ['60', null, holds],
      ['61', null, null],
      ['62', null, holds],
      ['70', null, holds],
      ['71', holds, holdsNot],
      ['72', holdsNot, holds],
      ['80', 'r-root', 'ou-1'],
    ]);
  });

  test('approved is what an entry names by role, session or service, and by action', async () => {
    const role = 'arn:aws:iam::111111111111:role/Admin';
    const approvedBy = async (principal: string, action: string): Promise<unknown> => {
      await given.client.query('delete from aws_delegation_approvals');
      await given.client.query('select fixture.principal_approval($1, $2)', [principal, action]);
      const [row] = await rows(
        'select is_approved, approved_by, approved_principal, approved_action from delegation.changes',
      );
      return row;
    };
    given = await organization(`${withServices()} ${event('1', 'organizations:AttachPolicy', {})}`);
    expect(await approvedBy(role, '*')).toEqual([true, 'Ada', role, '*']);
    expect(await approvedBy('arn:aws:iam::*:role/*', 'Organizations:attach*')).toContain(true);
    expect(
      await approvedBy('arn:aws:sts::111111111111:assumed-role/Admin/ada', 'organizations:AttachPolicy'),
    ).toContain(true);
    expect(await approvedBy('arn:aws:sts::111111111111:assumed-role/Admin/eve', '*')).toContain(false);
    expect(await approvedBy('arn:aws:iam::111111111111:role/admin', '*')).toContain(false);
    expect(await approvedBy('arn:aws:iam::111111111111:role/Adm', '*')).toContain(false);
    expect(await approvedBy('111111111111', '*')).toContain(false);
    expect(await approvedBy(role, 'organizations:Attach')).toContain(false);
    expect(await approvedBy(role, 'iam:*')).toContain(false);
    await given.client.query(`update aws_delegation_approvals set kind = 'delegation', action = '*'`);
    expect(await rows('select is_approved from delegation.changes')).toEqual([[false]]);
  });

  test('of several approvals the newest, of another source none', async () => {
    given = await organization(`${withServices()} ${event('1', 'organizations:AttachPolicy', {})}
      select fixture.principal_approval('arn:aws:iam::*:role/*'), fixture.principal_approval('arn:aws:iam::*:role/Admin');
      update aws_delegation_approvals set approved_by = 'Bob', approved_on = '2026-02-03' where principal like '%Admin';
      set fixture.source = 'other'; set fixture.management = '999999999999';
      ${withServices()} ${event('2', 'organizations:AttachPolicy', {})}`);
    expect(await changes(`source_name, is_approved, approved_by, to_char(approved_on, 'YYYY-MM-DD')`)).toEqual([
      ['prod', true, 'Bob', '2026-02-03'],
      ['other', false, null, null],
    ]);
  });

  test('the window begins with the days before the sync, and is not known without them', async () => {
    given = await organization(`${withServices()} select fixture.settings('{"events_lookback_days": 10}');
      ${event('1', 'organizations:AttachPolicy', {}, { event_time: '2026-10-22T12:00:00' })}
      ${event('2', 'organizations:AttachPolicy', {}, { event_time: '2026-10-22T11:59:59' })}`);
    expect(await changes('event_id, is_in_window')).toEqual([
      ['1', true],
      ['2', false],
    ]);
    await given.client.query('update aws_delegation_settings set events_lookback_days = null');
    expect(await changes('is_in_window')).toEqual([[false], [false]]);
  });
});

describe('an incremental table', () => {
  const synced = (time: string, id: string, userAgent: string, source = 'prod'): string =>
    `select fixture.event('${id}', 'organizations:AttachPolicy', '{}', '{"_cq_sync_time": "${time}", "_cq_source_name": "${source}", "user_agent": "${userAgent}"}');`;

  test('has the rows of all syncs, each key once, as the newest sync has it', async () => {
    given = await organization(
      `select fixture.organization();
       ${synced('2026-11-01T12:00:00', '1', 'newest')} ${synced('2026-10-31T12:00:00', '1', 'older')}
       ${synced('2026-10-31T12:00:00', '2', 'of an older sync alone')}
       ${synced('2026-10-30T12:00:00', '3', 'twice in one sync')} ${synced('2026-10-30T12:00:00', '3', 'twice in one sync')}
       ${synced('2026-10-30T12:00:00', '1', 'of another source', 'other')}`,
      { append: true },
    );
    expect(
      await rows(
        `select _cq_source_name, event_id, user_agent from delegation.current_aws_cloudtrail_organization_events order by 1 desc, 2`,
      ),
    ).toEqual([
      ['prod', '1', 'newest'],
      ['prod', '2', 'of an older sync alone'],
      ['prod', '3', 'twice in one sync'],
      ['other', '1', 'of another source'],
    ]);
    expect(await rows(`select count(*)::integer from delegation.changes where source_name = 'prod'`)).toEqual([[3]]);
  });

  test('without a column of its key is taken whole', async () => {
    given = await organization(
      `select fixture.organization(); ${synced('2026-11-01T12:00:00', '1', 'one')} ${synced('2026-11-01T12:00:00', '2', 'two')}
       drop view delegation.current_aws_cloudtrail_organization_events cascade;
       alter table aws_cloudtrail_organization_events drop column event_id cascade`,
      { append: true },
    );
    await installViews(given.client, queriesDir);
    expect(
      await rows('select event_id, user_agent from delegation.current_aws_cloudtrail_organization_events order by 2'),
    ).toEqual([
      [null, 'one'],
      [null, 'two'],
    ]);
  });
});

describe('organization_configurations', () => {
  const configured = () =>
    rows(`select service_id, region, admin_account_id, was_read, unknown_cause, enrolment, enrolment_cause, member_limit_reached
      from delegation.organization_configurations order by service_id, region, admin_account_id`);

  test('has a row for each administrator, and for each Region without one', async () => {
    given = await organization(`${withServices('guardduty')}
      select fixture.region('us-west-2');
      select fixture.guardduty('222222222222', '{eu-central-1, us-east-1}'), fixture.guardduty('333333333333', '{us-east-1}');
      select fixture.guardduty_enrolls('222222222222', 'ALL'), fixture.no_access('aws_guardduty_organization_configurations', '{us-east-1}', '333333333333')`);
    expect(await configured()).toEqual([
      ['guardduty', 'eu-central-1', '222222222222', true, null, 'all', null, false],
      ['guardduty', 'us-east-1', '222222222222', true, null, 'all', null, false],
      ['guardduty', 'us-east-1', '333333333333', false, 'not_configured', null, 'not_configured', null],
      ['guardduty', 'us-west-2', null, true, null, null, null, null],
    ]);
  });

  test('the whole catalogue: who is to be asked, in which table', async () => {
    given = await organization(`select fixture.organization(); ${catalogue()} ${accounts}
      ${['guardduty', 'macie2', 'detective', 'inspector2'].map((name) => `select fixture.administrator('aws_${name}_organization_admin_accounts', '222222222222');`).join('')}
      select fixture.security_hub('222222222222', '{us-east-1}'), fixture.security_hub_v2('222222222222');
      select fixture.delegated('222222222222', 'securitylake.amazonaws.com'), fixture.delegated('222222222222', 'config-multiaccountsetup.amazonaws.com'), fixture.delegated('333333333333', 'access-analyzer.amazonaws.com')`);
    const named = flatten(tables).filter(({ delegates, isIncremental }) => delegates !== null && !isIncremental);
    expect(await rows(`select distinct source_table from delegation.delegate_places order by 1`)).toEqual(
      named.map(({ name }) => [name]).sort(),
    );
    expect(
      await rows(`select service_id, string_agg(admin_account_id, ' ' order by admin_account_id)
        from delegation.delegate_places where region = 'us-east-1' group by 1 order by 1`),
    ).toEqual([
      ['access-analyzer', '111111111111 333333333333'],
      ['config', '111111111111'],
      ['detective', '222222222222'],
      ['guardduty', '222222222222'],
      ['inspector', '222222222222'],
      ['macie', '222222222222'],
      ['security-hub-cspm', '222222222222'],
      ['security-lake', '222222222222'],
    ]);
    expect(await rows('select count(*)::integer from delegation.delegate_reads where not was_read')).toEqual([[0]]);
  });

  test('a role that one account lacks says nothing of an account that lent its own credentials', async () => {
    given = await organization(`${withServices('guardduty')}
      select fixture.guardduty('222222222222', '{us-east-1}'), fixture.guardduty('333333333333', '{us-east-1}');
      select fixture.guardduty_enrolls('222222222222', 'NEW', '{us-east-1}');
      select fixture.no_role('aws_guardduty_organization_configurations', '333333333333', '{us-east-1}', '333333333333')`);
    expect(
      await rows(
        `select admin_account_id, was_read, unknown_cause, read_error ~ 'role/OrgAudit cannot be assumed' from delegation.delegate_reads where region = 'us-east-1' order by 1`,
      ),
    ).toEqual([
      ['222222222222', true, null, null],
      ['333333333333', false, 'unread', true],
    ]);
  });

  test('what policies say of a Region', async () => {
    const says = (enable: unknown, disable: unknown): object => ({
      enable_in_regions: enable,
      disable_in_regions: disable,
    });
    const regional: [object | null, string | null][] = [
      [says({ '@@assign': ['us-east-1'] }, { '@@assign': [] }), 'on'],
      [says({ '@@append': ['ALL_SUPPORTED'], '@@operators_allowed_for_child_policies': ['@@all'] }, []), 'on'],
      [says(['us-east-1'], ['us-east-1']), 'off'],
      [says(['us-east-1'], { '@@assign': ['ALL_SUPPORTED'] }), 'off'],
      [says({ '@@assign': ['eu-central-1'] }, { '@@assign': [] }), null],
      [says({ '@@remove': ['us-east-1'] }, []), 'unclear'],
      [says('us-east-1', []), 'unclear'],
      [says([1], []), 'unclear'],
      [{}, null],
      [[], 'unclear'],
      [null, null],
    ];
    const foundational = (value: unknown): object => ({ default: { foundational: value } });
    const ofGuardDuty: [object, string | null][] = [
      [foundational({ '@@assign': 'enabled' }), 'on'],
      [foundational({ status: { '@@assign': 'ENABLED', '@@operators_allowed_for_child_policies': ['@@none'] } }), 'on'],
      [foundational({ '@@assign': 'disabled' }), 'off'],
      [foundational({ '@@assign': ['enabled', 'disabled'] }), 'unclear'],
      [foundational({ '@@operators_allowed_for_child_policies': ['@@none'] }), 'unclear'],
      [{ ...foundational('enabled'), 'us-east-1': { foundational: 'disabled' } }, 'off'],
      [{ ...foundational('enabled'), 'us-east-1': { s3_data_events: 'enabled' } }, null],
      [{ 'eu-central-1': { foundational: 'enabled' } }, null],
      [{ features: {} }, 'unclear'],
      [[], 'unclear'],
    ];
    given = await organization('', { finish: false });
    const answers = async (name: string, values: readonly (object | null)[]): Promise<unknown> =>
      (
        await rows(
          `select delegation.${name}(given.value, 'us-east-1') from (values ${values
            .map((value, index) => `(${String(index)}, ${value === null ? 'null' : quoted(value)}::jsonb)`)
            .join(', ')}) as given (position, value) order by position`,
        )
      ).flat();
    expect(
      await answers(
        'policy_says',
        regional.map(([value]) => value),
      ),
    ).toEqual(regional.map(([, told]) => told));
    expect(
      await answers(
        'guardduty_policy_says',
        ofGuardDuty.map(([value]) => value),
      ),
    ).toEqual(ofGuardDuty.map(([, told]) => told));
  });
});
