import { describe, expect, it } from 'vitest';
import type { FaultInput, ScenarioInput } from '../../src/simulator/index.js';
import { management, network, readTable, security } from '../support/reading.js';
import type { Row } from '../support/source.js';

const table = 'aws_fms_organization_admin_accounts';
const list = 'fms:ListAdminAccountsForOrganization';
const get = 'fms:GetAdminAccount';
const getScope = 'fms:GetAdminScope';

type Administrators = NonNullable<NonNullable<ScenarioInput['fms']>['administrators']>;

const everything = {
  AccountScope: { Accounts: [], AllAccountsEnabled: true, ExcludeSpecifiedAccounts: false },
  OrganizationalUnitScope: {
    OrganizationalUnits: [],
    AllOrganizationalUnitsEnabled: true,
    ExcludeSpecifiedOrganizationalUnits: false,
  },
  RegionScope: { Regions: [], AllRegionsEnabled: true },
  PolicyTypeScope: { PolicyTypes: [], AllPolicyTypesEnabled: true },
};
const firewalls = { PolicyTypeScope: { PolicyTypes: ['NETWORK_FIREWALL'], AllPolicyTypesEnabled: false } };

const theDefault = { account: security, default: true };
const scoped = { account: network, scope: firewalls };

const defaultRow = (more: Row = {}): Row => ({
  account_id: management,
  region: 'us-east-1',
  admin_account_id: security,
  default_admin: true,
  admin_status: 'ONBOARDING_COMPLETE',
  role_status: 'READY',
  admin_scope: everything,
  scope_status: 'ONBOARDING_COMPLETE',
  ...more,
});
const scopedRow = (more: Row = {}): Row =>
  defaultRow({ admin_account_id: network, default_admin: false, role_status: null, admin_scope: firewalls, ...more });

/** One read: outcome, error code, requests, rows. */
type Read = [outcome: string, code: string | null, requests: number, rows: number];
const ok = (requests: number, rows = 0): Read => ['ok', null, requests, rows];
const reads = (of: { get: Read; scope: Read; list: Read }, region = 'us-east-1'): unknown[][] => [
  [region, get, '', ...of.get],
  [region, getScope, '', ...of.scope],
  [region, list, '', ...of.list],
];

const fms = (...administrators: Administrators): Partial<ScenarioInput> => ({ fms: { administrators } });
const notFound: Read = ['absent', 'ResourceNotFoundException', 1, 0];
const denied: Read = ['denied', 'AccessDeniedException', 1, 0];
const notDelegated: FaultInput = {
  operation: get,
  kind: 'error',
  code: 'AccessDeniedException',
  message: `Account: ${management} is not currently delegated by AWS FM.`,
};
const notAsked = ([outcome, code]: Read): Read => [outcome, code, 0, 0];

