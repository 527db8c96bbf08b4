import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSimulator, type Simulator } from '../../src/simulator/index.js';
import { delegate, endings, management, member, scenarioWith } from '../support/account.js';
import { syncFrom, type Options } from '../support/source.js';

const trails = 'aws_cloudtrail_trails';
const stores = 'aws_cloudtrail_event_data_stores';
const organizationTrail = `arn:aws:cloudtrail:us-east-1:${management}:trail/organization`;
const localTrail = `arn:aws:cloudtrail:eu-west-1:${management}:trail/local`;
const lake = `arn:aws:cloudtrail:us-east-1:${management}:eventdatastore/11111111-2222-4333-8444-555555555555`;

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator({
    scenario: scenarioWith({
      iam: {
        service_linked_roles: [
          { service_principal: 'cloudtrail.amazonaws.com', role_name: 'AWSServiceRoleForCloudTrail' },
        ],
      },
      cloudtrail: {
        trails: [
          { name: 'organization', home_region: 'us-east-1', organization: true, log_file_validation: true },
          {
            name: 'local',
            home_region: 'eu-west-1',
            multi_region: false,
            logging: false,
            stopped: '2024-05-06T07:08:09Z',
            delivery_error: 'NoSuchBucket',
          },
        ],
        event_data_stores: [
          {
            id: '11111111-2222-4333-8444-555555555555',
            name: 'lake',
            region: 'us-east-1',
            organization: true,
            federation: { status: 'ENABLED', role_arn: 'arn:aws:iam::111122223333:role/Lake' },
          },
        ],
      },
    }),
  });
});
afterEach(() => simulator.close());

const regions = ['eu-west-1', 'us-east-1'];
const sync = (table: string, { spec, ...options }: Options = {}) =>
  syncFrom(simulator, { tables: [table], spec: { regions, ...spec }, ...options });

/** Of the two Regions that the spec names; the others are left out. */
async function ended(table: string, options: Options = {}) {
  const synced = await sync(table, options);
  return {
    synced,
    ends: endings(synced, table)
      .filter(({ outcome }) => outcome !== 'skipped')
      .map(({ region, operation, scope, outcome, error_code, row_count }) =>
        [region, String(operation).split(':')[1], scope, outcome, error_code, row_count].map(String).join(' '),
      ),
  };
}

const row = {
  account_id: management,
  include_global_service_events: true,
  latest_delivery_error: null,
  latest_digest_delivery_error: null,
  latest_cloud_watch_logs_delivery_time: null,
  latest_cloud_watch_logs_delivery_error: null,
  latest_notification_time: null,
  latest_notification_error: null,
  s3_key_prefix: null,
  sns_topic_name: null,
  sns_topic_arn: null,
  cloud_watch_logs_log_group_arn: null,
  cloud_watch_logs_role_arn: null,
  kms_key_id: null,
  has_custom_event_selectors: false,
  has_insight_selectors: false,
  recursive_logging: null,
};
const organizationRow = {
  ...row,
  region: 'us-east-1',
  trail_arn: organizationTrail,
  name: 'organization',
  home_region: 'us-east-1',
  is_organization_trail: true,
  is_multi_region_trail: true,
  log_file_validation_enabled: true,
  is_logging: true,
  start_logging_time: '2024-02-01T08:00:00.000Z',
  stop_logging_time: null,
  latest_delivery_time: '2024-02-01T08:05:00.000Z',
  latest_digest_delivery_time: '2024-02-01T08:05:00.000Z',
  s3_bucket_name: 'organization-logs',
};
const localRow = {
  ...row,
  region: 'eu-west-1',
  trail_arn: localTrail,
  name: 'local',
  home_region: 'eu-west-1',
  is_organization_trail: false,
  is_multi_region_trail: false,
  log_file_validation_enabled: false,
  is_logging: false,
  start_logging_time: '2024-02-01T08:00:00.000Z',
  stop_logging_time: '2024-05-06T07:08:09.000Z',
  latest_delivery_time: null,
  latest_delivery_error: 'NoSuchBucket',
  latest_digest_delivery_time: null,
  s3_bucket_name: 'local-logs',
};

