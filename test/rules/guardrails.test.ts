import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { close, organization, type Organization } from './database.js';
import {
  accounts,
  allowedRegions,
  controls,
  denialOf,
  randomOrganization,
  type Generated,
} from './guardrail_oracle.js';

interface Row {
  account_id: string;
  control: string;
  action: string;
  denial: string;
  policy_id: string | null;
  policy_name: string | null;
  statement: string | null;
  attached_to_type: string | null;
  attached_to: string | null;
  attached_to_name: string | null;
  exceptions: string[];
  reason: string;
  unknown_cause: string | null;
}

const deny = (Action: unknown, more: object = {}): object => ({ Effect: 'Deny', Action, Resource: '*', ...more });
const allow = (Action: unknown, more: object = {}): object => ({ Effect: 'Allow', Action, Resource: '*', ...more });
const only = (operator: string, key: string, value: unknown): object => ({
  Condition: { [operator]: { [key]: value } },
});
const admin = 'arn:aws:iam::*:role/Admin';
const organizationTrail = 'arn:aws:cloudtrail:eu-central-1:111111111111:trail/organization';

type Denial = 'whole' | 'partial' | 'unknown';

const all = (denial: Denial, but?: string): Record<string, Denial> =>
  Object.fromEntries([...controls].filter((control) => control !== but).map((control) => [control, denial]));

interface Case {
  name: string;
  statements?: object[];
  /** FullAWSAccess is taken off the account. */
  alone?: boolean;
  attached?: boolean;
  unread?: boolean;
  /** Controls, or single actions of them, and what they are; what is not there is none. */
  is: Record<string, Denial>;
  row?: Partial<Row>;
  because?: string;
}

