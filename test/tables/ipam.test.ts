import { afterEach, beforeEach, expect, it } from 'vitest';
import { startSimulator, type Simulator } from '../../src/simulator/index.js';
import { endings, management, member, scenarioWith } from '../support/account.js';
import { syncFrom, type Options } from '../support/source.js';

const table = 'aws_ec2_ipams';
const operation = 'ec2:DescribeIpams';

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator({
    scenario: scenarioWith({
      ipam: {
        ipams: [
          {
            id: 'ipam-0123456789abcdef0',
            region: 'us-east-1',
            operating_regions: ['us-east-1', 'eu-west-1'],
            description: 'All addresses',
            tags: { team: 'network' },
          },
          { account: member, id: 'ipam-0123456789abcdef1', region: 'us-east-1' },
        ],
      },
    }),
  });
});
afterEach(() => simulator.close());

const sync = (options: Options = {}) =>
  syncFrom(simulator, { tables: [table], spec: { regions: ['af-south-1', 'eu-west-1', 'us-east-1'] }, ...options });
const ended = (region: string, outcome: string, error_code: string | null = null, row_count = 0) => ({
  region,
  operation,
  scope: '',
  outcome,
  error_code,
  row_count,
});
const asked = (synced: Awaited<ReturnType<typeof sync>>) =>
  endings(synced, table).filter(({ outcome }) => outcome !== 'skipped');

it('the IPAM of the account that asks, with all that AWS says of it', async () => {
  const synced = await sync();
  expect(synced.tables[table]).toEqual([
    {
      account_id: management,
      region: 'us-east-1',
      ipam_arn: 'arn:aws:ec2::111122223333:ipam/ipam-0123456789abcdef0',
      ipam_id: 'ipam-0123456789abcdef0',
      owner_id: management,
      ipam_region: 'us-east-1',
      operating_regions: [{ RegionName: 'us-east-1' }, { RegionName: 'eu-west-1' }],
      state: 'create-complete',
      state_message: null,
      tier: 'advanced',
      description: 'All addresses',
      public_default_scope_id: expect.stringMatching(/^ipam-scope-0/) as string,
      private_default_scope_id: expect.stringMatching(/^ipam-scope-0/) as string,
      scope_count: 2,
      default_resource_discovery_id: expect.stringMatching(/^ipam-res-disco-0/) as string,
      default_resource_discovery_association_id: expect.stringMatching(/^ipam-res-disco-assoc-0/) as string,
      resource_discovery_association_count: 1,
      enable_private_gua: false,
      metered_account: 'ipam-owner',
      tags: [{ Key: 'team', Value: 'network' }],
    },
  ]);
  expect(asked(synced)).toEqual([
    ended('af-south-1', 'absent', 'RegionDisabled'),
    ended('eu-west-1', 'ok'),
    ended('us-east-1', 'ok', null, 1),
  ]);
  expect((await sync({ account: member })).tables[table]).toMatchObject([
    { account_id: member, owner_id: member, ipam_id: 'ipam-0123456789abcdef1', description: null, tags: [] },
  ]);
});

it('more than a page', async () => {
  const [first] = simulator.scenario.ipam.ipams;
  if (!first) throw new Error('the scenario has no IPAM');
  simulator.change(({ ipam }) => {
    ipam.ipams = Array.from({ length: 1001 }, (_, index) => ({
      ...first,
      id: `ipam-${String(index).padStart(17, '0')}`,
    }));
  });
  const synced = await sync();
  expect(new Set(synced.tables[table]?.map((row) => row['ipam_id'])).size).toBe(1001);
  expect(asked(synced)).toContainEqual(ended('us-east-1', 'ok', null, 1001));
});

it('denied in one Region, and throttled for a while', async () => {
  simulator.fault({ operation, region: 'us-east-1', kind: 'deny' });
  simulator.fault({ operation, region: 'eu-west-1', kind: 'throttle', times: 2 });
  const synced = await sync();
  expect(synced.tables[table] ?? []).toEqual([]);
  expect(asked(synced)).toEqual([
    ended('af-south-1', 'absent', 'RegionDisabled'),
    ended('eu-west-1', 'ok'),
    ended('us-east-1', 'denied', 'UnauthorizedOperation'),
  ]);
});
