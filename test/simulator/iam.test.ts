import { ListOrganizationsFeaturesCommand, ListRolesCommand, paginateListRoles } from '@aws-sdk/client-iam';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startSimulator, type Simulator } from '../../src/simulator/index.js';
import { delegate, management, member, scenarioWith } from '../support/account.js';
import { clients, failure } from './clients.js';

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator({
    scenario: scenarioWith({
      iam: {
        organizations_features: ['RootSessions'],
        service_linked_roles: Array.from({ length: 101 }, (_, index) => ({
          service_principal: index === 100 ? 'ipam.amazonaws.com' : 'cloudtrail.amazonaws.com',
          role_name: `AWSServiceRoleFor${index}`,
        })),
      },
    }),
  });
});
afterEach(() => simulator.close());

const features = (account = management) =>
  clients(simulator, { account }).iam.send(new ListOrganizationsFeaturesCommand({}));

test('features, and each of the errors that the model names', async () => {
  expect(await features()).toMatchObject({ OrganizationId: 'o-exampleorgid', EnabledFeatures: ['RootSessions'] });
  expect(await failure(features(member))).toMatchObject({
    name: 'AccountNotManagementOrDelegatedAdministratorException',
    status: 400,
  });
  // A delegate of something else is none for root access.
  expect((await failure(features(delegate))).name).toBe('AccountNotManagementOrDelegatedAdministratorException');
  expect((await failure(features('999999999999'))).name).toBe('OrganizationNotFoundException');
  simulator.change(({ organization }) => {
    organization?.delegated_administrators.push({
      account: delegate,
      service_principal: 'iam.amazonaws.com',
      since: new Date('2024-02-01'),
    });
  });
  expect((await features(delegate)).EnabledFeatures).toEqual(['RootSessions']);
  simulator.change(({ organization }) => {
    if (organization) organization.service_access = [];
  });
  expect((await failure(features())).name).toBe('ServiceAccessNotEnabledException');
  simulator.change(({ organization }) => {
    if (organization) organization.feature_set = 'CONSOLIDATED_BILLING';
  });
  expect((await failure(features())).name).toBe('OrganizationNotInAllFeaturesModeException');
});

test('roles: 100 where nobody says how many, below a path, and of the account that asks', async () => {
  const { iam } = clients(simulator);
  const first = await iam.send(new ListRolesCommand({}));
  expect(first.Roles).toHaveLength(100);
  expect(first.IsTruncated).toBe(true);
  const rest = await iam.send(new ListRolesCommand({ Marker: first.Marker }));
  expect(rest).toMatchObject({ IsTruncated: false, Roles: [{ RoleName: 'AWSServiceRoleFor100' }] });
  expect(rest.Marker).toBeUndefined();

  const names: (string | undefined)[] = [];
  for await (const page of paginateListRoles({ client: iam }, { MaxItems: 40 })) {
    names.push(...(page.Roles ?? []).map(({ RoleName }) => RoleName));
  }
  expect(new Set(names).size).toBe(101);

  const below = await iam.send(new ListRolesCommand({ PathPrefix: '/aws-service-role/ipam.amazonaws.com/' }));
  expect(below.Roles).toEqual([
    {
      Path: '/aws-service-role/ipam.amazonaws.com/',
      RoleName: 'AWSServiceRoleFor100',
      RoleId: expect.stringMatching(/^AROA[0-9A-F]{17}$/) as string,
      Arn: 'arn:aws:iam::111122223333:role/aws-service-role/ipam.amazonaws.com/AWSServiceRoleFor100',
      CreateDate: new Date('2024-01-20T10:00:00Z'),
      AssumeRolePolicyDocument:
        '%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Principal%22%3A%7B%22Service%22%3A%22ipam.amazonaws.com%22%7D%2C%22Action%22%3A%22sts%3AAssumeRole%22%7D%5D%7D',
      MaxSessionDuration: 3600,
    },
  ]);
  expect((await clients(simulator, { account: member }).iam.send(new ListRolesCommand({}))).Roles).toEqual([]);
  expect((await failure(iam.send(new ListRolesCommand({ MaxItems: 1001 })))).name).toBe('ValidationError');
  expect((await failure(iam.send(new ListRolesCommand({ Marker: 'broken' })))).name).toBe('ValidationError');
});

test('one endpoint: signed for another Region it is refused', async () => {
  const { iam } = clients(simulator, { region: 'eu-west-1' });
  expect((await failure(iam.send(new ListRolesCommand({})))).name).toBe('SignatureDoesNotMatch');
});
