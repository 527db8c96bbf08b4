import {
  DescribeOrganizationConfigurationCommand as Describe,
  ListDetectorsCommand,
  paginateDescribeOrganizationConfiguration,
} from '@aws-sdk/client-guardduty';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startSimulator, type Simulator } from '../../src/simulator/index.js';
import { clients, failure, MANAGEMENT, signed } from './clients.js';

const SECURITY = '222222222222';
const WORKLOAD = '333333333333';

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator({ scenario: 'minimal' });
  simulator.change(({ guardduty }) => {
    guardduty.administrators = {
      '*': { account: SECURITY, status: 'ENABLED' },
      'eu-west-1': { account: MANAGEMENT, status: 'ENABLED' },
      'eu-west-2': null,
    };
    guardduty.detectors = [WORKLOAD];
    guardduty.organization_configuration = {
      '*': { auto_enable_organization_members: 'ALL', member_account_limit_reached: false },
      'us-east-2': { auto_enable_organization_members: 'NEW', member_account_limit_reached: true },
      'us-west-1': { auto_enable_organization_members: 'NONE', member_account_limit_reached: false },
      'us-west-2': {
        auto_enable_organization_members: 'ALL',
        member_account_limit_reached: false,
        features: [{ name: 'S3_DATA_EVENTS', auto_enable: 'NEW', additional_configuration: [] }],
      },
    };
  });
});
afterEach(() => simulator.close());

const at = (account: string, region: string) => clients(simulator, { account, region }).guardduty;
const detectorOf = async (account: string, region: string) =>
  (await at(account, region).send(new ListDetectorsCommand({}))).DetectorIds?.[0];
const ask = async (account: string, region: string, input: object = {}) => {
  const DetectorId = (await detectorOf(account, region)) ?? '0'.repeat(32);
  const answer = await at(account, region).send(new Describe({ DetectorId, ...input }));
  return { ...answer, $metadata: undefined };
};

test('an administrator has a detector where it is one, a different one in each Region', async () => {
  const ids = await Promise.all([
    detectorOf(SECURITY, 'ap-southeast-1'),
    detectorOf(SECURITY, 'ap-southeast-2'),
    detectorOf(WORKLOAD, 'ap-southeast-1'),
  ]);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/);
  expect(new Set(ids).size).toBe(3);
  expect(await detectorOf(SECURITY, 'eu-west-1')).toBeUndefined();
});

test('ALL: the members, each feature, and what is deprecated', async () => {
  const on = (name: string) => ({ Name: name, AutoEnable: 'ALL', AdditionalConfiguration: [] });
  expect(await ask(SECURITY, 'us-east-1')).toEqual({
    AutoEnable: true,
    AutoEnableOrganizationMembers: 'ALL',
    MemberAccountLimitReached: false,
    DataSources: {
      S3Logs: { AutoEnable: true },
      Kubernetes: { AuditLogs: { AutoEnable: true } },
      MalwareProtection: { ScanEc2InstanceWithFindings: { EbsVolumes: { AutoEnable: true } } },
    },
    Features: [
      ...['S3_DATA_EVENTS', 'EKS_AUDIT_LOGS', 'EBS_MALWARE_PROTECTION'].map(on),
      ...['RDS_LOGIN_EVENTS', 'LAMBDA_NETWORK_LOGS'].map(on),
      {
        Name: 'EKS_RUNTIME_MONITORING',
        AutoEnable: 'NONE',
        AdditionalConfiguration: [{ Name: 'EKS_ADDON_MANAGEMENT', AutoEnable: 'NONE' }],
      },
      {
        Name: 'RUNTIME_MONITORING',
        AutoEnable: 'ALL',
        AdditionalConfiguration: [
          { Name: 'EKS_ADDON_MANAGEMENT', AutoEnable: 'ALL' },
          { Name: 'ECS_FARGATE_AGENT_MANAGEMENT', AutoEnable: 'ALL' },
          { Name: 'EC2_AGENT_MANAGEMENT', AutoEnable: 'ALL' },
        ],
      },
    ],
  });
});

