import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSimulator, type ScenarioInput, type Simulator } from '../../src/simulator/index.js';
import { management, network, security } from '../support/reading.js';
import { syncFrom, type Options, type Synced } from '../support/source.js';

const table = 'aws_cloudtrail_organization_events';
const daysAgo = (days: number): Date => new Date(Date.now() - days * 86_400_000);
const pipeline = `arn:aws:iam::${management}:role/Pipeline`;

/** Security may attach policies. */
const organization: ScenarioInput['organization'] = {
  management_account_id: management,
  accounts: [
    { id: management, name: 'Management' },
    { id: security, name: 'Security' },
    { id: network, name: 'Network' },
  ],
  resource_policy: {
    content: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: `arn:aws:iam::${security}:root` },
          Action: ['organizations:AttachPolicy', 'organizations:DetachPolicy'],
          Resource: '*',
        },
      ],
    },
  },
};

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator({
    scenario: {
      name: 'events',
      organization,
      cloudtrail: {
        events: [
          {
            time: daysAgo(3),
            name: 'RegisterDelegatedAdministrator',
            source: 'organizations.amazonaws.com',
            who: pipeline,
            user_name: 'deploy',
            source_ip: '192.0.2.10',
            request: { accountId: security, servicePrincipal: 'config.amazonaws.com' },
          },
          {
            time: daysAgo(2),
            name: 'DetachPolicy',
            source: 'organizations.amazonaws.com',
            account: security,
            who: `arn:aws:iam::${security}:user/mallory`,
            error_code: 'AccessDenied',
            error_message: 'User is not authorized',
          },
          {
            time: daysAgo(2),
            name: 'EnableOrganizationAdminAccount',
            source: 'guardduty.amazonaws.com',
            region: 'eu-west-1',
          },
          { time: daysAgo(40), name: 'UpdatePolicy', source: 'organizations.amazonaws.com' },
          // What other services call the same, and what only reads.
          { time: daysAgo(1), name: 'DeletePolicy', source: 'iam.amazonaws.com' },
          { time: daysAgo(1), name: 'ListAccounts', source: 'organizations.amazonaws.com', read_only: true },
        ],
      },
    },
  });
});
afterEach(() => simulator.close());

const regions = ['eu-west-1', 'us-east-1'];
const sync = ({ spec, ...options }: Options = {}): Promise<Synced> =>
  syncFrom(simulator, { tables: [table], account: management, spec: { regions, ...spec }, ...options });

const eventsOf = (synced: Synced): string[] =>
  (synced.tables[table] ?? []).map(
    (row) => `${String(row['recipient_account_id'])} ${String(row['region'])} ${String(row['event_name'])}`,
  );

/** Of the two Regions. */
const endsOf = ({ reads }: Synced): string[] =>
  reads
    .filter((read) => read['table_name'] === table && regions.includes(read['region'] as string))
    .map((read) =>
      ['region', 'operation', 'scope', 'outcome', 'error_code']
        .map((column) => (read[column] as string | null) ?? '-')
        .join(' '),
    );

const ofManagement = [
  `${management} eu-west-1 EnableOrganizationAdminAccount`,
  `${management} us-east-1 RegisterDelegatedAdministrator`,
  `${management} us-east-1 UpdatePolicy`,
];

