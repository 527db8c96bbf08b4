import { isExpiryOfCredentials } from '../aws/index.js';
import type { ReadRecord } from '../schema/index.js';
import { isForManagementOnly, isMember, type Asker } from './asker.js';

interface Policy {
  onDenied: 'report' | 'fail';
  onFailure: 'report' | 'fail';
}

/** Why the sync may not go on to send, or undefined where it may. */
export function failureText(records: readonly ReadRecord[], { onDenied, onFailure }: Policy): string | undefined {
  const fatal = records.filter(
    ({ Outcome }) => (Outcome === 'failed' && onFailure === 'fail') || (Outcome === 'denied' && onDenied === 'fail'),
  );
  if (fatal.length === 0) return undefined;
  return [
    `${count(fatal.length, 'read')} of AWS did not succeed, so nothing was sent and every stored row stays as it was:`,
    ...listed(fatal),
    fatal.some(hasExpired)
      ? `${renewal} Then run the sync again.`
      : fatal.some(({ Outcome }) => Outcome === 'failed')
        ? 'Run the sync again; with `on_failure: report` in the spec it goes on, and what failed is told in aws_delegation_reads.'
        : 'Grant the actions, or set `on_denied: report` in the spec to go on without them.',
  ].join('\n');
}

/** One text per table that was not read whole. */
export function tableErrors(records: readonly ReadRecord[], asker: Asker): Map<string, string> {
  const byTable = new Map<string, ReadRecord[]>();
  for (const record of records) {
    if (record.Outcome !== 'denied' && record.Outcome !== 'failed') continue;
    byTable.set(record.TableName, [...(byTable.get(record.TableName) ?? []), record]);
  }
  return new Map([...byTable].map(([table, own]) => [table, [...listed(own), remedy(own, asker)].join('\n')]));
}

function hasExpired({ Outcome, ErrorCode }: ReadRecord): boolean {
  return Outcome === 'failed' && isExpiryOfCredentials(ErrorCode);
}

const renewal =
  'The credentials expired during the sync: renew them (such as `aws sso login`), or give ones that can be renewed meanwhile, by `local_profile` or `role_arn` in the spec instead of keys.';

const shown = 20;

function listed(records: readonly ReadRecord[]): string[] {
  // Reads that ended alike in many Regions are one line.
  const alike = new Map<string, ReadRecord[]>();
  for (const record of records) {
    const key = `${record.TableName} ${record.Operation} ${record.Outcome} ${record.ErrorCode ?? ''}`;
    alike.set(key, [...(alike.get(key) ?? []), record]);
  }
  const lines = [...alike.values()].map(line);
  return lines.length > shown ? [...lines.slice(0, shown), `- and ${lines.length - shown} more`] : lines;
}

function line(records: readonly ReadRecord[]): string {
  const [first] = records;
  if (!first) return '';
  const regions = [...new Set(records.map(({ Region }) => Region))];
  const scopes = records.map(({ Scope }) => Scope).filter((scope) => scope !== '');
  const where = regions.length > 3 ? `${regions.length} Regions` : regions.join(', ');
  const whom =
    scopes.length === 0 ? '' : ` for ${scopes.length > 3 ? `${scopes.length} of its calls` : scopes.join(', ')}`;
  return `- ${first.TableName}: ${first.Operation} in ${where}${whom}: ${first.Outcome} (${first.ErrorCode ?? 'no code'}): ${first.ErrorMessage ?? ''}`;
}

function remedy(records: readonly ReadRecord[], asker: Asker): string {
  if (records.some(hasExpired)) return `${renewal} Then run the sync again.`;
  const denied = [...new Set(records.filter(({ Outcome }) => Outcome === 'denied').map(({ Operation }) => Operation))];
  if (isMember(asker) && denied.some(isForManagementOnly)) {
    return (
      `Account ${asker.accountId} asked, and only the management account (${asker.managementAccountId ?? ''}) can see this, whatever IAM allows. ` +
      'Sync with its credentials, or leave the table out of `tables` in the spec.'
    );
  }
  if (denied.includes('sts:AssumeRole')) {
    return (
      'Where a role cannot be assumed: make it in that account, let its trust policy name who syncs (and the external ID of the spec), and allow sts:AssumeRole on it. ' +
      'Where something else was denied: allow it to that role.'
    );
  }
  return denied.length > 0
    ? `Use the management account or a delegated administrator and allow ${denied.join(', ')}, or leave the table out of \`tables\` in the spec.`
    : 'Run the sync again; aws_delegation_reads tells what is missing until then.';
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
