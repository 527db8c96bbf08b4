import { services } from '../catalog/index.js';
import type { ReadRecord, Table } from '../schema/index.js';
import { unasked } from './regions.js';

/** The account whose credentials were used; the management account where it is known. */
export interface Asker {
  accountId: string;
  managementAccountId: string | undefined;
}

export function isMember({ accountId, managementAccountId }: Asker): boolean {
  return managementAccountId !== undefined && managementAccountId !== accountId;
}

/** What services say of their administrators they say to the management account alone, whatever IAM allows. */
export function isForManagementOnly(operation: string): boolean {
  return administratorLists.has(operation);
}

function isKnownBeforehand({ ErrorCode }: ReadRecord): boolean {
  return ErrorCode === unasked.regionDisabled.code || ErrorCode === unasked.serviceNotInRegion.code;
}

const administratorLists = new Set(
  services
    .map(({ listAdminAction }) => listAdminAction)
    .filter((action) => action !== null && !action.startsWith('organizations:')),
);

/** True for a table whose reads depend on a list that only the management account is shown. */
export function dependsOnManagement({ delegates }: Table): boolean {
  return delegates?.accounts.permissions.some(isForManagementOnly) ?? false;
}

function saysNone({ Outcome, RowCount }: ReadRecord): boolean {
  return Outcome === 'absent' || (Outcome === 'ok' && RowCount === 0);
}

/** True for an answer that says nothing of the organization if a member was told it. */
export function mayBeHearsay(record: ReadRecord): boolean {
  return saysNone(record) && record.RequestCount > 0 && isForManagementOnly(record.Operation);
}

/**
 * A member may be told "none", or that the service is off, and that is about the member: nobody may conclude from it that the
 * organization has no administrator. Such a read becomes `denied`.
 *
 * @param isDependent see {@link dependsOnManagement}: who is not named by such a list is not asked.
 */
export function asHeard(record: ReadRecord, asker: Asker, isDependent: boolean): ReadRecord {
  const isHearsay = isForManagementOnly(record.Operation) || (isDependent && record.RequestCount === 0);
  const wasAsked = record.RequestCount > 0 || !isKnownBeforehand(record);
  if (!saysNone(record) || !wasAsked || !isMember(asker) || !isHearsay) return record;
  return {
    ...record,
    Outcome: 'denied',
    ErrorCode: record.ErrorCode ?? 'NotManagementAccount',
    ErrorMessage:
      `what a member is told says nothing of the organization` +
      (record.ErrorMessage === undefined ? ' (the answer was: none)' : ` (${record.ErrorMessage})`),
  };
}
