import { defineScenario, type Scenario } from '../scenario.js';

const MANAGEMENT = '111122223333';

/** A management account and two members; one of them administers GuardDuty. */
export function minimalScenario(): Scenario {
  return defineScenario(
    {
      name: 'minimal',
      description: 'The smallest organization: a management account and two members.',
      organization: {
        management_account_id: MANAGEMENT,
        root: { policy_types: [{ type: 'SERVICE_CONTROL_POLICY' }] },
        organizational_units: [{ path: '/Security' }],
        accounts: [
          { id: MANAGEMENT, name: 'Management' },
          { id: '222222222222', name: 'Security', parent: '/Security' },
          { id: '333333333333', name: 'Workload' },
        ],
        service_access: [{ service_principal: 'guardduty.amazonaws.com', enabled: '2024-02-01T00:00:00Z' }],
        delegated_administrators: [
          { account: '222222222222', service_principal: 'guardduty.amazonaws.com', since: '2024-02-02T00:00:00Z' },
        ],
      },
      guardduty: { administrators: { '*': { account: '222222222222' } } },
    },
    'minimal',
  );
}

/** An account that belongs to no organization. */
export function standaloneScenario(): Scenario {
  return defineScenario(
    {
      name: 'standalone',
      description: 'One account without an organization.',
      default_account_id: MANAGEMENT,
      organization: null,
    },
    'standalone',
  );
}

/** An organization that shares a bill and nothing else. */
export function consolidatedBillingScenario(): Scenario {
  return defineScenario(
    {
      name: 'consolidated_billing',
      description: 'An organization without all features: no policies, no trusted access, no delegation.',
      organization: {
        feature_set: 'CONSOLIDATED_BILLING',
        management_account_id: MANAGEMENT,
        accounts: [
          { id: MANAGEMENT, name: 'Management' },
          { id: '222222222222', name: 'Member', joined_method: 'INVITED' },
        ],
        handshakes: [
          {
            id: 'h-allfeatures01',
            action: 'ENABLE_ALL_FEATURES',
            state: 'REQUESTED',
            requested: '2026-11-02T09:00:00Z',
            expires: '2027-01-31T09:00:00Z',
            parties: [{ Id: 'o-exampleorgid', Type: 'ORGANIZATION' }],
            resources: [{ Type: 'ORGANIZATION', Value: 'o-exampleorgid' }],
          },
        ],
      },
    },
    'consolidated_billing',
  );
}
