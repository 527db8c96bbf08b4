import { describe, expect, it } from 'vitest';
import type { ScenarioInput } from '../../src/simulator/index.js';
import { management, network, readTable, security } from '../support/reading.js';
import type { Row } from '../support/source.js';

const table = 'aws_inspector2_organization_admin_accounts';
const list = 'inspector2:ListDelegatedAdminAccounts';
const get = 'inspector2:GetDelegatedAdminAccount';

type Inspector = NonNullable<ScenarioInput['inspector2']>;

const row = (region: string, id: string, more: Row = {}): Row => ({
  account_id: management,
  region,
  admin_account_id: id,
  admin_status: 'ENABLED',
  relationship_status: 'ENABLED',
  delegated_admin_account_id: id,
  ...more,
});
const notGot = { relationship_status: null, delegated_admin_account_id: null };

/** Both reads of a Region: nobody there, and so no second call. */
const nobodyIn = (region: string): unknown[][] => [
  [region, get, '', 'ok', null, 0, 0],
  [region, list, '', 'ok', null, 1, 0],
];
const oneIn = (region: string): unknown[][] => [
  [region, get, '', 'ok', null, 1, 0],
  [region, list, '', 'ok', null, 1, 1],
];
const neitherIn = (region: string, outcome: string, code: string, requests = 1): unknown[][] => [
  [region, get, '', outcome, code, 0, 0],
  [region, list, '', outcome, code, requests, 0],
];

const inTwoRegions = { regions: ['eu-west-1', 'us-east-1'] };
const one: Inspector = { administrators: { '*': { account: security } } };

