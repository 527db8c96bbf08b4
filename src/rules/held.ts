import type { ClientBase } from 'pg';
import { RulesError } from './errors.js';
import { settingsForManyAccounts } from './settings.js';

export type Method = 'organizations' | 'service' | 'resource_policy';

/** A delegation, as small as it can be approved. */
export interface HeldDelegation {
  readonly serviceId: string;
  readonly method: Method;
  readonly region: string | null;
  /** Of the method organizations. */
  readonly servicePrincipal: string | null;
  readonly accountId: string;
  /** Of the method resource_policy: as the policy has it. */
  readonly grantedPrincipal: string | null;
}

/** A question to AWS that has no whole answer. */
export interface OpenQuestion {
  readonly serviceId: string;
  readonly method: Method;
  readonly cause: string;
  readonly error: string;
}

/** A change that somebody has to approve, of the days that the newest sync looked back on. */
export interface MadeChange {
  /** As `principal` of the view delegation.changes; null where the event names nobody. */
  readonly principal: string | null;
  readonly principalType: string | null;
  /** Of a role. */
  readonly sessionArn: string | null;
  /** IAM action. */
  readonly action: string;
  readonly wasAllowed: boolean;
}

/** Who holds what, what could be held, and who changed what. */
export interface HeldDelegations {
  readonly held: readonly HeldDelegation[];
  readonly services: readonly {
    readonly id: string;
    readonly methods: readonly string[];
    readonly principals: readonly string[];
  }[];
  /** The Regions in which services were to be asked themselves; null where a service has one answer for all. */
  readonly askedRegions: readonly { readonly serviceId: string; readonly region: string | null }[];
  readonly open: readonly OpenQuestion[];
  /** Each of them once, however often it was made. */
  readonly changes: readonly MadeChange[];
}

/** The sources that have a sync in this database. The views have to be installed. */
export async function loadSources(client: ClientBase): Promise<string[]> {
  const { rows: found } = await client.query<{ is_there: boolean }>(
    `select to_regclass('delegation.changes') is not null as is_there`,
  );
  if (found[0]?.is_there !== true) {
    throw new RulesError(
      'The views (schema "delegation") are not installed in this database. Install them: `aws-delegation check`, or psql -f queries/install.sql.',
    );
  }
  const { rows } = await client.query<{ name: string }>(
    'select source_name as name from delegation.newest_syncs order by 1',
  );
  return rows.map(({ name }) => name);
}

/** All of one source, on one snapshot; `client` must not be in a transaction. */
export async function loadHeld(client: ClientBase, sourceName: string): Promise<HeldDelegations> {
  await client.query('begin transaction isolation level repeatable read read only');
  try {
    await client.query(settingsForManyAccounts);
    const rowsOf = async <Row extends object>(sql: string): Promise<Row[]> =>
      (await client.query<Row>(sql, [sourceName])).rows;
    return {
      held: await rowsOf<HeldDelegation>(
        `select distinct
            approvals.service_id as "serviceId",
            approvals.method,
            approvals.region,
            approvals.service_principal as "servicePrincipal",
            approvals.delegated_account_id as "accountId",
            approvals.granted_principal as "grantedPrincipal"
          from delegation.approvals
          where approvals.source_name = $1 and approvals.has_delegation`,
      ),
      services: await rowsOf(
        `select
            services.service_id as id,
            services.methods,
            coalesce(delegation.as_list(services.service_principals), '[]') as principals
          from delegation.services
          where services.source_name = $1`,
      ),
      askedRegions: await rowsOf(
        `select distinct service_regions.service_id as "serviceId", service_regions.region
          from delegation.service_regions
          where service_regions.source_name = $1 and service_regions.method = 'service'`,
      ),
      open: [
        ...(await rowsOf<OpenQuestion>(
          `select distinct
              service_regions.service_id as "serviceId",
              service_regions.method,
              service_regions.unknown_cause as cause,
              service_regions.read_error as error
            from delegation.service_regions
            where service_regions.source_name = $1 and not service_regions.was_read
            order by 1, 2, 4`,
        )),
        // Without the catalogue there are no questions at all.
        ...(await rowsOf<OpenQuestion>(
          `select '' as "serviceId", 'organizations' as method, 'unread' as cause, table_reads.read_error as error
            from delegation.table_reads
            where table_reads.source_name = $1 and table_reads.table_name = 'aws_delegation_services' and not table_reads.was_read`,
        )),
      ],
      changes: await rowsOf<MadeChange>(
        `select distinct
            changes.principal,
            changes.principal_type as "principalType",
            changes.session_arn as "sessionArn",
            changes.action,
            changes.was_allowed as "wasAllowed"
          from delegation.changes
          where changes.source_name = $1 and changes.is_significant and changes.is_in_window
          order by 1, 4, 3, 5`,
      ),
    };
  } finally {
    await client.query('rollback');
  }
}
