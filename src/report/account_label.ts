import type { PageAccounts, PageUnit } from './page_data.js';

/** As reasons name an account; the page puts it back where it was taken out of them. */
export function accountLabel(
  { ids, names, units: places }: PageAccounts,
  units: readonly PageUnit[],
  index: number,
): string {
  const place = places[index] ?? -1;
  const path = place === 0 ? 'directly at the root' : units[place]?.path;
  return `${ids[index] ?? ''} (${[names[index], path].filter((part) => part != null).join(', ')})`;
}
