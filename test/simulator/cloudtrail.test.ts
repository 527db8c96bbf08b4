import {
  DescribeTrailsCommand,
  GetEventDataStoreCommand,
  GetTrailStatusCommand,
  ListEventDataStoresCommand,
  paginateListEventDataStores,
} from '@aws-sdk/client-cloudtrail';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startSimulator, type Simulator } from '../../src/simulator/index.js';
import { delegate, management, member, scenarioWith } from '../support/account.js';
import { clients, failure } from './clients.js';

const organizationTrail = `arn:aws:cloudtrail:us-east-1:${management}:trail/organization`;

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
          { name: 'organization', home_region: 'us-east-1', organization: true },
          { name: 'local', home_region: 'eu-west-1', multi_region: false, logging: false },
        ],
        event_data_stores: [
          { name: 'everyone', region: 'us-east-1', organization: true },
          ...Array.from({ length: 1000 }, (_, index) => ({ name: `store-${index}`, region: 'us-east-1' })),
        ],
        absent_regions: ['eu-west-3'],
      },
    }),
  });
});
afterEach(() => simulator.close());

async function trails(region: string, account = management, includeShadowTrails?: boolean): Promise<unknown[]> {
  const { cloudtrail } = clients(simulator, { account, region });
  const { trailList = [] } = await cloudtrail.send(new DescribeTrailsCommand({ includeShadowTrails }));
  return trailList.map(({ Name }) => Name);
}

test('a trail shows in its home Region, and as a shadow wherever else it logs', async () => {
  expect(await trails('us-east-1')).toEqual(['organization']);
  expect(await trails('eu-west-1')).toEqual(['organization', 'local']);
  expect(await trails('eu-west-1', management, false)).toEqual(['local']);
  expect(await trails('eu-west-2', management, false)).toEqual([]);
});

test('to a member, and to a delegate, an organization trail is a shadow everywhere', async () => {
  for (const account of [member, delegate]) {
    expect(await trails('us-east-1', account)).toEqual(['organization']);
    expect(await trails('us-east-1', account, false)).toEqual([]);
  }
  expect(await trails('us-east-1', '999999999999')).toEqual([]);
});

test('status: by name in its own Region and account, otherwise by ARN', async () => {
  const here = clients(simulator).cloudtrail;
  const there = clients(simulator, { region: 'eu-west-1' }).cloudtrail;
  expect(await here.send(new GetTrailStatusCommand({ Name: 'organization' }))).toMatchObject({ IsLogging: true });
  expect(await there.send(new GetTrailStatusCommand({ Name: 'local' }))).toMatchObject({ IsLogging: false });
  expect(await there.send(new GetTrailStatusCommand({ Name: organizationTrail }))).toMatchObject({ IsLogging: true });
  expect(await failure(there.send(new GetTrailStatusCommand({ Name: 'organization' })))).toMatchObject({
    name: 'TrailNotFoundException',
    message: 'Unknown trail: organization for the user: 111122223333',
    status: 400,
  });
  const asMember = clients(simulator, { account: member }).cloudtrail;
  expect(await asMember.send(new GetTrailStatusCommand({ Name: organizationTrail }))).toMatchObject({
    IsLogging: true,
  });
  const unknown = asMember.send(new GetTrailStatusCommand({ Name: 'organization' }));
  expect((await failure(unknown)).name).toBe('TrailNotFoundException');
});

test('event data stores: the list names them, one call each says the rest', async () => {
  const { cloudtrail } = clients(simulator);
  const first = await cloudtrail.send(new ListEventDataStoresCommand({}));
  expect(first.EventDataStores).toHaveLength(1000);
  expect(Object.keys(first.EventDataStores?.[0] ?? {}).sort()).toEqual(['EventDataStoreArn', 'Name']);
  let count = 0;
  for await (const page of paginateListEventDataStores({ client: cloudtrail }, {})) {
    count += page.EventDataStores?.length ?? 0;
  }
  expect(count).toBe(1001);
  const EventDataStore = first.EventDataStores?.[0]?.EventDataStoreArn;
  expect(await cloudtrail.send(new GetEventDataStoreCommand({ EventDataStore }))).toMatchObject({
    Name: 'everyone',
    FederationStatus: 'DISABLED',
    OrganizationEnabled: true,
  });
  const elsewhere = clients(simulator, { region: 'eu-west-1' }).cloudtrail;
  expect((await elsewhere.send(new ListEventDataStoresCommand({}))).EventDataStores).toEqual([]);
  const asDelegate = clients(simulator, { account: delegate }).cloudtrail;
  expect((await asDelegate.send(new ListEventDataStoresCommand({}))).EventDataStores).toMatchObject([
    { Name: 'everyone' },
  ]);
  const asMember = clients(simulator, { account: member }).cloudtrail;
  expect((await asMember.send(new ListEventDataStoresCommand({}))).EventDataStores).toEqual([]);
});

test('a delegate whose management account lacks the role', async () => {
  simulator.change((scenario) => {
    scenario.iam.service_linked_roles = [];
  });
  const { cloudtrail } = clients(simulator, { account: delegate });
  for (const asked of [
    cloudtrail.send(new DescribeTrailsCommand({})),
    cloudtrail.send(new ListEventDataStoresCommand({})),
  ]) {
    expect((await failure(asked)).name).toBe('NoManagementAccountSLRExistsException');
  }
  // The management account needs no such road.
  expect(await trails('us-east-1')).toEqual(['organization']);
});

test('a Region without CloudTrail, and one that is off', async () => {
  const absent = clients(simulator, { region: 'eu-west-3' }).cloudtrail.send(new DescribeTrailsCommand({}));
  expect((await failure(absent)).status).toBeUndefined();
  const off = clients(simulator, { region: 'af-south-1' }).cloudtrail.send(new DescribeTrailsCommand({}));
  expect((await failure(off)).name).toBe('UnrecognizedClientException');
});
