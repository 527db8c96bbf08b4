import { connect, disconnect, errorCode } from '../postgres/index.js';
import { flatten } from '../schema/index.js';
import type { Sizes } from '../sync/index.js';
import { tables } from '../../tables/index.js';

/** What the newest sync of a source found, as far as it says how large the organization is. */
export interface EarlierSync {
  /** As PostgreSQL writes it, in UTC. */
  syncTime: string;
  sizes: Sizes;
}

/** AWS nests OUs five deep, so those of the fifth level have no children. */
const deepestLevel = 5;

/**
 * Undefined where this source was never synced into the database. Only what that sync read whole is told: from rows that
 * are missing because something was denied it would follow that the organization is smaller than it is.
 *
 * @throws {DatabaseError}
 */
export async function readEarlierSync(databaseUrl: string, source: string): Promise<EarlierSync | undefined> {
  const client = await connect(databaseUrl, { connectTimeoutMs: 5_000 });
  try {
    const rows = async <Row extends object>(sql: string, values: unknown[]): Promise<Row[] | undefined> => {
      try {
        return (await client.query<Row>(sql, values)).rows;
      } catch (error) {
        // No such table, or it lacks a column: a sync of another version, or of other tables.
        if (['42P01', '42703'].includes(errorCode(error) ?? '')) return undefined;
        throw error;
      }
    };
    const newest = await rows<{ at: string | null }>(
      'select max(_cq_sync_time)::text as at from aws_delegation_reads where _cq_source_name = $1',
      [source],
    );
    const syncTime = newest?.[0]?.at;
    if (syncTime === undefined || syncTime === null) return undefined;
    const ofSync = <Row extends object>(sql: string) => rows<Row>(sql.replace('$SYNC', ofNewest), [source, syncTime]);
    return { syncTime, sizes: await readSizes(ofSync) };
  } finally {
    await disconnect(client);
  }
}

const ofNewest = '_cq_source_name = $1 and _cq_sync_time = $2::timestamp';

type Query = <Row extends object>(sql: string) => Promise<Row[] | undefined>;

async function readSizes(query: Query): Promise<Sizes> {
  const wholes = new Wholes(
    (await query<Listing>(
      `select table_name as table, operation, region, outcome in ('ok', 'absent') as "isWhole"
       from aws_delegation_reads where $SYNC and scope = ''`,
    )) ?? [],
  );
  const count = async (table: string): Promise<number | undefined> =>
    wholes.has(table)
      ? (await query<{ count: number }>(`select count(*)::int as count from ${table} where $SYNC`))?.[0]?.count
      : undefined;
  const countByRegion = async (table: string): Promise<Map<string, number>> => {
    const found = await query<{ region: string; count: number }>(
      `select region, count(*)::int as count from ${table} where $SYNC group by region`,
    );
    const byRegion = new Map(found?.map(({ region, count }) => [region, count]));
    return new Map(wholes.regionsOf(table).map((region) => [region, byRegion.get(region) ?? 0]));
  };
  const ofParents = async (table: string, parents: string, sql: string, notAsked = '') =>
    wholes.has(table) && wholes.has(parents)
      ? perParent(
          (await query<{ id: string }>(`select id from ${parents} where $SYNC and id <> '${notAsked}'`)) ?? [],
          (await query<{ parent: string }>(sql)) ?? [],
        )
      : undefined;

  const regions = wholes.has('aws_ec2_regions')
    ? await query<{ name: string; status: string | null }>(
        'select region_name as name, opt_in_status as status from aws_ec2_regions where $SYNC',
      )
    : undefined;
  return known({
    optInStatus:
      regions && regions.length > 0 ? new Map(regions.map(({ name, status }) => [name, status ?? ''])) : undefined,
    accounts: await count('aws_organizations_accounts'),
    unitsPerParent: wholes.has('aws_organizations_organizational_units')
      ? unitsPerParent(
          (await query<Unit>(
            'select id, parent_id as parent from aws_organizations_organizational_units where $SYNC',
          )) ?? [],
        )
      : undefined,
    policiesPerType: wholes.has('aws_organizations_policies')
      ? perParent(
          (await query<{ id: string }>(
            `select each ->> 'Type' as id from aws_organizations_roots, jsonb_array_elements(policy_types) as each
             where $SYNC and each ->> 'Status' = 'ENABLED'`,
          )) ?? [],
          (await query<{ parent: string }>('select type as parent from aws_organizations_policies where $SYNC')) ?? [],
        )
      : undefined,
    customerPolicies: wholes.has('aws_organizations_policies')
      ? (
          await query<{ count: number }>(
            'select count(*)::int as count from aws_organizations_policies where $SYNC and not aws_managed',
          )
        )?.[0]?.count
      : undefined,
    targetsPerPolicy: await ofParents(
      'aws_organizations_policy_targets',
      'aws_organizations_policies',
      'select policy_id as parent from aws_organizations_policy_targets where $SYNC',
      'p-RCPFullAWSAccess',
    ),
    servicePrincipals: await count('aws_organizations_service_access'),
    delegates: await count('aws_organizations_delegated_administrators'),
    servicesPerDelegate: await ofParents(
      'aws_organizations_delegated_services',
      'aws_organizations_delegated_administrators',
      'select delegated_account_id as parent from aws_organizations_delegated_services where $SYNC',
    ),
    handshakes: await count('aws_organizations_handshakes'),
    serviceLinkedRoles: await count('aws_iam_service_linked_roles'),
    firewallAdministrators: await count('aws_fms_organization_admin_accounts'),
    inspectorAdministrators: await countByRegion('aws_inspector2_organization_admin_accounts'),
    trails: await countByRegion('aws_cloudtrail_trails'),
    eventDataStores: await countByRegion('aws_cloudtrail_event_data_stores'),
    ...(await readDelegateRequests(query)),
  });
}

