import { globalRegionOf, isServiceInRegion, partitionOf, serviceNamed, services } from '../../src/catalog/index.js';

/**
 * What changes the organization, its policies or who administers it.
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_security_incident-response.html
 */
const ofOrganizations = [
  ...['AttachPolicy', 'DetachPolicy', 'UpdatePolicy', 'DeletePolicy', 'EnablePolicyType', 'DisablePolicyType'],
  ...['EnableAllFeatures', 'DeleteOrganization', 'InviteAccountToOrganization', 'RemoveAccountFromOrganization'],
  ...['LeaveOrganization', 'MoveAccount', 'CloseAccount', 'EnableAWSServiceAccess', 'DisableAWSServiceAccess'],
  ...[
    'RegisterDelegatedAdministrator',
    'DeregisterDelegatedAdministrator',
    'PutResourcePolicy',
    'DeleteResourcePolicy',
  ],
];

/** Beside the actions of the catalogue: they make or end an administrator too, or what one may do. */
const further: readonly { serviceId: string; action: string }[] = [
  { serviceId: 'firewall-manager', action: 'fms:PutAdminAccount' },
  { serviceId: 'iam-root-access', action: 'iam:EnableOrganizationsRootCredentialsManagement' },
  { serviceId: 'iam-root-access', action: 'iam:DisableOrganizationsRootCredentialsManagement' },
  { serviceId: 'iam-root-access', action: 'iam:EnableOrganizationsRootSessions' },
  { serviceId: 'iam-root-access', action: 'iam:DisableOrganizationsRootSessions' },
];

/** Their calls are made, and logged, in one Region; all others wherever somebody makes them. */
const inOneRegion = new Set(['firewall-manager', 'iam-root-access']);

const ofServices = [
  ...services.flatMap(({ id: serviceId, registerAction, deregisterAction }) =>
    [registerAction, deregisterAction]
      .filter((action) => action !== null && !action.startsWith('organizations:'))
      .map((action) => ({ serviceId, action: action ?? '' })),
  ),
  ...further,
];

interface Where {
  region: string;
  organizationsRegion: string;
  /** Services take such calls from the management account alone; Organizations also from those whom its policy names. */
  isManagementAccount: boolean;
}

/** The sources of each event to look for, by name: several services share some of the names. */
export function changesIn({
  region,
  organizationsRegion,
  isManagementAccount,
}: Where): Map<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  const add = (action: string): void => {
    const [prefix = '', name = ''] = action.split(':');
    found.set(name, (found.get(name) ?? new Set()).add(`${prefix}.amazonaws.com`));
  };
  if (region === organizationsRegion) for (const name of ofOrganizations) add(`organizations:${name}`);
  if (isManagementAccount) for (const { serviceId, action } of ofServices) if (isLogged(serviceId, region)) add(action);
  return found;
}

function isLogged(serviceId: string, region: string): boolean {
  const service = serviceNamed(serviceId);
  if (service === undefined) return false;
  const partition = partitionOf(region);
  if (inOneRegion.has(serviceId)) return partition !== undefined && globalRegionOf(service, partition) === region;
  return isServiceInRegion(service, region) !== false;
}