/** One SCP on one account each, beside FullAWSAccess there and at the root. */
const cases: Case[] = [
  { name: 'no SCP', is: {}, because: 'no SCP on its path denies it', row: { policy_id: null, attached_to: null } },
  {
    name: 'a Deny',
    statements: [{ Sid: 'Guard', ...deny(['guardduty:*', 'inspector2:Disable']) }],
    is: { guardduty: 'whole', inspector: 'whole' },
    row: { statement: 'Guard', attached_to_type: 'ACCOUNT', exceptions: [], unknown_cause: null },
    because: 'is denied by statement Guard of p-',
  },
  {
    name: 'a Deny of some actions',
    statements: [deny(['guardduty:DeleteDetector', 'guardduty:UpdateDetector'])],
    is: { 'guardduty:DeleteDetector': 'whole', 'guardduty:UpdateDetector': 'whole' },
  },
  { name: 'wildcards', statements: [deny(['macie2:*able?acie', 'config:*'])], is: { macie: 'whole', config: 'whole' } },
  { name: 'the old name of Macie', statements: [deny('macie:*')], is: {}, because: 'no SCP on its path denies it' },
  {
    name: 'actions in another letter case',
    statements: [deny('AuditManager:deregisteraccount')],
    is: { 'audit-manager': 'whole' },
  },
  {
    name: 'a Deny with an exemption',
    statements: [deny('auditmanager:*', only('ArnNotLike', 'aws:PrincipalArn', [admin, 'arn:aws:iam::*:role/B']))],
    is: { 'audit-manager': 'whole' },
    row: { statement: '1', exceptions: [admin, 'arn:aws:iam::*:role/B'] },
  },
  {
    name: 'the Deny with the fewest exceptions is told',
    statements: [
      deny('auditmanager:*', only('ArnNotLike', 'aws:PrincipalArn', admin)),
      { Sid: 'Strict', ...deny('auditmanager:DeregisterAccount') },
    ],
    is: { 'audit-manager': 'whole' },
    row: { statement: 'Strict', exceptions: [] },
  },
  {
    name: 'all roles are exempt',
    statements: [deny('auditmanager:*', only('ArnNotLike', 'aws:PrincipalArn', 'arn:aws:iam::*:role/*'))],
    is: { 'audit-manager': 'partial' },
    row: { statement: '1', attached_to_type: 'ACCOUNT', exceptions: ['arn:aws:iam::*:role/*'] },
  },
  {
    // Any user can become one: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html
    name: 'all federated users are exempt',
    statements: [deny('auditmanager:*', only('ArnNotLike', 'aws:PrincipalArn', 'arn:aws:sts::*:federated-user/*'))],
    is: { 'audit-manager': 'partial' },
  },
  {
    name: 'all federated users of the account are exempt',
    statements: [
      deny('auditmanager:*', only('ArnNotLike', 'aws:PrincipalArn', 'arn:aws:sts::{account}:federated-user/*')),
    ],
    is: { 'audit-manager': 'partial' },
    because: 'does not bind this account',
  },
  {
    name: 'one federated user is exempt',
    statements: [deny('auditmanager:*', only('ArnNotLike', 'aws:PrincipalArn', 'arn:aws:sts::*:federated-user/Ada'))],
    is: { 'audit-manager': 'whole' },
  },
  {
    name: 'the root user is exempt in another letter case',
    statements: [
      deny('auditmanager:*', only('StringNotEqualsIgnoreCase', 'aws:PrincipalArn', 'ARN:aws:iam::{account}:ROOT')),
    ],
    is: { 'audit-manager': 'partial' },
  },
  {
    name: 'a Deny with a condition',
    statements: [deny('auditmanager:*', only('StringNotEquals', 'aws:RequestedRegion', 'eu-central-1'))],
    is: { 'audit-manager': 'partial' },
    because: 'is denied in part only: statement 1 of p-',
  },
  {
    name: 'a condition that is never true here',
    statements: [deny('auditmanager:*', only('StringEquals', 'aws:PrincipalAccount', '999999999999'))],
    is: {},
    because: 'its condition is never true here',
  },
  {
    name: 'a condition that is never true here, and another',
    statements: [
      deny('auditmanager:*', {
        Condition: {
          StringEquals: { 'aws:PrincipalAccount': '999999999999', 'aws:RequestedRegion': 'eu-central-1' },
        },
      }),
    ],
    is: {},
  },
  {
    name: 'NotAction',
    statements: [{ Effect: 'Deny', NotAction: ['guardduty:*', 'iam:*'], Resource: '*' }],
    is: all('whole', 'guardduty'),
  },
  {
    name: 'NotResource',
    statements: [{ Effect: 'Deny', Action: 'auditmanager:*', NotResource: 'arn:aws:s3:::bucket' }],
    is: { 'audit-manager': 'partial' },
    because: 'not on arn:aws:s3:::bucket',
  },
  {
    name: 'every resource of the service by ARN',
    statements: [deny('guardduty:*', { Resource: 'arn:*:guardduty:*:*:*' })],
    // The others are asked on no resource, and no ARN covers that.
    is: { guardduty: 'partial', 'guardduty:DeleteDetector': 'whole', 'guardduty:UpdateDetector': 'whole' },
  },
  {
    name: 'one resource of the service',
    statements: [deny('detective:*', { Resource: 'arn:aws:detective:eu-central-1:*:graph:*' })],
    is: { detective: 'partial' },
    because: 'only on arn:aws:detective:eu-central-1',
  },
  {
    name: 'a resource in another letter case',
    statements: [deny('detective:*', { Resource: 'arn:aws:Detective:*:*:*' })],
    is: { detective: 'partial' },
  },
  {
    name: 'a star that does not cross a colon',
    statements: [deny('cloudtrail:*', { Resource: 'arn:aws:*/*' })],
    is: { cloudtrail: 'partial', organization_trail: 'partial' },
  },
  {
    name: 'a question mark as resource',
    statements: [deny('auditmanager:*', { Resource: '?' })],
    is: { 'audit-manager': 'partial' },
  },
  {
    name: 'a variable in the resource',
    statements: [deny('detective:*', { Resource: 'arn:aws:detective:*:${aws:PrincipalAccount}:*' })],
    is: { detective: 'partial' },
  },
  {
    name: 'every trail',
    statements: [deny('cloudtrail:*', { Resource: 'arn:aws:cloudtrail:*:*:trail/*' })],
    is: { cloudtrail: 'whole', organization_trail: 'whole' },
  },
  {
    name: 'a named trail',
    statements: [deny('cloudtrail:*', { Resource: 'arn:aws:cloudtrail:*:*:trail/mine' })],
    is: { cloudtrail: 'partial', organization_trail: 'partial' },
    because: 'only on arn:aws:cloudtrail:*:*:trail/mine',
  },
  {
    name: 'the organization trail by its ARN',
    statements: [deny('cloudtrail:*', { Resource: organizationTrail })],
    is: { cloudtrail: 'partial', organization_trail: 'whole' },
  },
  {
    name: 'the organization trail by a pattern, beside another',
    statements: [
      deny('cloudtrail:*', { Resource: ['arn:aws:s3:::b', 'arn:aws:cloudtrail:*:111111111111:trail/org*'] }),
    ],
    is: { cloudtrail: 'partial', organization_trail: 'whole' },
  },
  {
    name: 'attached to nothing',
    statements: [deny('*')],
    attached: false,
    is: {},
    because: 'no SCP on its path denies it',
  },
  { name: 'a text that was not read', unread: true, is: all('unknown'), because: 'was not read' },
  {
    name: 'no Allow',
    statements: [allow(['guardduty:*', 's3:*'])],
    alone: true,
    is: all('whole', 'guardduty'),
    row: { control: 'macie', policy_id: null, statement: null, attached_to_type: 'ACCOUNT', exceptions: [] },
  },
  {
    name: 'no Allow tells more than a Deny with exceptions',
    statements: [allow('s3:*'), deny('macie2:*', only('ArnNotLike', 'aws:PrincipalArn', admin))],
    alone: true,
    is: all('whole'),
    row: { control: 'macie', policy_id: null, exceptions: [] },
    because: 'no SCP on the account itself allows macie2:DisableMacie',
  },
  {
    name: 'Allow with NotAction',
    statements: [{ Effect: 'Allow', NotAction: 'securitylake:*', Resource: '*' }],
    alone: true,
    is: { 'security-lake': 'whole' },
  },
];

