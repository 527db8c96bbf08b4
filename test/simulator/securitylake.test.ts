import {
  GetDataLakeOrganizationConfigurationCommand as Get,
  ListDataLakesCommand as List,
} from '@aws-sdk/client-securitylake';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startSimulator, type ScenarioInput, type Simulator } from '../../src/simulator/index.js';
import { clients, failure, MANAGEMENT } from './clients.js';

const LOGS = '222222222222';
const OTHER = '333333333333';
const STRANGER = '000000000001';

const scenario: ScenarioInput = {
  name: 'securitylake',
  organization: {
    management_account_id: MANAGEMENT,
    accounts: [
      { id: MANAGEMENT, name: 'Management' },
      { id: LOGS, name: 'Log Archive' },
      { id: OTHER, name: 'Other' },
    ],
    delegated_administrators: [
      { account: OTHER, service_principal: 'guardduty.amazonaws.com', since: '2026-01-01T00:00:00Z' },
      { account: LOGS, service_principal: 'securitylake.amazonaws.com', since: '2026-01-01T00:00:00Z' },
    ],
  },
  securitylake: {
    data_lakes: [
      {
        region: 'eu-central-1',
        kms_key_id: 'arn:aws:kms:eu-central-1:222222222222:key/1',
        expiration_days: 365,
        transitions: [{ days: 30, storage_class: 'ONEZONE_IA' }],
        replication: { regions: ['eu-west-1'], role_arn: 'arn:aws:iam::222222222222:role/Replication' },
        update_status: { status: 'FAILED', request_id: 'abc', exception: { code: 'X', reason: 'Y' } },
      },
      { region: 'eu-west-1', create_status: 'PENDING', s3_bucket_arn: 'arn:aws:s3:::lake' },
      { account: STRANGER, region: 'us-east-1' },
    ],
    organization_configuration: [
      {
        region: 'eu-central-1',
        sources: [{ source_name: 'VPC_FLOW' }, { source_name: 'ROUTE53', source_version: '1.0' }],
      },
      { region: '*', except_regions: ['eu-central-1', 'us-east-1'], sources: [{ source_name: 'WAF' }] },
    ],
  },
};

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator({ scenario });
});
afterEach(() => simulator.close());

const at = (account: string, region = 'us-east-1') => clients(simulator, { account, region }).securitylake;

test('every lake from any Region, and some by Region', async () => {
  const frankfurt = {
    createStatus: 'COMPLETED',
    dataLakeArn: 'arn:aws:securitylake:eu-central-1:222222222222:data-lake/default',
    encryptionConfiguration: { kmsKeyId: 'arn:aws:kms:eu-central-1:222222222222:key/1' },
    lifecycleConfiguration: { expiration: { days: 365 }, transitions: [{ days: 30, storageClass: 'ONEZONE_IA' }] },
    region: 'eu-central-1',
    replicationConfiguration: { regions: ['eu-west-1'], roleArn: 'arn:aws:iam::222222222222:role/Replication' },
    s3BucketArn: expect.stringMatching(/^arn:aws:s3:::aws-security-data-lake-eu-central-1-[0-9a-f]{16}$/) as string,
    updateStatus: { status: 'FAILED', requestId: 'abc', exception: { code: 'X', reason: 'Y' } },
  };
  const ireland = {
    createStatus: 'PENDING',
    dataLakeArn: 'arn:aws:securitylake:eu-west-1:222222222222:data-lake/default',
    encryptionConfiguration: { kmsKeyId: 'S3_MANAGED_KEY' },
    lifecycleConfiguration: { transitions: [] },
    region: 'eu-west-1',
    s3BucketArn: 'arn:aws:s3:::lake',
  };
  expect((await at(LOGS).send(new List({}))).dataLakes).toEqual([frankfurt, ireland]);
  const some = new List({ regions: ['eu-west-1', 'us-east-1'] });
  expect((await at(LOGS, 'eu-west-1').send(some)).dataLakes).toEqual([ireland]);
  expect((await at(LOGS).send(new List({ regions: ['us-east-1'] }))).dataLakes).toEqual([]);
  expect(await failure(at(LOGS).send(new List({ regions: ['eu-west-1', 'nowhere'] })))).toMatchObject({
    name: 'BadRequestException',
    status: 400,
  });
});

test('what new accounts send, Region by Region, where the service is', async () => {
  const { autoEnableNewAccount: found = [] } = await at(LOGS).send(new Get({}));
  expect(found.find(({ region }) => region === 'eu-central-1')?.sources).toEqual([
    { sourceName: 'VPC_FLOW', sourceVersion: '2.0' },
    { sourceName: 'ROUTE53', sourceVersion: '1.0' },
  ]);
  const regions = found.map(({ region }) => region);
  expect(regions).toContain('eu-west-1');
  expect(regions).not.toContain('us-east-1');
  // Off, and without Security Lake.
  expect(regions).not.toContain('me-south-1');
  simulator.change((edited) => {
    edited.opted_in_regions = ['me-south-1'];
  });
  expect((await at(LOGS).send(new Get({}))).autoEnableNewAccount).toHaveLength(found.length);
});

test('in the organization its delegated administrator alone may ask', async () => {
  const refused = {
    name: 'AccessDeniedException',
    message:
      "The request failed because you don't have sufficient permissions to perform this operation for your organization. Contact your administrator for assistance.",
    status: 403,
  };
  for (const account of [MANAGEMENT, OTHER]) {
    expect(await failure(at(account).send(new List({})))).toMatchObject(refused);
    expect(await failure(at(account).send(new Get({})))).toMatchObject(refused);
  }
  const { dataLakes } = await at(STRANGER).send(new List({}));
  expect(dataLakes?.map(({ region }) => region)).toEqual(['us-east-1']);
});

test('nothing is an error for the organization, and an empty list of lakes', async () => {
  const none = { name: 'ResourceNotFoundException', message: 'The resource could not be found.', status: 404 };
  simulator.change(({ securitylake }) => {
    securitylake.organization_configuration = [];
  });
  expect(await failure(at(LOGS).send(new Get({})))).toMatchObject(none);
  simulator.setScenario({ ...scenario, securitylake: { ...scenario.securitylake, data_lakes: [] } });
  expect(await failure(at(LOGS).send(new Get({})))).toMatchObject(none);
  expect((await at(LOGS).send(new List({}))).dataLakes).toEqual([]);
});

test('denied by IAM, throttled, and not in every Region', async () => {
  simulator.change((edited) => {
    edited.denied = [{ action: 'securitylake:*', region: 'us-east-1' }];
    edited.opted_in_regions = ['me-south-1'];
  });
  const denied = await failure(at(LOGS).send(new List({})));
  expect(denied).toMatchObject({ name: 'AccessDeniedException', status: 403 });
  expect(denied.message).toContain('is not authorized to perform: securitylake:ListDataLakes');
  expect((await failure(at(LOGS, 'me-south-1').send(new List({})))).status).toBeUndefined();
  simulator.fault({ operation: 'securitylake:*', kind: 'throttle' });
  expect(await failure(at(LOGS, 'us-east-2').send(new Get({})))).toMatchObject({
    name: 'ThrottlingException',
    status: 429,
  });
});