describe('Firewall Manager administrators', () => {
  it('nobody: there is none', async () => {
    expect(await readTable(table, {})).toEqual({
      rows: [],
      reads: reads({ get: notFound, scope: notAsked(notFound), list: notFound }),
      error: undefined,
    });
  });

  it('nobody, in the words of a denial', async () => {
    expect(await readTable(table, { faults: [notDelegated] })).toMatchObject({
      rows: [],
      reads: reads({
        get: ['absent', 'AccessDeniedException', 1, 0],
        scope: ['absent', 'AccessDeniedException', 0, 0],
        list: notFound,
      }),
    });
  });

  it('nobody, as an empty list', async () => {
    const gone = { ...theDefault, listed: false };
    const faults: FaultInput[] = [{ operation: get, kind: 'error', code: 'ResourceNotFoundException' }];
    expect(await readTable(table, { scenario: fms(gone), faults })).toEqual({
      rows: [],
      reads: reads({ get: notFound, scope: notAsked(notFound), list: ok(1) }),
      error: undefined,
    });
  });

  it('the default one', async () => {
    expect(await readTable(table, { scenario: fms(theDefault) })).toEqual({
      rows: [defaultRow()],
      reads: reads({ get: ok(1), scope: ok(1), list: ok(1, 1) }),
      error: undefined,
    });
  });

  it('ten, some coming and going', async () => {
    const nine = Array.from({ length: 9 }, (_, index) => `90000000000${index}`);
    const states = ['ONBOARDING', 'OFFBOARDING', 'OFFBOARDING_COMPLETE'] as const;
    const status = (index: number) => states[index] ?? ('ONBOARDING_COMPLETE' as const);
    const scenario = fms(
      { ...theDefault, status: 'OFFBOARDING', role_status: 'PENDING_DELETION' },
      ...nine.map((account, index) => ({ account, status: status(index), scope: firewalls })),
    );
    expect(await readTable(table, { scenario })).toEqual({
      rows: [
        defaultRow({ admin_status: 'OFFBOARDING', role_status: 'PENDING_DELETION', scope_status: 'OFFBOARDING' }),
        ...nine.map((id, index) =>
          scopedRow({ admin_account_id: id, admin_status: status(index), scope_status: status(index) }),
        ),
      ],
      reads: reads({ get: ok(1), scope: ok(10), list: ok(1, 10) }),
      error: undefined,
    });
  });

  it('two pages', async () => {
    const scenario = { ...fms(theDefault, scoped), empty_pages: true };
    expect(await readTable(table, { scenario })).toEqual({
      rows: [defaultRow(), scopedRow()],
      reads: reads({ get: ok(1), scope: ok(2), list: ok(2, 2) }),
      error: undefined,
    });
  });

  it('asked in one Region, whatever Regions the spec names', async () => {
    const asked = { scenario: fms(theDefault), spec: { regions: ['eu-west-1'] } };
    expect(await readTable(table, asked)).toMatchObject({ rows: [defaultRow()] });
  });

  it('throttled, then fine; and so for an error that is worth another try', async () => {
    const faults: FaultInput[] = [
      { operation: 'fms:*', kind: 'throttle', times: 1 },
      { operation: getScope, kind: 'server_error', times: 1 },
    ];
    expect(await readTable(table, { scenario: fms(theDefault), faults })).toEqual({
      rows: [defaultRow()],
      reads: reads({ get: ok(1), scope: ok(2), list: ok(2, 1) }),
      error: undefined,
    });
  });

  it('denied', async () => {
    expect(await readTable(table, { scenario: { ...fms(theDefault), denied: ['fms:*'] } })).toEqual({
      rows: null,
      reads: reads({ get: denied, scope: notAsked(denied), list: denied }),
      error: expect.stringContaining(`allow ${get}, ${getScope}, ${list}`) as string,
    });
  });

  it('a member asks', async () => {
    expect(await readTable(table, { scenario: fms(theDefault), account: network })).toEqual({
      rows: null,
      reads: reads({
        get: ['absent', 'AccessDeniedException', 1, 0],
        scope: ['absent', 'AccessDeniedException', 0, 0],
        list: ['denied', 'InvalidOperationException', 1, 0],
      }),
      error: expect.stringContaining(list) as string,
    });
  });

  it('the default administrator itself asks: it finds itself, and not whether there are more', async () => {
    expect(await readTable(table, { scenario: fms(theDefault, scoped), account: security })).toEqual({
      rows: [defaultRow({ account_id: security, admin_status: null })],
      reads: reads({ get: ok(1), scope: ok(1), list: ['denied', 'InvalidOperationException', 1, 1] }),
      error: expect.stringContaining(list) as string,
    });
  });

  it('an answer that the operation was not possible, in words that nobody knows, is no denial and no "none"', async () => {
    const faults: FaultInput[] = [
      { operation: list, kind: 'error', code: 'InvalidOperationException', message: 'No.' },
    ];
    const spec = { on_failure: 'report' };
    expect((await readTable(table, { faults, spec })).reads).toContainEqual([
      'us-east-1',
      list,
      '',
      ...(['failed', 'InvalidOperationException', 1, 0] satisfies Read),
    ]);
  });
});

