import { ListAnalyzersCommand as List } from '@aws-sdk/client-accessanalyzer';
import { expect, test } from 'vitest';
import type { ScenarioInput } from '../../src/simulator/index.js';
import { clients, failure, MANAGEMENT, withSimulator } from './clients.js';

const SECURITY = '222222222222';
const scenario: ScenarioInput = {
  name: 'accessanalyzer',
  organization: {
    management_account_id: MANAGEMENT,
    accounts: [
      { id: MANAGEMENT, name: 'Management' },
      { id: SECURITY, name: 'Security' },
    ],
  },
  accessanalyzer: {
    analyzers: [
      {
        account: SECURITY,
        region: '*',
        except_regions: ['eu-north-1'],
        name: 'organization',
        created: '2026-01-02T03:04:05Z',
        last_resource_analyzed: 'arn:aws:s3:::bucket',
        last_resource_analyzed_at: '2026-02-03T04:05:06.789Z',
        tags: { team: 'security' },
      },
      {
        account: SECURITY,
        region: 'us-east-1',
        name: 'unused',
        type: 'ORGANIZATION_UNUSED_ACCESS',
        status: 'DISABLED',
        status_reason: 'AWS_SERVICE_ACCESS_DISABLED',
        created: '2026-01-02T03:04:05Z',
        managed_by: 'securityhubv2.amazonaws.com',
      },
      { region: 'us-east-1', name: 'own', type: 'ACCOUNT' },
    ],
    absent_regions: ['us-west-1'],
  },
};

test('those of the account in the Region, without their configuration', async () => {
  await withSimulator({ scenario }, async (simulator) => {
    const at = (account: string, region: string) => clients(simulator, { account, region }).accessanalyzer;
    const organization = {
      arn: 'arn:aws:access-analyzer:us-east-1:222222222222:analyzer/organization',
      name: 'organization',
      type: 'ORGANIZATION',
      createdAt: new Date('2026-01-02T03:04:05Z'),
      lastResourceAnalyzed: 'arn:aws:s3:::bucket',
      lastResourceAnalyzedAt: new Date('2026-02-03T04:05:06.789Z'),
      tags: { team: 'security' },
      status: 'ACTIVE',
    };
    const unused = {
      arn: 'arn:aws:access-analyzer:us-east-1:222222222222:analyzer/unused',
      name: 'unused',
      type: 'ORGANIZATION_UNUSED_ACCESS',
      createdAt: new Date('2026-01-02T03:04:05Z'),
      tags: {},
      status: 'DISABLED',
      statusReason: { code: 'AWS_SERVICE_ACCESS_DISABLED' },
      managedBy: 'securityhubv2.amazonaws.com',
    };
    const { analyzers, nextToken } = await at(SECURITY, 'us-east-1').send(new List({}));
    expect(analyzers).toEqual([organization, unused]);
    expect(nextToken).toBeUndefined();
    const names = async (account: string, region: string, input = {}) =>
      (await at(account, region).send(new List(input))).analyzers?.map(({ name }) => name);
    expect(await names(SECURITY, 'us-east-1', { type: 'ORGANIZATION_UNUSED_ACCESS' })).toEqual(['unused']);
    expect(await names(SECURITY, 'eu-west-1')).toEqual(['organization']);
    expect(await names(SECURITY, 'eu-north-1')).toEqual([]);
    expect(await names(MANAGEMENT, 'us-east-1')).toEqual(['own']);
    expect(await names('000000000001', 'us-east-1')).toEqual([]);
  });
});

test('pages, what is refused, denied, throttled, and not there', async () => {
  await withSimulator({ scenario }, async (simulator) => {
    const { accessanalyzer } = clients(simulator, { account: SECURITY });
    const first = await accessanalyzer.send(new List({ maxResults: 1 }));
    const second = await accessanalyzer.send(new List({ maxResults: 1, nextToken: first.nextToken }));
    expect([first, second].map(({ analyzers }) => analyzers?.map(({ name }) => name))).toEqual([
      ['organization'],
      ['unused'],
    ]);
    expect(second.nextToken).toBeUndefined();
    for (const [input, reason] of [
      [{ nextToken: 'x' }, 'other'],
      [{ type: 'EVERYTHING' as never }, 'fieldValidationFailed'],
      [{ maxResults: 0 }, 'fieldValidationFailed'],
    ] as const) {
      const refused = accessanalyzer.send(new List(input));
      await expect(refused).rejects.toMatchObject({ name: 'ValidationException', reason });
    }
    simulator.change((edited) => {
      edited.denied = ['access-analyzer:ListAnalyzers'];
    });
    expect(await failure(accessanalyzer.send(new List({})))).toMatchObject({
      name: 'AccessDeniedException',
      status: 403,
    });
    simulator.fault({ operation: 'access-analyzer:*', kind: 'throttle' });
    expect(await failure(accessanalyzer.send(new List({})))).toMatchObject({
      name: 'ThrottlingException',
      status: 429,
    });
    const absent = clients(simulator, { region: 'us-west-1' }).accessanalyzer;
    expect((await failure(absent.send(new List({})))).status).toBeUndefined();
  });
});
