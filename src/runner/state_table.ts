import type { TableSchema } from './schema.js';

/** As the official destination makes it of what a state client announces. Nothing is added to it as to a synced table. */
export function stateTable(name: string): TableSchema {
  const column = { isUnique: false, isNotNull: false, isPrimaryKey: false };
  return {
    name,
    columns: [
      { ...column, name: 'key', type: 'text', isNotNull: true, isPrimaryKey: true },
      { ...column, name: 'value', type: 'text' },
      { ...column, name: 'version', type: 'numeric(20,0)' },
    ],
    primaryKey: ['key'],
    isIncremental: false,
    parent: undefined,
    regionColumn: undefined,
    scopeColumn: undefined,
  };
}
