import type { State, Table } from '../schema/index.js';
import { IdSet, stateless, type SyncState } from '../sync/index.js';
import { StateClient, type Backend, type StateOptions } from './state_client.js';
import type { Entry } from './state_records.js';
import { hexOf, uuid, uuidOf } from './uuid.js';

/** Of a client that keeps nothing. */
export const noState: SyncState = {
  of: () => stateless,
  had: () => false,
  keep: () => Promise.resolve(),
};

/**
 * What incremental tables remember, in a table of the destination: `key`, `value` and `version`, as CloudQuery's Go SDK
 * keeps it (https://github.com/cloudquery/plugin-sdk/blob/main/internal/clients/state/v3/state.go). A key is
 * `<table>/<key of the table>`.
 *
 * What it says is true only while the rows are there. They may not be: somebody dropped the table or a forced migration
 * did, an older backup came back, or the CloudQuery CLI ended after the state was written and before the destination had
 * written its last batch. So `<table>/last rows` names, by `_cq_id`, the last new row that each of the two newest syncs sent,
 * and where one of them is not in the table any more, nothing that was remembered of the table counts: its whole window is
 * read again, and the key of the rows keeps them from being there twice.
 *
 * A new row, because one that was there before the sync says nothing of whether the others arrived. Two syncs, because a
 * forced migration comes after this look and before the rows: of the newest sync alone everything would be there then.
 */
export class KeptState implements SyncState {
  readonly #stored = new Map<string, Entry>();
  readonly #values = new Map<string, string>();
  /** Rows of each table that the destination has. */
  readonly #ids = new Map<string, IdSet>();

  private constructor(
    readonly client: StateClient,
    readonly options: StateOptions,
  ) {}

  /**
   * Reads all of it, and looks for the rows that it stands on.
   *
   * @throws {StateError} where the backend cannot be reached, or answers with something else than its state.
   */
  static async open(backend: Backend, options: StateOptions): Promise<KeptState> {
    const client = new StateClient(backend, options);
    try {
      const state = new KeptState(client, options);
      await state.#read();
      for (const table of options.tables) await state.#prove(table);
      return state;
    } catch (error) {
      client.close();
      throw error;
    }
  }

  of(table: Table): State {
    return {
      get: (key) => {
        const value = this.#values.get(keyOf(table, key));
        // An empty value is one that no longer counts.
        return value === '' ? undefined : value;
      },
      set: (key, value) => void this.#values.set(keyOf(table, key), value),
    };
  }

  had(table: Table, id: Uint8Array): boolean {
    return this.#ids.get(table.name)?.has(id) ?? false;
  }

  async keep(last: ReadonlyMap<string, Uint8Array>): Promise<void> {
    for (const table of this.options.tables) {
      const id = last.get(table.name);
      if (id === undefined) continue;
      const before = this.#lastRows(table).filter((other) => other !== hexOf(id));
      this.#values.set(keyOf(table, lastRows), [...before, hexOf(id)].slice(-2).map(uuidOf).join(' '));
    }
    const changed = [...this.#values]
      .filter(([key, value]) => value !== this.#stored.get(key)?.value)
      .map(([key, value]) => ({ key, value, version: (this.#stored.get(key)?.version ?? 0n) + 1n }))
      .sort(lastRowsFirst);
    if (changed.length > 0) await this.client.write(changed);
  }

  close(): void {
    this.client.close();
  }

  async #read(): Promise<void> {
    for (const { key, value, version } of await this.client.readState()) {
      const known = this.#stored.get(key);
      // A destination without keys has every version of an entry.
      if (known === undefined || known.version <= version) this.#stored.set(key, { value, version });
    }
    for (const [key, { value }] of this.#stored) this.#values.set(key, value);
  }

  async #prove(table: Table): Promise<void> {
    const ids = await this.client.readIds(table);
    if (ids instanceof IdSet) this.#ids.set(table.name, ids);
    const problem = this.#problem(table, ids);
    if (problem === undefined) return;
    this.options.log(
      'warn',
      `${table.name}: ${problem}, so what the state in ${this.client.backend.tableName} says of it does not count, and its whole window is read again.`,
    );
    // Emptied and not left out, or what this sync does not replace would count again in the next one.
    for (const key of this.#values.keys()) if (key.startsWith(keyOf(table, ''))) this.#values.set(key, '');
  }

  /** Why the rows are not those that the state stands on; undefined where they are, or where it does not stand on any. */
  #problem(table: Table, ids: IdSet | string): string | undefined {
    const text = this.#values.get(keyOf(table, lastRows)) ?? '';
    // Nothing was sent yet, so there is nothing that could be lost.
    if (text === '') return undefined;
    if (!isRowList.test(text)) return `'${text.slice(0, 100)}' names no row`;
    if (!(ids instanceof IdSet)) return ids;
    const missing = this.#lastRows(table).find((id) => !ids.has(Buffer.from(id, 'hex')));
    return missing === undefined ? undefined : `the row ${uuidOf(missing)} that a sync sent is not there`;
  }

  /** As hexadecimal digits. */
  #lastRows(table: Table): string[] {
    const text = this.#values.get(keyOf(table, lastRows)) ?? '';
    return text === '' ? [] : text.split(' ').map((id) => id.replaceAll('-', ''));
  }
}

const lastRows = 'last rows';
const isRowList = new RegExp(`^${uuid}( ${uuid})?$`);

function keyOf(table: Table, key: string): string {
  return `${table.name}/${key}`;
}

/** If no more than the first of them are written, they name rows that are missing, and the rest does not count. */
function lastRowsFirst(left: { key: string }, right: { key: string }): number {
  const rank = ({ key }: { key: string }): string => `${key.endsWith(`/${lastRows}`) ? 0 : 1}${key}`;
  return rank(left) < rank(right) ? -1 : 1;
}