describe(trails, () => {
  it('each trail once, in its home Region, with its status', async () => {
    const { synced, ends } = await ended(trails);
    expect(synced.tables[trails]?.sort(byRegion)).toEqual([localRow, organizationRow]);
    expect(ends).toEqual([
      'eu-west-1 DescribeTrails  ok null 1',
      'eu-west-1 GetTrailStatus  ok null 0',
      'us-east-1 DescribeTrails  ok null 1',
      'us-east-1 GetTrailStatus  ok null 0',
    ]);
    expect(simulator.requests.filter(({ service }) => service === 'cloudtrail')).toHaveLength(4);
  });

  it.each([member, delegate])('the organization trail, as %s sees it', async (account) => {
    const { synced } = await ended(trails, { account });
    expect(synced.tables[trails]).toEqual([{ ...organizationRow, account_id: account }]);
  });

  it('none', async () => {
    simulator.change((scenario) => {
      scenario.cloudtrail.trails = [];
    });
    const { synced, ends } = await ended(trails);
    expect(synced.tables[trails]).toEqual([]);
    expect(ends).toEqual([
      'eu-west-1 DescribeTrails  ok null 0',
      'eu-west-1 GetTrailStatus  ok null 0',
      'us-east-1 DescribeTrails  ok null 0',
      'us-east-1 GetTrailStatus  ok null 0',
    ]);
  });

  it('denied in one Region', async () => {
    simulator.fault({ operation: 'cloudtrail:DescribeTrails', region: 'eu-west-1', kind: 'deny' });
    const { synced, ends } = await ended(trails);
    expect(synced.tables[trails]).toEqual([organizationRow]);
    expect(ends.slice(0, 2)).toEqual([
      'eu-west-1 DescribeTrails  denied AccessDeniedException 0',
      'eu-west-1 GetTrailStatus  denied AccessDeniedException 0',
    ]);
  });

  it('a status that is denied leaves the trail, and says so', async () => {
    simulator.fault({ operation: 'cloudtrail:GetTrailStatus', region: 'eu-west-1', kind: 'deny' });
    const { synced, ends } = await ended(trails);
    expect(synced.tables[trails]?.find(({ name }) => name === 'local')).toEqual({
      ...localRow,
      is_logging: null,
      start_logging_time: null,
      stop_logging_time: null,
      latest_delivery_error: null,
    });
    expect(ends.slice(0, 2)).toEqual([
      'eu-west-1 DescribeTrails  ok null 1',
      'eu-west-1 GetTrailStatus  denied AccessDeniedException 0',
    ]);
  });

  it('one of several statuses that is denied is told with its trail', async () => {
    simulator.change(({ cloudtrail }) => {
      const [first] = cloudtrail.trails;
      if (first) cloudtrail.trails.push({ ...first, name: 'second', organization: false });
    });
    simulator.fault({ operation: 'cloudtrail:GetTrailStatus', match: { Name: organizationTrail }, kind: 'deny' });
    const { ends } = await ended(trails);
    expect(ends).toContain(`us-east-1 GetTrailStatus ${organizationTrail} denied AccessDeniedException 0`);
    expect(ends).toContain('us-east-1 GetTrailStatus  ok null 0');
  });

  it('a trail that was deleted while it was read', async () => {
    const error = { kind: 'error', code: 'TrailNotFoundException', message: 'Unknown trail' } as const;
    simulator.fault({ operation: 'cloudtrail:GetTrailStatus', match: { Name: localTrail }, ...error });
    const { synced } = await ended(trails);
    expect(synced.errors).toEqual({});
    expect(synced.tables[trails]?.find(({ name }) => name === 'local')).toMatchObject({ is_logging: null });
  });

  it('a delegate whose management account lacks the role sees nothing, which is no "none"', async () => {
    simulator.change(({ iam }) => {
      iam.service_linked_roles = [];
    });
    for (const table of [trails, stores]) {
      const { synced, ends } = await ended(table, { account: delegate });
      expect(synced.announced).not.toContain(table);
      expect(ends.length).toBe(4);
      for (const end of ends) expect(end).toContain('denied NoManagementAccountSLRExistsException');
    }
  });

  it('throttled, then fine', async () => {
    simulator.fault({ operation: 'cloudtrail:DescribeTrails', kind: 'throttle', times: 2 });
    simulator.fault({ operation: 'cloudtrail:GetTrailStatus', kind: 'throttle', times: 1 });
    expect((await ended(trails)).synced.tables[trails]).toHaveLength(2);
  });

  it('Regions that are off, without the service, or left out', async () => {
    simulator.change(({ cloudtrail }) => {
      cloudtrail.absent_regions = ['eu-west-1'];
    });
    const { ends } = await ended(trails, { spec: { regions: ['af-south-1', 'us-east-1'] } });
    expect(ends).toEqual([
      'af-south-1 DescribeTrails  absent RegionDisabled 0',
      'af-south-1 GetTrailStatus  absent RegionDisabled 0',
      'us-east-1 DescribeTrails  ok null 1',
      'us-east-1 GetTrailStatus  ok null 0',
    ]);
    // The catalogue knows it there: a connection that ends is a failure, never "none".
    const broken = await ended(trails, { spec: { on_failure: 'report' } });
    expect(broken.ends[0]).toMatch(/^eu-west-1 DescribeTrails {2}failed (ECONNRESET|UND_ERR_SOCKET) 0$/);
  });
});

