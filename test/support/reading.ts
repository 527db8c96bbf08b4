import { startSimulator, type FaultInput, type ScenarioInput } from '../../src/simulator/index.js';
import { syncFrom, type Row } from './source.js';

export const management = '111111111111';
export const security = '222222222222';
export const network = '333333333333';

export interface Asked {
  readonly scenario?: Partial<ScenarioInput>;
  readonly faults?: readonly FaultInput[];
  /** Who asks; the management account by default. */
  readonly account?: string;
  readonly spec?: object;
}

/** What a sync made of one table. */
export interface TableReading {
  /** In the order of Region and administrator; null where the table was not announced, so that stored rows stay. */
  readonly rows: readonly Row[] | null;
  /** Region, action, scope, outcome, error code, requests and rows of each read that the spec asks for. */
  readonly reads: readonly unknown[][];
  /** What the client is told of the table, if anything. */
  readonly error: string | undefined;
}

/** Syncs one table of a small organization. */
export async function readTable(
  table: string,
  { scenario, faults = [], account = management, spec }: Asked,
): Promise<TableReading> {
  const simulator = await startSimulator({
    scenario: {
      name: 'reading',
      organization: {
        management_account_id: management,
        accounts: [
          { id: management, name: 'Management' },
          { id: security, name: 'Security' },
          { id: network, name: 'Network' },
        ],
      },
      ...scenario,
    },
  });
  try {
    for (const fault of faults) simulator.fault(fault);
    const synced = await syncFrom(simulator, { tables: [table], account, ...(spec && { spec }) });
    return {
      rows: synced.announced.includes(table) ? inOrder(synced.tables[table] ?? []) : null,
      reads: synced.reads
        .filter((read) => read['table_name'] === table && read['outcome'] !== 'skipped')
        .map((read) =>
          ['region', 'operation', 'scope', 'outcome', 'error_code', 'request_count', 'row_count'].map(
            (column) => read[column],
          ),
        ),
      error: synced.errors[table],
    };
  } finally {
    await simulator.close();
  }
}

function inOrder(rows: readonly Row[]): Row[] {
  const place = (row: Row): string => JSON.stringify([row['region'], row['admin_account_id']]);
  return [...rows].sort((left, right) => (place(left) < place(right) ? -1 : 1));
}
