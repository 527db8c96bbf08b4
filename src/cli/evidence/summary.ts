import type { ClientBase } from 'pg';

/** What is in the bundle, without any clock but those of the rows. */
export interface Summary {
  readonly format: 1;
  readonly program: { readonly name: string; readonly version: string };
  readonly pack: { readonly installed: string; readonly is_as_installed_by_this_version: boolean };
  /** `kept`: what the newest \`check\` has stored; `judged`: worked out for the bundle, and stored nowhere else. */
  readonly basis: 'kept' | 'judged';
  readonly sources: readonly Source[];
  readonly rules: number;
  readonly verdicts: Readonly<Record<string, number>>;
  readonly notices: readonly string[];
}

export interface Source {
  readonly source_name: string | null;
  readonly organization_id: string | null;
  readonly management_account_id: string | null;
  readonly sync_time: string | null;
  readonly is_absent: boolean;
  readonly read_error: string | null;
  /** How the reads of the newest sync ended, by outcome. */
  readonly reads: Readonly<Record<string, number>>;
}

export async function sourcesOf(client: ClientBase): Promise<Source[]> {
  const { rows: reads } = await client.query<{ source_name: string; outcome: string; count: number }>(
    `select source_name, outcome, count(*)::integer as count from delegation.reads group by source_name, outcome order by source_name collate "C", outcome collate "C"`,
  );
  const { rows } = await client.query<Omit<Source, 'reads'>>(
    `select
      source_name,
      organization_id,
      management_account_id,
      to_char(sync_time, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as sync_time,
      is_absent,
      read_error
    from delegation.organizations
    order by source_name collate "C"`,
  );
  return rows.map((source) => ({
    ...source,
    reads: Object.fromEntries(
      reads
        .filter(({ source_name }) => source_name === source.source_name)
        .map(({ outcome, count }) => [outcome, count]),
    ),
  }));
}
