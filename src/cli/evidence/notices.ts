import { version } from '../package.js';
import type { RuleRow } from './pack.js';
import type { Source } from './summary.js';
import type { KeptRun } from './verdicts.js';

export function packNotices(installed: string, isOurs: boolean): string[] {
  if (installed !== version)
    return [
      `The views and rules in the database are of version ${installed}, and this program is version ${version}: rule.sql and queries/installed.sql are what the database has.`,
    ];
  return isOurs
    ? []
    : [
        `The views in the database are not as version ${version} installs them (somebody has changed one, or the tables have changed since): rule.sql and queries/installed.sql are what the database has. \`aws-delegation check\` installs them anew.`,
      ];
}

export function keptNotices(
  kept: readonly KeptRun[],
  rules: readonly RuleRow[],
  sources: readonly Source[],
  installed: string,
): string[] {
  const notices: string[] = [];
  const again = 'Run `aws-delegation check`, and take the evidence again.';
  const judged = new Set(kept.map(({ check_id }) => check_id));
  const missing = rules.filter(({ check_id }) => !judged.has(check_id)).map(({ check_id }) => check_id);
  if (missing.length > 0) notices.push(`${listed('rule', missing)} not judged: no run has kept a verdict. ${again}`);
  const others = kept.filter(({ pack_version }) => pack_version !== installed);
  if (others.length > 0) {
    const versions = [...new Set(others.map(({ pack_version }) => pack_version ?? 'unknown'))].sort().join(', ');
    const ids = [...new Set(others.map(({ check_id }) => check_id))];
    notices.push(
      `${listed('rule', ids)} judged by version ${versions} of the rules, and the database has version ${installed}: the SQL here is not what judged. ${again}`,
    );
  }
  for (const organization_id of new Set(sources.map((source) => source.organization_id))) {
    const own = kept.filter((run) => run.organization_id === organization_id);
    const name = `organization ${organization_id ?? '(not known)'}`;
    if (own.length === 0) notices.push(`Nothing of ${name} is judged. ${again}`);
    // Of several sources of one organization a verdict is marked with the newest sync.
    const newest = sources
      .filter((source) => source.organization_id === organization_id)
      .map(({ sync_time }) => sync_time ?? '')
      .sort()
      .at(-1);
    const older = own.filter(({ sync_time }) => (sync_time ?? '') !== newest);
    if (older.length > 0) {
      const ids = older.map(({ check_id }) => check_id);
      notices.push(
        `${listed('rule', ids)} judged by another sync of ${name} (${older[0]?.sync_time ?? 'of an unknown time'}) than the rows here are of (${newest === '' ? 'of an unknown time' : (newest ?? '')}). ${again}`,
      );
    }
  }
  const known = new Set(sources.map(({ organization_id }) => organization_id));
  const strangers = [...new Set(kept.map(({ organization_id }) => organization_id))].filter((id) => !known.has(id));
  if (strangers.length > 0)
    notices.push(
      `There are verdicts of ${strangers.map((id) => id ?? 'no organization').join(', ')}, of which no rows are here. ${again}`,
    );
  return notices;
}

function listed(what: string, ids: readonly string[]): string {
  const shown = ids.length > 5 ? `${ids.slice(0, 5).join(', ')} and ${ids.length - 5} more` : ids.join(', ');
  return ids.length === 1 ? `The ${what} ${shown} was` : `${ids.length} ${what}s were (${shown})`;
}
