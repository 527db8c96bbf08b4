import { GetOrganizationAdminAccountCommand } from '@aws-sdk/client-auditmanager';
import { expect, test } from 'vitest';
import type { ScenarioInput } from '../../src/simulator/index.js';
import { clients, failure, MANAGEMENT, withSimulator } from './clients.js';

const SECURITY = '222222222222';
const scenario: ScenarioInput = {
  name: 'auditmanager',
  organization: {
    id: 'o-auditexample',
    management_account_id: MANAGEMENT,
    accounts: [
      { id: MANAGEMENT, name: 'Management' },
      { id: SECURITY, name: 'Security' },
    ],
  },
  auditmanager: { administrators: { '*': { account: SECURITY }, 'eu-west-1': null }, not_enabled: ['eu-west-2'] },
};

const get = () => new GetOrganizationAdminAccountCommand({});

test('one in each Region, nobody, and never set up', async () => {
  await withSimulator({ scenario }, async (simulator) => {
    expect(await clients(simulator).auditmanager.send(get())).toMatchObject({
      adminAccountId: SECURITY,
      organizationId: 'o-auditexample',
    });
    const { auditmanager: nobody } = clients(simulator, { region: 'eu-west-1' });
    expect(await failure(nobody.send(get()))).toMatchObject({ name: 'ResourceNotFoundException', status: 404 });
    const { auditmanager: never } = clients(simulator, { region: 'eu-west-2' });
    expect(await failure(never.send(get()))).toEqual({
      name: 'AccessDeniedException',
      message: 'Please complete AWS Audit Manager setup from home page to enable this action in this account.',
      status: 403,
      reason: undefined,
    });
    // Not there by default: AWS has it in twelve Regions.
    const { auditmanager: absent } = clients(simulator, { region: 'eu-west-3' });
    expect((await failure(absent.send(get()))).status).toBeUndefined();
  });
});

test('a member, and a denial of IAM, have the code of "never set up" in other words', async () => {
  await withSimulator(
    { scenario: { ...scenario, denied: [{ action: 'auditmanager:*', region: 'us-east-2' }] } },
    async (simulator) => {
      for (const asker of [{ account: SECURITY }, { region: 'us-east-2' }]) {
        const { name, message } = await failure(clients(simulator, asker).auditmanager.send(get()));
        expect(name).toBe('AccessDeniedException');
        expect(message).not.toContain('setup');
      }
    },
  );
});
