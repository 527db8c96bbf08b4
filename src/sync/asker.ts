import { services } from '../catalog/index.js';
import type { ReadRecord } from '../schema/index.js';

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

const administratorLists = new Set(
  services
    .map(({ listAdminAction }) => listAdminAction)
    .filter((action) => action !== null && !action.startsWith('organizations:')),
);

/**
 * A member may be told "none", or that the service is off, and that is about the member: nobody may conclude from it that the
 * organization has no administrator. Such a read becomes `denied`.
 */
export function asHeard(record: ReadRecord, asker: Asker): ReadRecord {
  const saysNone = record.Outcome === 'absent' || (record.Outcome === 'ok' && record.RowCount === 0);
  const wasAsked = record.RequestCount > 0 || record.Outcome === 'ok';
  if (!saysNone || !wasAsked || !isMember(asker) || !isForManagementOnly(record.Operation)) return record;
  return {
    ...record,
    Outcome: 'denied',
    ErrorCode: record.ErrorCode ?? 'NotManagementAccount',
    ErrorMessage:
      `what a member is told says nothing of the organization` +
      (record.ErrorMessage === undefined ? ' (the answer was: none)' : ` (${record.ErrorMessage})`),
  };
}
