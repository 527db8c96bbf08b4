import type { ScenarioInput } from '../../src/simulator/index.js';

export const management = '111122223333';

/**
 * Organizations that differ in as many tables as they can: none of the rows that a sync of one leaves is a row of another,
 * but for what the catalogue and the Regions say.
 */
export function world(number: number, events: readonly { id: string; time: Date }[]): ScenarioInput {
  const principals = ['guardduty', 'access-analyzer', 'config', 'ram', 'sso', 'backup'];
  const members = Array.from({ length: 30 + 7 * number }, (_, index) => ({
    id: String(400_000_000_000 + index),
    name: `Member ${index} of world ${number}`,
    parent: index % 2 === 0 ? '/Security' : `/World ${number}`,
  }));
  const delegate = members[number]?.id ?? '';
  return {
    name: `world ${number}`,
    description: 'One of several, to tell a sync from the one before.',
    organization: {
      management_account_id: management,
      root: { policy_types: [{ type: 'SERVICE_CONTROL_POLICY' }] },
      organizational_units: [{ path: '/Security' }, { path: `/World ${number}` }],
      accounts: [{ id: management, name: `Management of world ${number}` }, ...members],
      // Long texts, so that the writing takes its time and has many moments.
      policies: Array.from({ length: 4 + number }, (_, index) => ({
        id: `p-world0${number}${index}`,
        name: `Policy ${index} of world ${number}`,
        type: 'SERVICE_CONTROL_POLICY' as const,
        content: {
          Statement: [
            {
              Sid: `W${number}${'x'.repeat(3000)}`,
              Effect: 'Deny',
              Action: 'organizations:LeaveOrganization',
              Resource: '*',
            },
          ],
        },
        targets: ['/Security', delegate],
      })),
      service_access: principals
        .filter((_, index) => index !== number % principals.length)
        .map((name) => ({ service_principal: `${name}.amazonaws.com`, enabled: `2024-02-0${number + 1}T00:00:00Z` })),
      delegated_administrators: principals
        .filter((_, index) => index !== number % principals.length)
        .map((name) => ({
          account: delegate,
          service_principal: `${name}.amazonaws.com`,
          since: `2024-03-0${number + 1}T00:00:00Z`,
        })),
      resource_policy: {
        content: {
          Version: '2012-10-17',
          Statement: [
            {
              Sid: `World${number}`,
              Effect: 'Allow',
              Principal: { AWS: delegate },
              Action: 'organizations:Describe*',
              Resource: '*',
            },
          ],
        },
      },
      handshakes: [
        {
          id: `h-world0000${number}`,
          action: 'INVITE',
          state: 'OPEN',
          requested: '2026-11-02T09:00:00Z',
          expires: '2027-01-31T09:00:00Z',
          parties: [{ Id: String(500_000_000_000 + number), Type: 'ACCOUNT' }],
        },
      ],
    },
    guardduty: { administrators: { '*': { account: delegate } } },
    cloudtrail: {
      trails: [{ name: `world-${number}`, home_region: 'us-east-1', organization: true }],
      events: events.map(({ id, time }) => ({
        id,
        time,
        name: 'MoveAccount',
        source: 'organizations.amazonaws.com',
      })),
    },
  };
}