describe('the default administrator that only GetAdminAccount knows', () => {
  const unlisted = { ...theDefault, listed: false };

  it('is a row, without a status of the list', async () => {
    const scenario = fms({ ...unlisted, role_status: 'CREATING', status: 'ONBOARDING' }, scoped);
    expect(await readTable(table, { scenario })).toEqual({
      rows: [defaultRow({ admin_status: null, role_status: 'CREATING', scope_status: 'ONBOARDING' }), scopedRow()],
      reads: reads({ get: ok(1), scope: ok(2), list: ok(1, 2) }),
      error: undefined,
    });
  });

  it.each(['ResourceNotFoundException', 'AccessDeniedException'])(
    'is a row also where the list ends with %s',
    async (code) => {
      const faults: FaultInput[] = [{ operation: list, kind: 'error', code }];
      const outcome = code === 'AccessDeniedException' ? 'denied' : 'absent';
      expect(await readTable(table, { scenario: fms(theDefault), faults })).toMatchObject({
        rows: [defaultRow({ admin_status: null })],
        reads: reads({ get: ok(1), scope: ok(1), list: [outcome, code, 1, 1] }),
      });
    },
  );

  it.each<[string, Partial<ScenarioInput>, Row[] | null]>([
    ['an empty list', fms(unlisted), null],
    ['a list without a default administrator', fms(unlisted, scoped), [scopedRow()]],
    ['the answer that there is none', {}, null],
  ])('%s, and GetAdminAccount denied: the list is not known to be whole', async (_what, scenario, rows) => {
    expect(await readTable(table, { scenario: { ...scenario, denied: [get] } })).toEqual({
      rows,
      reads: reads({
        get: denied,
        scope: rows === null ? notAsked(denied) : ok(1),
        list: ['denied', 'AccessDeniedException', 1, rows?.length ?? 0],
      }),
      error: expect.stringContaining(`not read to its end: ${get}`) as string,
    });
  });
});

describe('one call denied of three', () => {
  it('GetAdminAccount, where the list names the default administrator: the rows are whole but for its column', async () => {
    expect(await readTable(table, { scenario: { ...fms(theDefault, scoped), denied: [get] } })).toEqual({
      rows: [defaultRow({ role_status: null }), scopedRow()],
      reads: reads({ get: denied, scope: ok(2), list: ok(1, 2) }),
      error: expect.stringContaining(get) as string,
    });
  });

  it('GetAdminScope: the rows are whole but for its columns', async () => {
    const nothing = { admin_scope: null, scope_status: null };
    expect(await readTable(table, { scenario: { ...fms(theDefault, scoped), denied: [getScope] } })).toEqual({
      rows: [defaultRow(nothing), scopedRow(nothing)],
      reads: reads({ get: ok(1), scope: ['denied', 'AccessDeniedException', 2, 0], list: ok(1, 2) }),
      error: expect.stringContaining(getScope) as string,
    });
  });

  it('GetAdminScope of one of them', async () => {
    const faults: FaultInput[] = [{ operation: getScope, match: { AdminAccount: network }, kind: 'deny' }];
    expect(await readTable(table, { scenario: fms(theDefault, scoped), faults })).toMatchObject({
      rows: [defaultRow(), scopedRow({ admin_scope: null, scope_status: null })],
      reads: [
        ['us-east-1', get, '', ...ok(1)],
        ['us-east-1', getScope, '', ...ok(2)],
        ['us-east-1', getScope, network, 'denied', 'AccessDeniedException', 0, 0],
        ['us-east-1', list, '', ...ok(1, 2)],
      ],
    });
  });
});

describe('partitions', () => {
  const spec = (region: string) => ({
    accounts: [{ id: 'test', access_key_id: `AKIA${management}`, secret_access_key: 'test', default_region: region }],
  });

  it('without Firewall Manager: absent, and not asked', async () => {
    const scenario: Partial<ScenarioInput> = { partition: 'aws-eusc', ...fms(theDefault) };
    const absent: Read = ['absent', 'ServiceNotInRegion', 0, 0];
    expect(await readTable(table, { scenario, spec: spec('eusc-de-east-1') })).toEqual({
      rows: [],
      reads: reads({ get: absent, scope: absent, list: absent }, 'eusc-de-east-1'),
      error: undefined,
    });
  });

  it.each([
    ['aws-cn', 'cn-north-1', 'cn-northwest-1'],
    ['aws-us-gov', 'us-gov-east-1', 'us-gov-west-1'],
  ] as const)('%s: asked where Organizations is', async (partition, region, asked) => {
    const scenario: Partial<ScenarioInput> = { partition, ...fms(theDefault) };
    expect(await readTable(table, { scenario, spec: spec(region) })).toMatchObject({
      rows: [defaultRow({ region: asked })],
    });
  });
});