describe(stores, () => {
  const storeRow = {
    account_id: management,
    region: 'us-east-1',
    event_data_store_arn: lake,
    name: 'lake',
    status: 'ENABLED',
    organization_enabled: true,
    multi_region_enabled: true,
    federation_status: 'ENABLED',
    federation_role_arn: 'arn:aws:iam::111122223333:role/Lake',
    advanced_event_selectors: [
      { Name: 'Default management events', FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }] },
    ],
    retention_period: 366,
    billing_mode: 'EXTENDABLE_RETENTION_PRICING',
    termination_protection_enabled: true,
    kms_key_id: null,
    partition_keys: [{ Name: 'calendarday', Type: 'string' }],
    created_timestamp: '2024-03-01T08:00:00.000Z',
    updated_timestamp: '2024-03-01T08:00:00.000Z',
  };

  it('each store with its federation, also to the delegate', async () => {
    const { synced, ends } = await ended(stores);
    expect(synced.tables[stores]).toEqual([storeRow]);
    expect(ends).toEqual([
      'eu-west-1 GetEventDataStore  ok null 0',
      'eu-west-1 ListEventDataStores  ok null 0',
      'us-east-1 GetEventDataStore  ok null 0',
      'us-east-1 ListEventDataStores  ok null 1',
    ]);
    const asked = await ended(stores, { account: delegate });
    expect(asked.synced.tables[stores]).toEqual([{ ...storeRow, account_id: delegate }]);
    expect((await ended(stores, { account: member })).synced.tables[stores]).toEqual([]);
  });

  it('a store that may not be looked at is there, by ARN and name alone', async () => {
    simulator.fault({ operation: 'cloudtrail:GetEventDataStore', kind: 'deny' });
    const { synced, ends } = await ended(stores);
    const known = ['account_id', 'region', 'event_data_store_arn', 'name'];
    expect(synced.tables[stores]).toEqual([
      Object.fromEntries(Object.entries(storeRow).map(([name, value]) => [name, known.includes(name) ? value : null])),
    ]);
    expect(ends.slice(2)).toEqual([
      'us-east-1 GetEventDataStore  denied AccessDeniedException 0',
      'us-east-1 ListEventDataStores  ok null 1',
    ]);
  });

  it('denied, and throttled for a while', async () => {
    const denied = simulator.fault({ operation: 'cloudtrail:ListEventDataStores', kind: 'deny' });
    const { synced, ends } = await ended(stores);
    expect(synced.announced).not.toContain(stores);
    expect(ends.filter((end) => end.includes('denied AccessDeniedException'))).toHaveLength(4);
    denied.remove();
    simulator.fault({ operation: 'cloudtrail:*', kind: 'throttle', times: 3 });
    expect((await ended(stores, { spec: { max_retries: 4 } })).synced.tables[stores]).toEqual([storeRow]);
  });

  it('more than a page', async () => {
    const [first] = simulator.scenario.cloudtrail.event_data_stores;
    if (!first) throw new Error('the scenario has no event data store');
    simulator.change(({ cloudtrail }) => {
      cloudtrail.event_data_stores = Array.from({ length: 1001 }, (_, index) => ({
        ...first,
        id: `11111111-2222-4333-8444-${String(index).padStart(12, '0')}`,
        name: `store-${index}`,
      }));
    });
    const { synced, ends } = await ended(stores, { spec: { regions: ['us-east-1'] } });
    expect(new Set(synced.tables[stores]?.map(({ name }) => name)).size).toBe(1001);
    expect(synced.tables[stores]?.filter((each) => each['federation_status'] !== 'ENABLED')).toEqual([]);
    expect(ends).toEqual(['us-east-1 GetEventDataStore  ok null 0', 'us-east-1 ListEventDataStores  ok null 1001']);
  });
});

function byRegion(left: Record<string, unknown>, right: Record<string, unknown>): number {
  return String(left['region']) < String(right['region']) ? -1 : 1;
}