/** In the accounts that administer services, where they were asked. */
async function readDelegateRequests(query: Query): Promise<Pick<Sizes, 'delegateRequests' | 'assumedRoles'>> {
  const asked = new Set(
    flatten(tables).flatMap(({ name, permissions, delegates }) =>
      delegates === null ? [] : permissions.map((operation) => `${name} ${operation}`),
    ),
  );
  const reads = await query<{ table: string; operation: string; region: string; requests: number }>(
    `select table_name as table, operation, region, sum(request_count)::int as requests
     from aws_delegation_reads
     where $SYNC and outcome not in ('skipped', 'failed')
     group by table_name, operation, region`,
  );
  const roles = await query<{ table: string; account: string }>(
    `select table_name as table, scope as account from aws_delegation_reads
     where $SYNC and operation = 'sts:AssumeRole'`,
  );
  const delegateRequests = (reads ?? []).filter(({ table, operation }) => asked.has(`${table} ${operation}`));
  const assumedRoles = new Map<string, string[]>();
  for (const { table, account } of roles ?? []) {
    assumedRoles.set(table, [...(assumedRoles.get(table) ?? []), account]);
  }
  return {
    delegateRequests: new Map(
      delegateRequests.map(({ operation, region, requests }) => [`${operation} ${region}`, requests]),
    ),
    // None at all: a spec that lent no role, or one whose delegates it did not need.
    ...(assumedRoles.size > 0 && { assumedRoles }),
  };
}

interface Listing {
  table: string;
  operation: string;
  region: string;
  isWhole: boolean;
}

/** What was listed to its end; a detail that is missing takes no row away. */
class Wholes {
  readonly #listings: readonly Listing[];

  constructor(reads: readonly Listing[]) {
    const listedBy = new Map(flatten(tables).map(({ name, permissions }) => [name, permissions[0]]));
    this.#listings = reads.filter(({ table, operation }) => listedBy.get(table) === operation);
  }

  has(table: string): boolean {
    const own = this.#listings.filter((listing) => listing.table === table);
    return own.length > 0 && own.every(({ isWhole }) => isWhole);
  }

  regionsOf(table: string): string[] {
    return this.#listings.filter((listing) => listing.table === table && listing.isWhole).map(({ region }) => region);
  }
}

/** How many of `children` each parent has; one without parents in the list counts for a list of its own. */
function perParent(parents: readonly { id: string }[], children: readonly { parent: string }[]): number[] {
  const counts = new Map(parents.map(({ id }) => [id, 0]));
  for (const { parent } of children) counts.set(parent, (counts.get(parent) ?? 0) + 1);
  return [...counts.values()];
}

interface Unit {
  id: string;
  parent: string;
}

/** Of the root and of each OU above the deepest level. */
function unitsPerParent(units: readonly Unit[]): number[] {
  const parentOf = new Map(units.map(({ id, parent }) => [id, parent]));
  const depthOf = (id: string): number => {
    const parent = parentOf.get(id);
    return parent === undefined ? 0 : depthOf(parent) + 1;
  };
  const root = units.find(({ parent }) => !parentOf.has(parent))?.parent ?? '';
  const asked = [root, ...parentOf.keys()].filter((id) => depthOf(id) < deepestLevel);
  return perParent(
    asked.map((id) => ({ id })),
    units,
  );
}

/** Without the members that are undefined. */
function known(sizes: { [Name in keyof Sizes]: Sizes[Name] | undefined }): Sizes {
  return Object.fromEntries(Object.entries(sizes).filter(([, value]) => value !== undefined));
}
