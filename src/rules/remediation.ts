import type { RuleResult } from './results.js';

/** What a remediation takes from the catalogue, as view `delegation.services` has it. */
export interface RemediationService {
  readonly groupName: string;
  readonly registerCommand: string | null;
  readonly deregisterCommand: string | null;
}

/** What may stand in braces in the `remediation` of a rule. */
const placeholders = [
  'service_id',
  'service_name',
  'region',
  'account_id',
  'organization_id',
  'register_command',
  'deregister_command',
] as const;
type Placeholder = (typeof placeholders)[number];

/** The names in braces that are no placeholder: nobody would fill them in. Those in quoted policies are not names. */
export function unknownPlaceholders(remediation: string): string[] {
  return [...remediation.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name).filter((name) => !isPlaceholder(name));
}

/**
 * The remediation of a rule for one of its rows. A command comes between backticks, with `<ACCOUNT_ID>` for the account that
 * should hold the service, because no rule decides that.
 */
export function fillRemediation(
  remediation: string,
  row: Pick<RuleResult, 'organizationId' | 'accountId' | 'region' | 'resourceId'>,
  services: ReadonlyMap<string, RemediationService>,
): string {
  const { organizationId, accountId, region, resourceId } = row;
  // What is judged comes first in a resource_id; more may follow it.
  const [judged = resourceId] = /^[a-z0-9-]+/.exec(resourceId) ?? [];
  const serviceId = services.has(resourceId) ? resourceId : judged;
  const service = services.get(serviceId);
  const values: Readonly<Record<Placeholder, string>> = {
    service_id: service ? serviceId : resourceId,
    service_name: service?.groupName ?? resourceId,
    region: region ?? 'every enabled Region',
    account_id: accountId ?? '<ACCOUNT_ID>',
    organization_id: organizationId ?? '<ORGANIZATION_ID>',
    register_command:
      commandText(service?.registerCommand ?? null, region) ?? 'the call that registers it (docs/services.md)',
    deregister_command:
      commandText(service?.deregisterCommand ?? null, region) ?? 'the call that deregisters it (docs/services.md)',
  };
  // A rule may have its command between backticks; the text that stands in for a missing one must not be.
  return remediation
    .replace(/`\{((?:de)?register_command)\}`/g, '{$1}')
    .replace(/\{(\w+)\}/g, (whole, name: string) => (isPlaceholder(name) ? values[name] : whole));
}

function commandText(command: string | null, region: string | null): string | undefined {
  if (command === null) return undefined;
  const filled = command
    .replaceAll('{admin_account_id}', '<ACCOUNT_ID>')
    .replaceAll('{region}', () => region ?? '<REGION>');
  const isForEach = region === null && command.includes('{region}');
  return `\`${filled}\`${isForEach ? ' (once in each enabled Region)' : ''}`;
}

function isPlaceholder(name: string): name is Placeholder {
  return (placeholders as readonly string[]).includes(name);
}