describe('Inspector administrators', () => {
  it('nobody: an empty list, and no call about an administrator', async () => {
    expect(await readTable(table, { spec: inTwoRegions })).toEqual({
      rows: [],
      reads: [...nobodyIn('eu-west-1'), ...nobodyIn('us-east-1')],
      error: undefined,
    });
  });

  it('never switched on: no error of its own, the list is empty', async () => {
    const inspector2: Inspector = { ...one, not_enabled: ['eu-west-1'] };
    expect(await readTable(table, { scenario: { inspector2 }, spec: inTwoRegions })).toEqual({
      rows: [row('us-east-1', security)],
      reads: [...nobodyIn('eu-west-1'), ...oneIn('us-east-1')],
      error: undefined,
    });
  });

  it('another one in each Region, with both words for its state', async () => {
    const inspector2: Inspector = {
      administrators: {
        'eu-west-1': { account: network, relationship_status: 'ACCOUNT_SUSPENDED' },
        'us-east-1': { account: security, status: 'DISABLE_IN_PROGRESS', relationship_status: 'REMOVED' },
      },
    };
    expect(await readTable(table, { scenario: { inspector2 }, spec: inTwoRegions })).toEqual({
      rows: [
        row('eu-west-1', network, { relationship_status: 'ACCOUNT_SUSPENDED' }),
        row('us-east-1', security, { admin_status: 'DISABLE_IN_PROGRESS', relationship_status: 'REMOVED' }),
      ],
      reads: [...oneIn('eu-west-1'), ...oneIn('us-east-1')],
      error: undefined,
    });
  });

  it('two at once: the second call names one of them, and each row says which', async () => {
    const inspector2: Inspector = {
      administrators: { 'us-east-1': [{ account: security, status: 'DISABLE_IN_PROGRESS' }, { account: network }] },
    };
    expect(await readTable(table, { scenario: { inspector2 }, spec: { regions: ['us-east-1'] } })).toEqual({
      rows: [
        row('us-east-1', security, { admin_status: 'DISABLE_IN_PROGRESS' }),
        row('us-east-1', network, { relationship_status: null, delegated_admin_account_id: security }),
      ],
      reads: [
        ['us-east-1', get, '', 'ok', null, 2, 0],
        ['us-east-1', list, '', 'ok', null, 1, 2],
      ],
      error: undefined,
    });
  });

  it('two pages: an answer carries five', async () => {
    const accounts = [0, 1, 2, 3, 4, 5].map((last) => `90000000000${last}`);
    const ofAnother = { relationship_status: null, delegated_admin_account_id: '900000000000' };
    const inspector2: Inspector = {
      administrators: { 'us-east-1': accounts.map((account) => ({ account })) },
    };
    expect(await readTable(table, { scenario: { inspector2 }, spec: { regions: ['us-east-1'] } })).toEqual({
      rows: accounts.map((id, index) => row('us-east-1', id, index === 0 ? {} : ofAnother)),
      reads: [
        ['us-east-1', get, '', 'ok', null, 6, 0],
        ['us-east-1', list, '', 'ok', null, 2, 6],
      ],
      error: undefined,
    });
  });

  it('denied', async () => {
    const scenario = { inspector2: one, denied: ['inspector2:*'] };
    expect(await readTable(table, { scenario, spec: inTwoRegions })).toEqual({
      rows: null,
      reads: [
        ...neitherIn('eu-west-1', 'denied', 'AccessDeniedException'),
        ...neitherIn('us-east-1', 'denied', 'AccessDeniedException'),
      ],
      error: expect.stringContaining(`allow ${get}, ${list}`) as string,
    });
  });

  it('only the second call denied: the rows are there, without what it would have told', async () => {
    const scenario = { inspector2: one, denied: [{ action: get, region: 'eu-west-1' }] };
    expect(await readTable(table, { scenario, spec: inTwoRegions })).toEqual({
      rows: [row('eu-west-1', security, notGot), row('us-east-1', security)],
      reads: [
        ['eu-west-1', get, '', 'denied', 'AccessDeniedException', 1, 0],
        ['eu-west-1', list, '', 'ok', null, 1, 1],
        ...oneIn('us-east-1'),
      ],
      error: expect.stringContaining(get) as string,
    });
  });

  it('removed between the two calls', async () => {
    const faults = [{ operation: get, kind: 'error', code: 'ResourceNotFoundException', status: 404 }] as const;
    const scenario = { inspector2: one };
    expect(await readTable(table, { scenario, faults, spec: { regions: ['us-east-1'] } })).toEqual({
      rows: [row('us-east-1', security, notGot)],
      reads: oneIn('us-east-1'),
      error: undefined,
    });
  });

  it('throttled, then fine', async () => {
    const faults = [{ operation: 'inspector2:*', region: 'eu-west-1', kind: 'throttle', times: 2 }] as const;
    expect(await readTable(table, { scenario: { inspector2: one }, faults, spec: inTwoRegions })).toEqual({
      rows: [row('eu-west-1', security), row('us-east-1', security)],
      reads: [
        ['eu-west-1', get, '', 'ok', null, 1, 0],
        ['eu-west-1', list, '', 'ok', null, 3, 1],
        ...oneIn('us-east-1'),
      ],
      error: undefined,
    });
  });

  it('a member asks', async () => {
    const asked = { scenario: { inspector2: one }, account: security, spec: { regions: ['us-east-1'] } };
    expect(await readTable(table, asked)).toEqual({
      rows: null,
      reads: neitherIn('us-east-1', 'denied', 'AccessDeniedException'),
      error: expect.stringContaining(list) as string,
    });
  });

  it('where it is not, and where the Region is off: not asked', async () => {
    const scenario: Partial<ScenarioInput> = { inspector2: one, opted_in_regions: ['ap-southeast-6'] };
    const spec = { regions: ['af-south-1', 'ap-southeast-6', 'us-east-1'] };
    expect(await readTable(table, { scenario, spec })).toEqual({
      rows: [row('us-east-1', security)],
      reads: [
        ...neitherIn('af-south-1', 'absent', 'RegionDisabled', 0),
        ...neitherIn('ap-southeast-6', 'absent', 'ServiceNotInRegion', 0),
        ...oneIn('us-east-1'),
      ],
      error: undefined,
    });
  });

  it('a Region that is off, where nobody may list them: asked', async () => {
    const scenario = { inspector2: one, denied: ['ec2:DescribeRegions'] };
    expect((await readTable(table, { scenario, spec: { regions: ['af-south-1'] } })).reads).toEqual(
      neitherIn('af-south-1', 'absent', 'RegionDisabled'),
    );
  });

  it('no connection where it should be: nobody knows', async () => {
    const scenario = { inspector2: { ...one, absent_regions: ['us-east-1'] } };
    const spec = { regions: ['us-east-1'], on_failure: 'report' };
    expect(await readTable(table, { scenario, spec })).toEqual({
      rows: null,
      reads: neitherIn('us-east-1', 'failed', 'ECONNRESET', 3),
      error: expect.stringContaining(list) as string,
    });
  });
});
