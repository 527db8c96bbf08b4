import { administratorOf, type Administrator } from './administrators.js';
import { partition, partitions, regionNamed, partitionOf, type PartitionId } from './regions.js';

/** How a service hands its administration to a member account. */
export type DelegationMethod = 'organizations' | 'service' | 'resource_policy';

export type ServiceCategory = 'security' | 'identity' | 'networking' | 'operations' | 'governance' | 'cost' | 'data';

/** `high`: AWS states it. `medium`: seen in public code or in one place only. `low`: inferred. */
export type Confidence = 'high' | 'medium' | 'low';

/**
 * Per partition, the Regions in which the service has to be asked: those where it is, and those where nobody knows yet.
 * An empty list means that the service is not in that partition.
 */
export type ServiceRegions = Readonly<Record<PartitionId, readonly string[]>>;

/** One thing that an organization can delegate, or cannot. `null` always means that no source says. */
export interface DelegationService extends Administrator {
  /** Our id, kept for good: it is part of stored keys and of verdicts. */
  readonly id: string;
  readonly name: string;
  readonly category: ServiceCategory;
  readonly isSecurityService: boolean;
  readonly isDelegationSupported: boolean | null;
  /** What Organizations calls it in its lists. Two services can share one: Organizations then speaks of both. */
  readonly servicePrincipals: readonly string[];
  readonly methods: readonly DelegationMethod[];
  /** True where each Region has an administrator of its own. */
  readonly isRegional: boolean | null;
  /** The table that holds what the service itself says; null while none reads it. */
  readonly adminTableName: string | null;
  /** `scope` of the reads of that table that speak of this service; '' where the table is about it alone. */
  readonly adminReadScope: string;
  /** Null where the Regions were not surveyed: ask every enabled one. */
  readonly serviceRegions: ServiceRegions | null;
  readonly maxDelegatedAdmins: number | null;
  readonly managementAccountMayBeAdmin: boolean | null;
  readonly mustBeSameAccountAcrossRegions: boolean | null;
  /** Names of owners of the spec (`infosec`, `infra_ops`, ...), any of which is fine; empty where nobody recommends one. */
  readonly recommendedOwners: readonly string[];
  /** IAM actions. */
  readonly registerAction: string | null;
  readonly deregisterAction: string | null;
  readonly listAdminAction: string | null;
  /**
   * AWS CLI commands of the management account, with `{admin_account_id}`, `{region}` where each Region has an administrator of
   * its own, and `{home_region}` where one Region answers for all. Null where no source says how.
   */
  readonly registerCommand: string | null;
  readonly deregisterCommand: string | null;
  /**
   * Names of the service-linked roles of the management account that a registration, or trusted access, through Organizations
   * alone leaves missing.
   */
  readonly serviceLinkedRoles: readonly string[];
  readonly notes: string | null;
  readonly confidence: Confidence;
  readonly sources: readonly string[];
}

type Given = 'id' | 'name' | 'category' | 'servicePrincipals' | 'sources';
type Entry = Pick<DelegationService, Given> & Partial<Omit<DelegationService, Given | keyof Administrator>>;

function describe(entry: Entry, usual: Partial<DelegationService>): DelegationService {
  const isSecurityService = entry.isSecurityService ?? false;
  const { pages, ...administrator } = administratorOf(entry.id);
  return {
    isDelegationSupported: true,
    methods: [],
    isRegional: null,
    adminTableName: null,
    adminReadScope: '',
    serviceRegions: null,
    maxDelegatedAdmins: null,
    managementAccountMayBeAdmin: null,
    mustBeSameAccountAcrossRegions: null,
    recommendedOwners: isSecurityService ? ['infosec'] : [],
    registerAction: null,
    deregisterAction: null,
    listAdminAction: null,
    registerCommand: null,
    deregisterCommand: null,
    serviceLinkedRoles: [],
    notes: null,
    confidence: 'high',
    ...usual,
    ...entry,
    ...administrator,
    isSecurityService,
    sources: [...entry.sources, ...pages],
  };
}

/** Delegated with Organizations' call alone: one registration for the whole organization, refused for the management account. */
export function throughOrganizations(entry: Entry): DelegationService {
  return describe(entry, {
    methods: ['organizations'],
    isRegional: false,
    managementAccountMayBeAdmin: false,
    mustBeSameAccountAcrossRegions: true,
    registerAction: 'organizations:RegisterDelegatedAdministrator',
    deregisterAction: 'organizations:DeregisterDelegatedAdministrator',
    ...organizationsCommands(entry.servicePrincipals.slice(0, 1)),
  });
}