test('NEW, NONE, and features of their own', async () => {
  expect(await ask(SECURITY, 'us-east-2')).toMatchObject({
    AutoEnable: true,
    AutoEnableOrganizationMembers: 'NEW',
    MemberAccountLimitReached: true,
  });
  expect(await ask(SECURITY, 'us-west-1')).toMatchObject({
    AutoEnable: false,
    AutoEnableOrganizationMembers: 'NONE',
    DataSources: { S3Logs: { AutoEnable: false }, Kubernetes: { AuditLogs: { AutoEnable: false } } },
  });
  expect(await ask(SECURITY, 'us-west-2')).toMatchObject({
    AutoEnableOrganizationMembers: 'ALL',
    DataSources: { S3Logs: { AutoEnable: true }, Kubernetes: { AuditLogs: { AutoEnable: false } } },
    Features: [{ Name: 'S3_DATA_EVENTS', AutoEnable: 'NEW', AdditionalConfiguration: [] }],
  });
  expect((await ask(MANAGEMENT, 'eu-west-1')).AutoEnableOrganizationMembers).toBe('ALL');
});

test('pages of features, each with what is said once', async () => {
  const client = at(SECURITY, 'us-east-1');
  const DetectorId = await detectorOf(SECURITY, 'us-east-1');
  const names: unknown[] = [];
  for await (const page of paginateDescribeOrganizationConfiguration({ client, pageSize: 3 }, { DetectorId })) {
    expect(page.AutoEnableOrganizationMembers).toBe('ALL');
    names.push(page.Features?.map(({ Name }) => Name));
  }
  expect(names).toEqual([
    ['S3_DATA_EVENTS', 'EKS_AUDIT_LOGS', 'EBS_MALWARE_PROTECTION'],
    ['RDS_LOGIN_EVENTS', 'LAMBDA_NETWORK_LOGS', 'EKS_RUNTIME_MONITORING'],
    ['RUNTIME_MONITORING'],
  ]);
  for (const input of [{ MaxResults: 0 }, { MaxResults: 51 }, { NextToken: 'x' }, { DetectorId: 'x'.repeat(301) }]) {
    expect(await failure(ask(SECURITY, 'us-east-1', input))).toMatchObject({
      name: 'BadRequestException',
      status: 400,
    });
  }
});

test('a detector of somebody else or of another Region, and an account that is not the administrator', async () => {
  const notOwn = 'The request is rejected because the input detectorId is not owned by the current account.';
  const refused = { name: 'BadRequestException', status: 400 };
  for (const DetectorId of [await detectorOf(WORKLOAD, 'us-east-1'), await detectorOf(SECURITY, 'us-east-2')]) {
    expect(await failure(ask(SECURITY, 'us-east-1', { DetectorId }))).toMatchObject({ ...refused, message: notOwn });
  }
  for (const [account, region] of [
    [MANAGEMENT, 'us-east-1'],
    [SECURITY, 'eu-west-1'],
    [SECURITY, 'eu-west-2'],
  ] as const) {
    expect(await failure(ask(account, region))).toMatchObject({ ...refused, message: notOwn });
  }
  expect(await failure(ask(WORKLOAD, 'us-east-1'))).toMatchObject({
    ...refused,
    message: 'The request is rejected because an invalid or out-of-range value is specified as an input parameter.',
  });
});

test('on the wire the detector is one part of the path', async () => {
  const fetched = async (path: string) => {
    const response = await fetch(`${simulator.url}${path}`, { headers: signed('guardduty', { account: SECURITY }) });
    return [response.status, ((await response.json()) as { __type?: string }).__type];
  };
  const id = (await detectorOf(SECURITY, 'us-east-1')) ?? '';
  expect(await fetched(`/detector/${id}/admin?maxResults=1`)).toEqual([200, undefined]);
  expect(await fetched('/detector/a%2Fb/admin')).toEqual([400, 'InvalidInputException']);
  for (const path of [
    '/detector/admin',
    '/detector//admin',
    '/detector/a/b/admin',
    '/detector/%zz/admin',
    '/detector/a',
  ]) {
    expect(await fetched(path)).toEqual([404, 'UnknownOperationException']);
  }
});