describe(table, () => {
  it('holds changes, and neither reads nor what other services call alike', async () => {
    const synced = await sync();
    expect(eventsOf(synced).sort()).toEqual(ofManagement);
    const register = synced.tables[table]?.find((row) => row['event_name'] === 'RegisterDelegatedAdministrator');
    expect(register).toMatchObject({
      account_id: management,
      read_only: false,
      username: 'deploy',
      event_source: 'organizations.amazonaws.com',
      source_ip_address: '192.0.2.10',
      error_code: null,
      request_parameters: { accountId: security, servicePrincipal: 'config.amazonaws.com' },
      user_identity: { type: 'AssumedRole', sessionContext: { sessionIssuer: { arn: pipeline } } },
    });
    expect(register?.['cloud_trail_event']).toMatchObject({ eventID: register?.['event_id'], awsRegion: 'us-east-1' });
  });

  it('says whose history the spec lends no way into', async () => {
    expect(endsOf(await sync())).toEqual([
      'eu-west-1 cloudtrail:LookupEvents  ok -',
      'us-east-1 cloudtrail:LookupEvents  ok -',
      `us-east-1 cloudtrail:LookupEvents ${security} skipped NoDelegateAccess`,
      'us-east-1 organizations:DescribeOrganization  ok -',
      'us-east-1 organizations:DescribeResourcePolicy  ok -',
    ]);
  });

  it('is read in the accounts of the delegation policy, with the role of the spec', async () => {
    const synced = await sync({ spec: { delegated_admin_role_name: 'OrgAudit' } });
    expect(eventsOf(synced).sort()).toEqual([...ofManagement, `${security} us-east-1 DetachPolicy`].sort());
    expect(synced.tables[table]?.find((row) => row['event_name'] === 'DetachPolicy')).toMatchObject({
      error_code: 'AccessDenied',
      error_message: 'User is not authorized',
      user_identity: { type: 'IAMUser', arn: `arn:aws:iam::${security}:user/mallory` },
    });
    expect(synced.errors).toEqual({});
    const assumed = simulator.requests.filter(({ operation }) => operation === 'sts:AssumeRole');
    expect(assumed.map(({ input }) => input['RoleArn'])).toEqual([`arn:aws:iam::${security}:role/OrgAudit`]);
    const asked = simulator.requests.filter(({ account, region }) => account === security && region !== 'us-east-1');
    expect(asked).toEqual([]);
  });

  it('is read with credentials of a further account', async () => {
    const lent = { id: 'security', access_key_id: `AKIA${security}`, secret_access_key: 'test' };
    const asking = { id: 'management', access_key_id: `AKIA${management}`, secret_access_key: 'test' };
    const synced = await sync({ spec: { accounts: [asking, lent] } });
    expect(eventsOf(synced)).toContain(`${security} us-east-1 DetachPolicy`);
    expect(endsOf(synced).filter((end) => end.includes('skipped'))).toEqual([]);
  });

  it.each([
    ['that is not there', 'Missing', undefined],
    ['with another external ID', 'OrgAudit', 'wrong'],
    ['without its external ID', 'OrgAudit', undefined],
  ])('is not known where a role cannot be assumed: one %s', async (_what, role, externalId) => {
    simulator.change((scenario) => {
      const arn = `arn:aws:iam::${security}:role/OrgAudit`;
      scenario.roles = [{ arn, external_id: 'right', denied: [] }];
    });
    const spec = {
      delegated_admin_role_name: role,
      ...(externalId !== undefined && { delegated_admin_external_id: externalId }),
    };
    const synced = await sync({ spec });
    expect(eventsOf(synced).sort()).toEqual(ofManagement);
    expect(endsOf(synced).filter((end) => end.includes('denied'))).toEqual([
      `us-east-1 cloudtrail:LookupEvents ${security} denied AccessDenied`,
      `us-east-1 sts:AssumeRole ${security} denied AccessDenied`,
    ]);
    const [text = ''] = Object.values(synced.errors);
    expect(text).toContain(`role arn:aws:iam::${security}:role/${role} cannot be assumed`);
    expect(text).toContain('let its trust policy name who syncs (and the external ID of the spec)');
  });

  it('is known of an account whose external ID is right', async () => {
    simulator.change((scenario) => {
      const arn = `arn:aws:iam::${security}:role/OrgAudit`;
      scenario.roles = [{ arn, external_id: 'right', denied: [] }];
    });
    const spec = { delegated_admin_role_name: 'OrgAudit', delegated_admin_external_id: 'right' };
    expect(eventsOf(await sync({ spec }))).toContain(`${security} us-east-1 DetachPolicy`);
  });

  it('looks back as far as the spec says', async () => {
    expect(eventsOf(await sync({ spec: { events: { lookback_days: 30 } } })).sort()).toEqual(
      ofManagement.filter((event) => !event.endsWith('UpdatePolicy')),
    );
  });

  it('tells what a denial in one Region costs', async () => {
    simulator.fault({ operation: 'cloudtrail:LookupEvents', kind: 'deny', region: 'eu-west-1' });
    const synced = await sync();
    expect(endsOf(synced)[0]).toBe('eu-west-1 cloudtrail:LookupEvents  denied AccessDeniedException');
    expect(eventsOf(synced).sort()).toEqual(ofManagement.filter((event) => !event.includes('eu-west-1')));
  });

  it('breaks off where a look-up fails, and does not pass for whole', async () => {
    simulator.fault({ operation: 'cloudtrail:LookupEvents', kind: 'server_error', region: 'us-east-1', after: 5 });
    const spec = { on_failure: 'report', max_retries: 0 };
    expect(endsOf(await sync({ spec }))).toContain('us-east-1 cloudtrail:LookupEvents  failed InternalFailure');
  });
});
