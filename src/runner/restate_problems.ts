import { DatabaseError } from '../postgres/index.js';
import type { Target } from './newest_sync.js';
import type { StatedTable } from './restated_table.js';
import { columnName } from './schema.js';

/** What stands between the spec and the tables. Each says why it is safe to go on, or is an error. */
export class Problems {
  readonly #unknown: string[] = [];
  readonly #skipped: string[] = [];
  readonly #narrow: string[] = [];

  constructor(readonly sourceName: string) {}

  /** An older version synced. Rules take a table without a read as unread, so nothing passes by what is not there. */
  unknown(table: string): void {
    this.#unknown.push(table);
  }

  /** The views have nothing of such a table, and its rules say `not_configured`. */
  skipped({ name, records }: StatedTable): void {
    if (records.length > 0) this.#skipped.push(name);
  }

  /** The rows go in without these columns, and delegation.reads takes the table as unread until a sync has added them. */
  compare({ name, columns, key }: StatedTable, target: Target): void {
    const missing = columns.map(columnName).filter((column) => !target.columns.has(column));
    if (missing.length === 0) return;
    if (missing.some((column) => key.includes(column) || column === '_cq_id')) {
      throw new DatabaseError(
        `${name} has no column ${missing.join(', ')}, so what the spec says now cannot be stored, and what is stored is out of date. ` +
          'Nothing was written or judged. Sync again with this version.',
      );
    }
    this.#narrow.push(`${name} (${missing.join(', ')})`);
  }

  unread(table: string, outcome: string): DatabaseError {
    return new DatabaseError(
      `${table} ended as "${outcome}" in the newest sync of "${this.sourceName}", so what is stored of it says nothing. Nothing was ` +
        'written or judged. Sync again.',
    );
  }

  newerRows(): string {
    return (
      `A sync of "${this.sourceName}" that is newer than the newest whole one is running, or was interrupted: the spec was not read again. ` +
      'What it left in doubt is unknown below. Let it end, or sync again.'
    );
  }

  notices(): string[] {
    const tell = (names: readonly string[], text: string): string[] =>
      names.length === 0 ? [] : [`${names.join(', ')}: ${text}`];
    return [
      ...tell(
        this.#unknown,
        `not in the newest sync of "${this.sourceName}", which an older version made: what the spec says of it is not judged, and what ` +
          'needs it is unknown. Sync again with this version.',
      ),
      ...tell(
        this.#skipped,
        `left out of the newest sync of "${this.sourceName}" (skip_tables): what the spec says of it is not judged. Sync again without that.`,
      ),
      ...tell(
        this.#narrow,
        'these columns are not there, because an older version made the table: what the spec says is stored without them, and what needs ' +
          'the table is unknown. Sync again with this version.',
      ),
    ];
  }
}