/** The delegation policy: a document that names accounts, so neither principals nor a list of administrators. */
export function throughDelegationPolicy(entry: Entry): DelegationService {
  return describe(entry, {
    methods: ['resource_policy'],
    isRegional: false,
    mustBeSameAccountAcrossRegions: true,
    registerAction: 'organizations:PutResourcePolicy',
    deregisterAction: 'organizations:DeleteResourcePolicy',
    listAdminAction: 'organizations:DescribeResourcePolicy',
    // Taking one delegate out is writing the policy without it: deleting the policy would take out all.
    registerCommand: 'aws organizations put-resource-policy --content file://delegation-policy.json',
    deregisterCommand: 'aws organizations put-resource-policy --content file://delegation-policy.json',
  });
}

type Commands = Pick<DelegationService, 'registerCommand' | 'deregisterCommand'>;

/** One call per principal: where a service has several, its entry says which of them carry a delegation. */
export function organizationsCommands(principals: readonly string[]): Commands {
  const command = (operation: string): string =>
    principals
      .map(
        (principal) =>
          `aws organizations ${operation} --account-id {admin_account_id} --service-principal ${principal}`,
      )
      .join('; ');
  return {
    registerCommand: command('register-delegated-administrator'),
    deregisterCommand: command('deregister-delegated-administrator'),
  };
}

/** The service has a call of its own, which as a rule registers the account with Organizations too. */
export function withOwnCall(
  entry: Entry & Commands & Pick<DelegationService, 'registerAction' | 'deregisterAction' | 'isRegional'>,
): DelegationService {
  return describe(entry, { methods: ['organizations', 'service'] });
}

/** Works with Organizations, but AWS lists no delegated administrator for it. */
export function notDelegable(entry: Entry): DelegationService {
  return describe(entry, { isDelegationSupported: false });
}

/** AWS mentions a delegate somewhere, but no source says how one is made. */
export function openQuestion(entry: Entry): DelegationService {
  return describe(entry, { isDelegationSupported: null, confidence: 'low' });
}

type RegionChoice = (id: PartitionId) => readonly string[];

export const all: RegionChoice = (id) => partition(id).regions.map(({ name }) => name);

/** Everywhere but there. */
export const except =
  (absent: readonly string[]): RegionChoice =>
  (id) =>
    all(id).filter((name) => !absent.includes(name));

/** Only there, and where nobody knows. */
export const only =
  (present: readonly string[]): RegionChoice =>
  (id) =>
    all(id).filter((name) => present.includes(name) || regionNamed(name)?.kind === 'unsurveyed');

/** A partition that is not named does not have the service. */
export function inPartitions(choices: Partial<Record<PartitionId, RegionChoice>>): ServiceRegions {
  return Object.fromEntries(partitions.map(({ id }) => [id, choices[id]?.(id) ?? []])) as unknown as ServiceRegions;
}

/**
 * Whether the service exists in a Region; null where that is not known (no survey, or a Region newer than it), and then
 * the Region has to be asked.
 */
export function isServiceInRegion(service: DelegationService, region: string): boolean | null {
  const known = regionNamed(region);
  const id = partitionOf(region);
  if (service.serviceRegions === null || known === undefined || known.kind === 'unsurveyed' || id === undefined) {
    return null;
  }
  return service.serviceRegions[id].includes(region);
}

/**
 * The Region in which a service is asked that answers for the whole organization: that of Organizations where the service
 * is there, otherwise the first of its own. Null where the partition does not have it.
 */
export function globalRegionOf(service: DelegationService, id: PartitionId): string | null {
  const { organizationsRegion } = partition(id);
  const regions = service.serviceRegions?.[id] ?? [organizationsRegion];
  return regions.includes(organizationsRegion) ? organizationsRegion : (regions[0] ?? null);
}

/** The commands of a service in a partition: the Region that answers for all of them filled in. */
export function commandsIn(service: DelegationService, partitionId: string): Commands {
  const known = partitions.find(({ id }) => id === partitionId);
  const region = known === undefined ? null : globalRegionOf(service, known.id);
  const fill = (command: string | null): string | null => {
    if (command?.includes('{home_region}') !== true) return command;
    return region === null ? null : command.replaceAll('{home_region}', region);
  };
  return { registerCommand: fill(service.registerCommand), deregisterCommand: fill(service.deregisterCommand) };
}
