import type { ScenarioInput } from '../../src/simulator/scenario.js';
import type { Row, Synced } from './source.js';

export const management = '111122223333';
export const delegate = '222233334444';
export const member = '333344445555';

/** A small organization in which IAM and CloudTrail have trusted access; CloudTrail and Network Manager have a delegate. */
export function scenarioWith(more: Partial<ScenarioInput> = {}): ScenarioInput {
  return {
    name: 'account',
    organization: {
      id: 'o-exampleorgid',
      management_account_id: management,
      accounts: [
        { id: management, name: 'Management' },
        { id: delegate, name: 'Audit' },
        { id: member, name: 'Shop' },
      ],
      service_access: [
        { service_principal: 'iam.amazonaws.com', enabled: '2024-01-20' },
        { service_principal: 'cloudtrail.amazonaws.com', enabled: '2024-01-20' },
      ],
      delegated_administrators: ['cloudtrail.amazonaws.com', 'networkmanager.amazonaws.com'].map((principal) => ({
        account: delegate,
        service_principal: principal,
        since: '2024-01-21',
      })),
    },
    ...more,
  };
}

/** How the reads of a table ended, in the order of Region, operation and scope: all that a test wants to see of them. */
export function endings({ reads }: Synced, table: string): Row[] {
  return reads
    .filter((read) => read['table_name'] === table)
    .map(({ region, operation, scope, outcome, error_code, row_count }) => ({
      region,
      operation,
      scope,
      outcome,
      error_code,
      row_count,
    }))
    .sort((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1));
}