const columns = `account_id, control, action, denial, policy_id, policy_name, statement, attached_to_type, attached_to, attached_to_name, exceptions, reason, unknown_cause`;

async function read(given: Organization, where = 'true'): Promise<Row[]> {
  const { rows } = await given.client.query<Row>(
    `select ${columns} from delegation.guardrails where ${where} order by account_id, control, action`,
  );
  return rows;
}

const trail = (arn: string): string => `
  insert into aws_cloudtrail_trails (_cq_sync_time, _cq_source_name, account_id, region, trail_arn, is_organization_trail)
  values (fixture.time(), 'prod', '111111111111', 'eu-central-1', '${arn}', true),
         (fixture.time(), 'prod', '111111111111', 'eu-central-1', 'arn:aws:cloudtrail:eu-central-1:111111111111:trail/own', false);`;

describe('what SCPs deny', () => {
  let given: Organization;
  let rows: Row[];
  const accountOf = (index: number): string => String(300000000000 + index);

  beforeAll(async () => {
    given = await organization(`select fixture.organization(); ${trail(organizationTrail)}`, { finish: false });
    for (const [index, each] of cases.entries()) {
      const id = accountOf(index);
      await given.client.query('select fixture.account($1, $2)', [id, each.name]);
      const text = JSON.stringify(each.statements ?? [deny('s3:*')]).replaceAll('{account}', id);
      await given.client.query('select fixture.scp($1, $2, $3)', [
        `p-${index}`,
        text,
        each.attached === false ? [] : [id],
      ]);
      if (each.unread)
        await given.client.query(
          'update aws_organizations_policies set content = null, content_text = null where id = $1',
          [`p-${index}`],
        );
      if (each.alone)
        await given.client.query(
          `delete from aws_organizations_policy_targets where policy_id = 'p-FullAWSAccess' and target_id = $1`,
          [id],
        );
    }
    await given.client.query('select fixture.finish()');
    rows = await read(given);
  });
  afterAll(() => close(given));

  test.each(cases.map((each, index) => ({ ...each, index })))('$name', ({ is, row, because, index }) => {
    const own = rows.filter(({ account_id }) => account_id === accountOf(index));
    expect(own).toHaveLength(26);
    const expected = (control: string, action: string): string => is[action] ?? is[control] ?? 'none';
    // The trail alone is denied wherever every trail is.
    const told = own.map(({ control, action, denial }) => `${control} ${action} ${denial}`);
    expect(told).toEqual(
      own.map(({ control, action }) => {
        const value =
          control === 'organization_trail' && !('organization_trail' in is)
            ? expected('cloudtrail', action)
            : expected(control, action);
        return `${control} ${action} ${value}`;
      }),
    );
    const first = Object.keys(is)[0]?.split(':')[0];
    const one = own.find(({ control }) => control === (row?.control ?? first ?? 'audit-manager')) ?? own[0];
    if (row) expect(one).toMatchObject(row);
    if (because !== undefined) expect(one?.reason).toContain(because);
    if (one?.attached_to_type === 'ACCOUNT')
      expect(one).toMatchObject({ attached_to: accountOf(index), attached_to_name: cases[index]?.name });
    for (const { denial, unknown_cause } of own) expect(unknown_cause).toBe(denial === 'unknown' ? 'unread' : null);
  });

  test('the management account is not bound, and each account and action has one row', async () => {
    const management = rows.filter(({ account_id }) => account_id === '111111111111');
    expect(new Set(management.map(({ denial }) => denial))).toEqual(new Set(['not_applicable']));
    const { rows: counted } = await given.client.query<{ rows: string; actions: string; accounts: string }>(`
      select count(*) as rows, (select count(*) from delegation.guardrail_actions) as actions,
        (select count(*) from delegation.accounts where account_state = 'ACTIVE') as accounts
      from delegation.guardrails`);
    expect(Number(counted[0]?.rows)).toBe(Number(counted[0]?.actions) * Number(counted[0]?.accounts));
  });

  test('one control alone gives the same', async () => {
    const { rows: alone } = await given.client.query<Row>(
      `select ${columns} from delegation.guardrail_verdicts('detective') order by account_id, control, action`,
    );
    expect(alone).toEqual(rows.filter(({ control }) => control === 'detective'));
  });

  test('accounts and controls in short', async () => {
    const short = (
      await given.client.query<{ account_id: string; control: string } & Record<string, unknown>>(
        'select *, actions_total::int as total, actions_denied::int as denied from delegation.account_guardrails',
      )
    ).rows;
    expect(short).toHaveLength((cases.length + 1) * controls.size);
    const of = (name: string, control: string): unknown =>
      short.find(
        (row) => row.control === control && row.account_id === accountOf(cases.findIndex((each) => each.name === name)),
      );
    expect(of('a Deny of some actions', 'guardduty')).toMatchObject({
      account_name: 'a Deny of some actions',
      service_id: 'guardduty',
      denial: 'none',
      total: 4,
      denied: 2,
      actions_not_denied: ['guardduty:DisassociateFromAdministratorAccount', 'guardduty:DisassociateFromMasterAccount'],
      actions_unknown: [],
    });
    expect(of('every resource of the service by ARN', 'guardduty')).toMatchObject({ denial: 'partial', denied: 2 });
    expect(of('a Deny', 'guardduty')).toMatchObject({ denial: 'whole', denied: 4, actions_not_denied: [] });
    expect(of('a text that was not read', 'config')).toMatchObject({
      denial: 'unknown',
      denied: 0,
      actions_not_denied: [],
      actions_unknown: [
        'config:DeleteConfigurationRecorder',
        'config:DeleteDeliveryChannel',
        'config:StopConfigurationRecorder',
      ],
      unknown_cause: 'unread',
    });
  });

  test('each service of a control is in the catalogue', async () => {
    const { services } = await import('../../src/catalog/index.js');
    const ids = new Set(services.map(({ id }) => id));
    const { rows: named } = await given.client.query<{ service_id: string }>(
      'select distinct service_id from delegation.guardrail_actions where service_id is not null',
    );
    for (const { service_id } of named) expect(ids).toContain(service_id);
    expect(named).toHaveLength(10);
  });
});

