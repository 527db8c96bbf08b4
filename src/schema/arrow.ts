import { hash } from 'node:crypto';
import {
  Bool,
  Int32,
  Int64,
  TimestampMicrosecond,
  Utf8,
  type DataType,
  type Schema,
} from '@cloudquery/plugin-sdk-javascript/arrow';
import { createColumn } from '@cloudquery/plugin-sdk-javascript/schema/column';
import { createTable, toArrowSchema } from '@cloudquery/plugin-sdk-javascript/schema/table';
import { JSONType } from '@cloudquery/plugin-sdk-javascript/types/json';
import { UUIDType } from '@cloudquery/plugin-sdk-javascript/types/uuid';
import type { ColumnType } from './columns.js';
import type { Table, TableColumn } from './table.js';

/** CloudQuery's own two columns; every table starts with them. */
export const cloudQueryColumns: readonly TableColumn[] = [
  { name: '_cq_id', type: 'uuid', member: '_cq_id', description: 'ID of the row, the same in every sync.' },
  { name: '_cq_parent_id', type: 'uuid', member: '_cq_parent_id', description: 'ID of the row of the parent table.' },
];

const arrowTypes: Record<ColumnType, () => DataType> = {
  text: () => new Utf8(),
  boolean: () => new Bool(),
  integer: () => new Int32(),
  bigint: () => new Int64(),
  timestamp: () => new TimestampMicrosecond('UTC'),
  json: () => new JSONType(),
  uuid: () => new UUIDType(),
};

/** Which columns are announced as the primary key; the values are the same either way. */
export type AnnouncedKey = 'natural' | '_cq_id';

/**
 * The schema that a CloudQuery client is told. Beside CloudQuery's own keys its metadata names the columns by which
 * aws_delegation_reads tells apart what was read and what was not, so that a client can keep the rows of the latter.
 */
export function arrowSchemaOf(table: Table, parent: Table | null, key: AnnouncedKey = 'natural'): Schema {
  const schema = toArrowSchema(
    createTable({
      name: table.name,
      title: table.name,
      description: `${table.description} Source: ${table.source}`,
      parent: parent === null ? null : createTable({ name: parent.name }),
      isIncremental: table.isIncremental,
      columns: [...cloudQueryColumns, ...table.columns].map(({ name, type, description }) => {
        // With `_cq_id` as the key the natural one may be null, as in Go plugins: the official destination makes it so in a
        // table that it converts, and would refuse the next sync if we said otherwise.
        const primaryKey = key === '_cq_id' ? name === '_cq_id' : table.primaryKey.includes(name);
        return createColumn({
          name,
          type: arrowTypes[type](),
          description,
          primaryKey,
          notNull: primaryKey || name === '_cq_id',
          unique: name === '_cq_id',
        });
      }),
    }),
  );
  const scopeColumn =
    table.fanOut?.scopeColumn ?? table.detail?.scopeColumn ?? table.once?.scopeColumn ?? table.delegates?.column;
  if (scopeColumn !== undefined) schema.metadata.set('aws_delegation:scope_column', scopeColumn);
  if (table.columns.some(({ name }) => name === 'region'))
    schema.metadata.set('aws_delegation:region_column', 'region');
  return schema;
}

/**
 * `_cq_id` as CloudQuery's Go SDK makes it: SHA-256 over names and values of the key, in the order of the names, and a
 * version 5 UUID in the nil namespace over the digest. 16 bytes.
 */
export function cqId(key: readonly (readonly [column: string, value: string])[]): Uint8Array {
  let text = '';
  for (const [column, value] of key) text += column + value;
  // By way of text: a Hash, or a Buffer of its own, for each row is what the garbage collector would be busy with.
  named.write(hash('sha256', text, 'hex'), nilNamespaceBytes, 'hex');
  digest.write(hash('sha1', named, 'hex'), 'hex');
  const id = new Uint8Array(16);
  for (let index = 0; index < id.length; index++) id[index] = digest[index] ?? 0;
  id[6] = ((id[6] ?? 0) & 0x0f) | 0x50;
  id[8] = ((id[8] ?? 0) & 0x3f) | 0x80;
  return id;
}

const nilNamespaceBytes = 16;
/** The nil namespace, and after it what is named. */
const named = Buffer.alloc(nilNamespaceBytes + 32);
const digest = Buffer.alloc(20);
