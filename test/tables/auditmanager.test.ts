import { describe, expect, it } from 'vitest';
import type { ScenarioInput } from '../../src/simulator/index.js';
import { management, network, readTable, security, type Asked } from '../support/reading.js';
import type { Row } from '../support/source.js';

const table = 'aws_auditmanager_organization_admin_accounts';
const get = 'auditmanager:GetOrganizationAdminAccount';

type AuditManager = NonNullable<ScenarioInput['auditmanager']>;

const row = (region: string, id: string): Row => ({
  account_id: management,
  region,
  admin_account_id: id,
  organization_id: 'o-exampleorgid',
});
const read = (region: string, outcome: string, code: string | null, requests = 1, rows = 0): unknown[] => [
  region,
  get,
  '',
  outcome,
  code,
  requests,
  rows,
];
const oneIn = (region: string): unknown[] => read(region, 'ok', null, 1, 1);

const inTwoRegions = { regions: ['eu-west-1', 'us-east-1'] };
const one: AuditManager = { administrators: { '*': { account: security } } };

describe('Audit Manager administrators', () => {
  it('nobody: there is none', async () => {
    expect(await readTable(table, { spec: inTwoRegions })).toEqual({
      rows: [],
      reads: ['eu-west-1', 'us-east-1'].map((region) => read(region, 'absent', 'ResourceNotFoundException')),
      error: undefined,
    });
  });

  it('another one in each Region', async () => {
    const auditmanager: AuditManager = {
      administrators: { '*': { account: security }, 'eu-west-1': { account: network }, 'us-west-2': null },
    };
    const spec = { regions: ['eu-west-1', 'us-east-1', 'us-west-2'] };
    expect(await readTable(table, { scenario: { auditmanager }, spec })).toEqual({
      rows: [row('eu-west-1', network), row('us-east-1', security)],
      reads: [oneIn('eu-west-1'), oneIn('us-east-1'), read('us-west-2', 'absent', 'ResourceNotFoundException')],
      error: undefined,
    });
  });

  it('never set up in one Region', async () => {
    const scenario = { auditmanager: { ...one, not_enabled: ['eu-west-1'] } };
    expect(await readTable(table, { scenario, spec: inTwoRegions })).toEqual({
      rows: [row('us-east-1', security)],
      reads: [read('eu-west-1', 'absent', 'AccessDeniedException'), oneIn('us-east-1')],
      error: undefined,
    });
  });

  it('never set up at all', async () => {
    const scenario: Partial<ScenarioInput> = { auditmanager: { not_enabled: '*' } };
    expect(await readTable(table, { scenario, spec: inTwoRegions })).toEqual({
      rows: [],
      reads: ['eu-west-1', 'us-east-1'].map((region) => read(region, 'absent', 'AccessDeniedException')),
      error: undefined,
    });
  });

  it.each<[string, Asked]>([
    ['denied by IAM', { scenario: { auditmanager: one, denied: [get] } }],
    ['a member asks', { scenario: { auditmanager: one }, account: security }],
    ['an account of no organization asks', { scenario: { organization: null } }],
    [
      'the code of "never set up" in words that nobody knows',
      { faults: [{ operation: get, kind: 'error', code: 'AccessDeniedException', status: 403, message: 'No.' }] },
    ],
  ])('%s: denied, which is the same code', async (_what, asked) => {
    expect(await readTable(table, { ...asked, spec: inTwoRegions })).toEqual({
      rows: null,
      reads: ['eu-west-1', 'us-east-1'].map((region) => read(region, 'denied', 'AccessDeniedException')),
      error: expect.stringContaining(`allow ${get}`) as string,
    });
  });

  it('throttled, then fine', async () => {
    const faults = [{ operation: get, region: 'eu-west-1', kind: 'throttle', times: 2 }] as const;
    expect(await readTable(table, { scenario: { auditmanager: one }, faults, spec: inTwoRegions })).toEqual({
      rows: [row('eu-west-1', security), row('us-east-1', security)],
      reads: [read('eu-west-1', 'ok', null, 3, 1), oneIn('us-east-1')],
      error: undefined,
    });
  });

  it('where it is not, and where the Region is off: not asked', async () => {
    const scenario: Partial<ScenarioInput> = { auditmanager: one, opted_in_regions: ['il-central-1'] };
    const spec = { regions: ['af-south-1', 'eu-north-1', 'il-central-1', 'us-east-1'] };
    expect(await readTable(table, { scenario, spec })).toEqual({
      rows: [row('us-east-1', security)],
      reads: [
        read('af-south-1', 'absent', 'RegionDisabled', 0),
        read('eu-north-1', 'absent', 'ServiceNotInRegion', 0),
        read('il-central-1', 'absent', 'ServiceNotInRegion', 0),
        oneIn('us-east-1'),
      ],
      error: undefined,
    });
  });

  it('no connection where it should be: nobody knows', async () => {
    const scenario = { auditmanager: { ...one, absent_regions: ['us-east-1'] } };
    const spec = { regions: ['us-east-1'], on_failure: 'report' };
    expect(await readTable(table, { scenario, spec })).toEqual({
      rows: null,
      reads: [read('us-east-1', 'failed', 'ECONNRESET', 3)],
      error: expect.stringContaining(get) as string,
    });
  });
});
