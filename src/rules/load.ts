import type { ClientBase } from 'pg';
import type { Framework } from './frameworks.js';
import type { RuleResult, WaiverState } from './results.js';
import { settingsForManyAccounts } from './settings.js';

export interface Delegation {
  readonly sourceName: string;
  readonly organizationId: string | null;
  /** Of the catalogue; the principal where that does not know it. */
  readonly serviceId: string;
  readonly serviceName: string;
  readonly category: string;
  readonly servicePrincipal: string | null;
  readonly region: string | null;
  readonly method: 'organizations' | 'service' | 'resource_policy';
  /** `*` where the delegation policy lets everybody. */
  readonly delegatedAccountId: string;
  readonly accountName: string | null;
  readonly ouPath: string | null;
  readonly accountState: string | null;
  readonly isManagementAccount: boolean | null;
  readonly since: string | null;
  readonly status: string | null;
  /** False while the service is about to begin or end it. */
  readonly isHeld: boolean;
}

export interface Organization {
  /** Null where nothing was synced. */
  readonly sourceName: string | null;
  readonly organizationId: string | null;
  readonly managementAccountId: string | null;
  readonly featureSet: string | null;
  /** UTC, as text. */
  readonly syncTime: string | null;
  readonly accountCount: number;
  readonly isAbsent: boolean;
  readonly readError: string | null;
}

/** What a report shows. */
export interface ReportInput {
  readonly organizations: readonly Organization[];
  readonly delegations: readonly Delegation[];
  /** The verdicts to show one by one. */
  readonly results: readonly RuleResult[];
  /** All verdicts, those that are not to be shown too: counts come from here. As `results` where it is left out. */
  readonly all?: readonly RuleResult[];
  readonly waivers: readonly WaiverState[];
  /** By whose controls to group the verdicts. */
  readonly framework?: Framework;
  readonly executionTime: Date;
  readonly packVersion: string;
}

/** Reads what is shown beside the verdicts. */
export async function loadReportInput(
  client: ClientBase,
  run: Omit<ReportInput, 'organizations' | 'delegations'>,
): Promise<ReportInput> {
  await client.query('begin transaction isolation level repeatable read read only');
  try {
    await client.query(settingsForManyAccounts);
    const shown = await load(client);
    const { results, all = results, waivers, framework, executionTime, packVersion } = run;
    return { ...shown, results, all, waivers, ...(framework && { framework }), executionTime, packVersion };
  } finally {
    await client.query('commit');
  }
}

async function load(client: ClientBase): Promise<Pick<ReportInput, 'organizations' | 'delegations'>> {
  const { rows: organizations } = await client.query<Organization>(
    `select
      source_name as "sourceName",
      organization_id as "organizationId",
      management_account_id as "managementAccountId",
      feature_set as "featureSet",
      to_char(sync_time, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "syncTime",
      (select count(*)::integer from delegation.current_aws_organizations_accounts as account where account._cq_source_name = source_name) as "accountCount",
      is_absent as "isAbsent",
      read_error as "readError"
    from delegation.organizations
    order by source_name`,
  );
  const { rows: delegations } = await client.query<Delegation>(
    `select
      source_name as "sourceName",
      organization_id as "organizationId",
      service_id as "serviceId",
      service_name as "serviceName",
      category,
      service_principal as "servicePrincipal",
      region,
      method,
      delegated_account_id as "delegatedAccountId",
      account_name as "accountName",
      ou_path as "ouPath",
      account_state as "accountState",
      is_management_account as "isManagementAccount",
      to_char(since, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as since,
      status,
      is_held as "isHeld"
    from delegation.delegations
    order by source_name, category <> 'security', service_name, method, delegated_account_id, region`,
  );
  return { organizations, delegations };
}
