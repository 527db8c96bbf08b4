import { ListOrganizationServiceAccessStatusCommand as List } from '@aws-sdk/client-networkmanager';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startSimulator, type Simulator } from '../../src/simulator/index.js';
import { delegate, member, scenarioWith } from '../support/account.js';
import { clients, failure } from './clients.js';

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator({ scenario: scenarioWith() });
});
afterEach(() => simulator.close());

const region = 'us-west-2';

test('never switched on', async () => {
  const { OrganizationStatus } = await clients(simulator, { region }).networkmanager.send(new List({}));
  expect(OrganizationStatus).toEqual({
    OrganizationId: 'o-exampleorgid',
    OrganizationAwsServiceAccessStatus: 'DISABLED',
    AccountStatusList: [],
  });
});

test('switched on: accounts in pages of 500, to the management account and its delegates', async () => {
  simulator.change((scenario) => {
    scenario.networkmanager.organization_access = {
      status: 'ENABLED',
      slr_deployment_status: 'IN_PROGRESS',
      accounts: Array.from({ length: 501 }, (_, index) => ({
        account: String(400000000000 + index),
        slr_deployment_status: 'SUCCEEDED',
      })),
    };
  });
  const { networkmanager } = clients(simulator, { region, account: delegate });
  const first = await networkmanager.send(new List({}));
  expect(first.OrganizationStatus?.AccountStatusList).toHaveLength(500);
  const { NextToken = '' } = first;
  expect((await networkmanager.send(new List({ NextToken }))).OrganizationStatus).toEqual({
    OrganizationId: 'o-exampleorgid',
    OrganizationAwsServiceAccessStatus: 'ENABLED',
    SLRDeploymentStatus: 'IN_PROGRESS',
    AccountStatusList: [{ AccountId: '400000000500', SLRDeploymentStatus: 'SUCCEEDED' }],
  });
  expect((await failure(networkmanager.send(new List({ MaxResults: 501 })))).name).toBe('ValidationException');
  const asMember = clients(simulator, { region, account: member }).networkmanager.send(new List({}));
  expect(await failure(asMember)).toMatchObject({ name: 'AccessDeniedException', status: 403 });
});

test('one endpoint, and none in China', async () => {
  const wrong = clients(simulator, { region: 'us-east-1' }).networkmanager.send(new List({}));
  expect((await failure(wrong)).name).toBe('InvalidSignatureException');
  simulator.setScenario({ ...scenarioWith(), partition: 'aws-cn' });
  const china = clients(simulator, { region: 'cn-north-1' }).networkmanager.send(new List({}));
  expect((await failure(china)).status).toBeUndefined();
});
