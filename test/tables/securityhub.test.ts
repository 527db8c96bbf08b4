import { describe, expect, it } from 'vitest';
import { startSimulator, type FaultInput, type ScenarioInput } from '../../src/simulator/index.js';
import {
  abroad,
  administratorCases,
  home,
  management,
  network,
  readAdministrators,
  security,
  type AdministratorReading,
  type AdministratorService,
} from '../support/administrators.js';
import { syncFrom, type Row } from '../support/source.js';

const securityhub: AdministratorService = {
  table: 'aws_securityhub_organization_admin_accounts',
  operation: 'securityhub:ListOrganizationAdminAccounts',
  section: 'securityhub',
  columns: ({ account, status = 'ENABLED' }) => ({
    admin_account_id: account,
    admin_status: status,
    feature: 'SecurityHub',
  }),
  leaving: 'DISABLE_IN_PROGRESS',
  mayBeManagement: true,
  pageSize: 10,
  off: 'me-south-1',
  notIn: null,
  notEnabled: { code: 'InvalidAccessException', outcomeOtherwise: 'denied' },
  deniedCode: 'AccessDeniedException',
  memberCode: 'InvalidAccessException',
  alsoRead: 'SecurityHubV2',
};

it.each(administratorCases(securityhub))('$name', async (each) => {
  expect(await readAdministrators(securityhub, each)).toEqual(each.expected);
});

describe('CSPM and V2 are two questions: neither answer stands for the other', () => {
  const { table, operation } = securityhub;
  const ofV2 = { match: { Feature: 'SecurityHubV2' } };
  const ofCspm = { match: { Feature: 'SecurityHub' } };
  const notSubscribed = {
    kind: 'error',
    code: 'InvalidAccessException',
    status: 401,
    message: `Account ${management} is not subscribed to AWS Security Hub`,
  } as const;

  const row = (region: string, account: string, feature: string): Row => ({
    account_id: management,
    region,
    admin_account_id: account,
    admin_status: feature === 'SecurityHub' ? 'ENABLED' : null,
    feature,
  });
  const cspm = row(home, security, 'SecurityHub');
  const v2 = row(home, network, 'SecurityHubV2');

  const read = (scope: string, outcome: string, error_code: string | null = null, more: Row = {}): Row => ({
    region: home,
    operation,
    scope,
    outcome,
    error_code,
    request_count: 1,
    row_count: outcome === 'ok' ? 1 : 0,
    ...more,
  });

  /** Both are held, by different accounts, but for what the case says. */
  const reading = async (section: object, faults: FaultInput[] = [], regions = [home]): Promise<AdministratorReading> =>
    readAdministrators(securityhub, {
      name: '',
      faults,
      account: management,
      spec: { regions, on_failure: 'report' },
      scenario: scenarioOf(section),
      expected: { rows: [], reads: [], hasError: false },
    });

  const scenarioOf = (section: object): ScenarioInput => ({
    name: 'security hub',
    organization: {
      management_account_id: management,
      accounts: [
        { id: management, name: 'Management' },
        { id: security, name: 'Security' },
        { id: network, name: 'Network' },
      ],
    },
    securityhub: { administrators: { '*': { account: security } }, v2_administrator: { account: network }, ...section },
  });

  it('both held: two rows in one Region, V2 without a status', async () => {
    expect(await reading({})).toEqual({
      rows: [cspm, v2],
      reads: [read('', 'ok'), read('SecurityHubV2', 'ok')],
      hasError: false,
    });
  });

  it('the same account holds both: still two rows', async () => {
    const { rows } = await reading({ v2_administrator: { account: security } });
    expect(rows).toHaveLength(2);
    expect(rows).toEqual(expect.arrayContaining([cspm, row(home, security, 'SecurityHubV2')]));
  });

  it('the management account holds CSPM, a member V2', async () => {
    const { rows } = await reading({ administrators: { '*': { account: management } } });
    expect(rows).toEqual([row(home, management, 'SecurityHub'), v2]);
  });

  it('CSPM is not enabled in the Region that V2 is asked in: the administrator of V2 is there', async () => {
    expect(await reading({ not_enabled: [home] })).toEqual({
      rows: [v2],
      reads: [read('', 'absent', 'InvalidAccessException'), read('SecurityHubV2', 'ok')],
      hasError: false,
    });
  });

  it('nobody holds V2: the administrator of CSPM is there', async () => {
    expect(await reading({ v2_administrator: null })).toEqual({
      rows: [cspm],
      reads: [read('', 'ok'), read('SecurityHubV2', 'ok', null, { row_count: 0 })],
      hasError: false,
    });
  });

  it('"not subscribed" to the question for V2 is about CSPM, and no proof that nobody holds V2', async () => {
    expect(await reading({ not_enabled: '*' }, [{ operation, ...ofV2, ...notSubscribed }])).toEqual({
      rows: [],
      reads: [read('', 'absent', 'InvalidAccessException'), read('SecurityHubV2', 'denied', 'InvalidAccessException')],
      hasError: true,
    });
  });

  it.each([
    ['denied', { kind: 'deny' }, 'denied', 'AccessDeniedException', 1],
    ['failed', { kind: 'server_error' }, 'failed', 'InternalException', 3],
    ['failed', { kind: 'empty_object' }, 'failed', 'UnreadableAnswer', 3],
  ] as const)('V2 %s (%o): CSPM is read, and the other way round', async (_name, fault, outcome, code, requests) => {
    const missing = { request_count: requests };
    expect(await reading({}, [{ operation, ...ofV2, ...fault }])).toEqual({
      rows: [cspm],
      reads: [read('', 'ok'), read('SecurityHubV2', outcome, code, missing)],
      hasError: true,
    });
    expect(await reading({}, [{ operation, ...ofCspm, ...fault }])).toEqual({
      rows: [v2],
      reads: [read('', outcome, code, missing), read('SecurityHubV2', 'ok')],
      hasError: true,
    });
  });

  it('V2 is asked once, and also where the spec leaves its Region out', async () => {
    const { rows, reads } = await reading({}, [], [abroad]);
    expect(rows).toEqual([row(abroad, security, 'SecurityHub'), v2]);
    expect(reads).toEqual([read('', 'ok', null, { region: abroad }), read('SecurityHubV2', 'ok')]);
  });

  it('each request names what it asks for', async () => {
    const simulator = await startSimulator({ scenario: scenarioOf({}) });
    try {
      await syncFrom(simulator, { tables: [table], spec: { regions: [home, abroad] } });
      const asked = simulator.requests.filter((request) => request.operation === operation);
      expect(asked.map(({ region, input }) => [region, input['Feature']]).sort()).toEqual([
        [abroad, 'SecurityHub'],
        [home, 'SecurityHub'],
        [home, 'SecurityHubV2'],
      ]);
    } finally {
      await simulator.close();
    }
  });
});