describe('what is around it', () => {
  let given: Organization;
  const start = async (sql: string): Promise<Row[]> => {
    given = await organization(sql);
    return read(given, `account_id = '222222222222'`);
  };
  const denials = (rows: Row[], control: string): unknown =>
    [...new Set(rows.filter((row) => row.control === control).map(({ denial }) => denial))].join();
  const scp = (resource: string): string =>
    `select fixture.scp('p-guard', '[{"Effect": "Deny", "Action": "cloudtrail:*", "Resource": "${resource}"}]', '{/Shops}')`;
  const shop = `select fixture.ou('/Shops'); select fixture.account('222222222222', 'Shop', '/Shops');`;

  test('SCPs are not enabled at the root', async () => {
    const rows = await start(`select fixture.organization('ALL', null); ${shop} ${scp('*')}`);
    for (const row of rows) {
      expect(row).toMatchObject({ denial: 'none', policy_id: null, exceptions: [] });
      expect(row.reason).toContain('SCPs are NOT_ENABLED at the root');
    }
    await close(given);
  });

  test('the place is named', async () => {
    const rows = await start(`select fixture.organization(); ${shop} ${scp('*')}`);
    expect(rows.find(({ control }) => control === 'cloudtrail')).toMatchObject({
      denial: 'whole',
      policy_id: 'p-guard',
      policy_name: 'Guard',
      statement: '1',
      attached_to_type: 'ORGANIZATIONAL_UNIT',
      attached_to: 'ou-root-shops',
      attached_to_name: '/Shops',
    });
    await close(given);
  });

  test('without an organization trail, any trail stands for it', async () => {
    const rows = await start(`select fixture.organization(); ${shop} ${scp(organizationTrail)}`);
    expect(denials(rows, 'organization_trail')).toBe('partial');
    await close(given);
  });

  test('a trail in a Deny may be the organization trail where trails were not read', async () => {
    const rows = await start(`
      select fixture.organization(); ${shop} ${scp(organizationTrail)};
      select fixture.read('aws_cloudtrail_trails', 'denied', region => 'us-east-1')`);
    expect(denials(rows, 'organization_trail')).toBe('unknown');
    expect(denials(rows, 'cloudtrail')).toBe('partial');
    expect(rows.find(({ control }) => control === 'organization_trail')).toMatchObject({ unknown_cause: 'unread' });
    await close(given);
  });

  test('every trail is every trail, read or not', async () => {
    const rows = await start(`
      select fixture.organization(); ${shop} ${scp('arn:aws:cloudtrail:*:*:*')};
      select fixture.read('aws_cloudtrail_trails', 'denied', region => 'us-east-1')`);
    expect(denials(rows, 'organization_trail')).toBe('whole');
    expect(denials(rows, 'cloudtrail')).toBe('whole');
    await close(given);
  });

  test('two organization trails, of which a Deny names one', async () => {
    const rows = await start(`
      select fixture.organization(); ${shop} ${scp(organizationTrail)};
      ${trail(organizationTrail)}
      insert into aws_cloudtrail_trails (_cq_sync_time, _cq_source_name, account_id, region, trail_arn, is_organization_trail)
      values (fixture.time(), 'prod', '111111111111', 'us-east-1', 'arn:aws:cloudtrail:us-east-1:111111111111:trail/second', true);`);
    expect(denials(rows, 'organization_trail')).toBe('partial');
    await close(given);
  });
});

