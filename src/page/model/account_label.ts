import type { PageAccounts, PageUnit } from '../../report/page_data.js';

/** As reasons name an account. */
export function accountLabel(accounts: PageAccounts, units: readonly PageUnit[], index: number): string {
  const place = accounts.units[index] ?? -1;
  const path = place === 0 ? 'directly at the root' : units[place]?.path;
  const parts = [accounts.names[index], path].filter((part) => part !== null && part !== undefined);
  return `${accounts.ids[index] ?? ''} (${parts.join(', ')})`;
}
