import { describe, expect, test } from 'vitest';
import { commandsIn, services } from '../../src/catalog/index.js';
import { fillRemediation, loadRules, type RemediationService } from '../../src/rules/index.js';
import { queriesDir } from './database.js';

const known = new Map<string, RemediationService>(
  services.map((service) => [service.id, { groupName: service.name, ...commandsIn(service, 'aws') }]),
);
const row = { organizationId: 'o-example', accountId: '111111111111', region: 'eu-west-1', resourceId: 'guardduty' };
const fill = (text: string, more: Partial<Record<keyof typeof row, string | null>> = {}): string =>
  fillRemediation(text, { ...row, ...more } as typeof row, known);

describe('a remediation', () => {
  test('speaks of the row', () => {
    expect(fill('{service_name} ({service_id}) in {region} of {account_id} in {organization_id}')).toBe(
      'Amazon GuardDuty (guardduty) in eu-west-1 of 111111111111 in o-example',
    );
  });

  test('has the command of the service and of the Region', () => {
    expect(fill('Run {register_command}, not {deregister_command}.')).toBe(
      'Run `aws guardduty enable-organization-admin-account --admin-account-id <ACCOUNT_ID> --region eu-west-1`, not `aws guardduty disable-organization-admin-account --admin-account-id <ACCOUNT_ID> --region eu-west-1`.',
    );
  });

  test('says that a command is for each Region where the row is about all of them', () => {
    expect(fill('Run {register_command} in {region}.', { region: null })).toBe(
      'Run `aws guardduty enable-organization-admin-account --admin-account-id <ACCOUNT_ID> --region <REGION>` (once in each enabled Region) in every enabled Region.',
    );
  });

  test('has no Region in a command that knows none', () => {
    expect(fill('Run {register_command}.', { resourceId: 'backup', region: null })).toBe(
      'Run `aws organizations register-delegated-administrator --account-id <ACCOUNT_ID> --service-principal backup.amazonaws.com`.',
    );
  });

  test.each([['network-security-manager'], ['new.amazonaws.com'], ['o-example'], ['constructor']])(
    'makes up no command for %s',
    (resourceId) => {
      expect(fill('Run {register_command}, `{deregister_command}`.', { resourceId })).toBe(
        'Run the call that registers it (docs/services.md), the call that deregisters it (docs/services.md).',
      );
    },
  );

  test('knows the service where more follows it in the resource', () => {
    expect(fill('{service_id}', { resourceId: 'macie/222222222222' })).toBe('macie');
    expect(fill('{service_id} {service_name}', { resourceId: 'new.amazonaws.com' })).toBe(
      'new.amazonaws.com new.amazonaws.com',
    );
  });

  test('does not put backticks around backticks', () => {
    expect(fill('`{register_command}`', { resourceId: 'ipam' })).toBe(
      '`aws ec2 enable-ipam-organization-admin-account --delegated-admin-account-id <ACCOUNT_ID>`',
    );
  });

  test('leaves what is no placeholder, also what a value brings', () => {
    expect(fill('`{"Effect": "Deny"}` {other} $1 {account_id}', { accountId: '{region} $&' })).toBe(
      '`{"Effect": "Deny"}` {other} $1 {region} $&',
    );
  });

  test('says what is missing where the row has none', () => {
    expect(fill('{account_id} of {organization_id}', { accountId: null, organizationId: null })).toBe(
      '<ACCOUNT_ID> of <ORGANIZATION_ID>',
    );
  });
});

test('no rule leaves a brace of its own for any service', async () => {
  for (const { id, remediation } of await loadRules(queriesDir)) {
    for (const resourceId of [...known.keys(), 'o-example']) {
      for (const region of ['eu-west-1', null]) {
        expect(fill(remediation, { resourceId, region }), id).not.toMatch(/\{\w+\}(?!-)/);
      }
    }
  }
});