async function generate(generated: Generated): Promise<Organization> {
  const given = await organization(`select fixture.organization(); ${trail(organizationTrail)}`, { finish: false });
  await given.client.query(`delete from aws_organizations_policy_targets where target_id = 'r-root'`);
  for (const ou of generated.units) await given.client.query('select fixture.ou($1)', [ou]);
  for (const { id, unit } of generated.accounts)
    await given.client.query('select fixture.account($1, $1, $2)', [id, unit]);
  await given.client.query(`delete from aws_organizations_policy_targets where policy_id = 'p-FullAWSAccess'`);
  for (const [id, document] of [...generated.policies].filter(([id]) => id !== 'p-FullAWSAccess'))
    await given.client.query('select fixture.scp($1, $2)', [id, JSON.stringify(document)]);
  for (const [target, policies] of generated.attached)
    for (const policy of policies)
      await given.client.query('select fixture.attach($1, case when $2 like $3 then fixture.ou_id($2) else $2 end)', [
        policy,
        target,
        '/%',
      ]);
  await given.client.query('select fixture.finish()');
  return given;
}

test('a second implementation says the same of generated policies', async () => {
  const generated = randomOrganization(20_261_123);
  const given = await generate(generated);
  const rows = (await read(given)).filter(({ account_id }) => account_id !== '111111111111');
  expect(rows).toHaveLength(accounts * 26);
  const differing = rows
    .map((row) => ({ ...row, expected: denialOf(generated, row.account_id, row.control, row.action) }))
    .filter(({ denial, expected }) => denial !== expected)
    .map(
      ({ account_id, control, action, denial, expected, reason }) =>
        `${account_id} ${control} ${action}: SQL says ${denial}, and it is ${expected}: ${reason}`,
    );
  expect(differing).toEqual([]);
  // A generator that gives one answer only would prove nothing.
  const counts = (value: string): number => rows.filter(({ denial }) => denial === value).length;
  for (const value of ['whole', 'partial', 'none']) expect(counts(value), value).toBeGreaterThan(rows.length / 12);
  await close(given);
});

test('a second implementation says the same of generated policies about Regions', async () => {
  const generated = randomOrganization(20_261_128, { regions: true });
  const given = await generate(generated);
  await given.client.query('select fixture.settings($1)', [JSON.stringify({ allowed_regions: allowedRegions })]);
  const { rows: all } = await given.client.query<Row>(
    `select ${columns} from delegation.guardrail_verdicts('allowed_regions')`,
  );
  const rows = all.filter(({ account_id }) => account_id !== '111111111111');
  expect(rows).toHaveLength(accounts);
  const differing = rows
    .map((row) => ({ ...row, expected: denialOf(generated, row.account_id, row.control, row.action) }))
    .filter(({ denial, expected }) => denial !== expected)
    .map(({ account_id, denial, expected, reason }) => `${account_id}: ${denial}, and it is ${expected}: ${reason}`);
  expect(differing).toEqual([]);
  const counts = (value: string): number => rows.filter(({ denial }) => denial === value).length;
  for (const value of ['whole', 'partial', 'none']) expect(counts(value), value).toBeGreaterThan(rows.length / 12);
  await close(given);
});
