import {
  DataType,
  Precision,
  tableFromIPC,
  TimeUnit,
  type Field,
  type RecordBatch,
  type Schema,
} from '@cloudquery/plugin-sdk-javascript/arrow';
import { SyncError } from './errors.js';

export interface Column {
  readonly name: string;
  /** As format_type() says it. */
  readonly type: string;
  readonly isNotNull: boolean;
  readonly isUnique: boolean;
  readonly isPrimaryKey: boolean;
}

/** As CloudQuery names them; the first removes what AWS no longer has, the last keeps the rows of every sync side by side. */
export type WriteMode = 'overwrite-delete-stale' | 'overwrite' | 'append';

export interface Shape {
  readonly writeMode: WriteMode;
  /** `_cq_id` as the only key, where the plugin was not asked for it yet: in its list of tables. */
  readonly isKeyedByCqId?: boolean;
}

export interface TableSchema {
  readonly name: string;
  /** `_cq_sync_time` and `_cq_source_name` first, as the CLI adds them. */
  readonly columns: readonly Column[];
  /** Empty in write mode `append`. */
  readonly primaryKey: readonly string[];
  readonly isIncremental: boolean;
  readonly parent: string | undefined;
  readonly regionColumn: string | undefined;
  readonly scopeColumn: string | undefined;
}

/** What the client adds in front of the plugin's columns. */
const clientColumns: readonly Column[] = [
  {
    name: '_cq_sync_time',
    type: 'timestamp without time zone',
    isNotNull: false,
    isUnique: false,
    isPrimaryKey: false,
  },
  { name: '_cq_source_name', type: 'text', isNotNull: false, isUnique: false, isPrimaryKey: false },
];

export function decodeSchema(ipc: Uint8Array, shape: Shape): TableSchema {
  return toTableSchema(tableFromIPC(ipc).schema, shape);
}

export function decodeRecords(ipc: Uint8Array): { schema: Schema; batches: readonly RecordBatch[] } {
  const { schema, batches } = tableFromIPC(ipc);
  return { schema, batches };
}

export function tableName(schema: Schema): string {
  const name = schema.metadata.get('cq:table_name');
  if (name === undefined || name === '')
    throw new SyncError('The plugin sent a record without the name of its table. Update aws-delegation.');
  return name;
}

function toTableSchema(schema: Schema, { writeMode, isKeyedByCqId = false }: Shape): TableSchema {
  const name = tableName(schema);
  const fields = schema.fields
    .map((field) => toColumn(name, field))
    .map((column) => (isKeyedByCqId ? keyedByCqId(column) : column));
  const hasPrimaryKey = fields.some(({ isPrimaryKey }) => isPrimaryKey);
  const columns = [...clientColumns, ...fields].map((column) => {
    // The CLI takes both away, and leaves what the source says of null.
    if (writeMode === 'append') return { ...column, isPrimaryKey: false, isUnique: false };
    // Without a key of the source, the CLI makes _cq_id the key; PostgreSQL's key columns are never null.
    const isPrimaryKey = hasPrimaryKey ? column.isPrimaryKey : column.name === '_cq_id';
    return { ...column, isPrimaryKey, isNotNull: column.isNotNull || isPrimaryKey };
  });
  const primaryKey = columns.filter(({ isPrimaryKey }) => isPrimaryKey).map((column) => column.name);
  if (primaryKey.length === 0 && writeMode !== 'append') {
    throw new SyncError(`${name}: the plugin announced a table with neither a key nor _cq_id. Update aws-delegation.`);
  }
  const twice = columns.find(({ name: one }, index) => columns.findIndex((other) => other.name === one) !== index);
  if (twice)
    throw new SyncError(`${name}: the plugin announced two columns named ${twice.name}. Update aws-delegation.`);
  const metadata = (key: string) => {
    const value = schema.metadata.get(key);
    return value === '' ? undefined : value;
  };
  return {
    name,
    columns,
    primaryKey,
    isIncremental: metadata('cq:extension:incremental') === 'true',
    parent: metadata('cq:table_depends_on'),
    regionColumn: metadata('aws_delegation:region_column'),
    scopeColumn: metadata('aws_delegation:scope_column'),
  };
}

/** As a plugin announces it with `deterministic_cq_id`. */
function keyedByCqId(column: Column): Column {
  const isKey = column.name === '_cq_id';
  return column.isPrimaryKey || isKey ? { ...column, isPrimaryKey: isKey, isNotNull: isKey } : column;
}

function toColumn(table: string, field: Field): Column {
  const flag = (key: string) => field.metadata.get(`cq:extension:${key}`) === 'true';
  return {
    name: columnName(field.name),
    type: postgresType(table, field),
    isNotNull: !field.nullable,
    isUnique: flag('unique'),
    isPrimaryKey: flag('primary_key'),
  };
}

/** PostgreSQL cuts names at 63 bytes, and never inside a character. */
export function columnName(name: string): string {
  if (Buffer.byteLength(name) <= 63) return name;
  // The last character may have been cut in two.
  return Buffer.from(name)
    .subarray(0, 63)
    .toString()
    .replace(/\ufffd+$/, '');
}

export function intOf(type: DataType): { bitWidth: number; isSigned: boolean } {
  return type as unknown as { bitWidth: number; isSigned: boolean };
}

/** The types of the official destination, for what a source of ours can send. */
function postgresType(table: string, field: Field): string {
  const extension = field.metadata.get('ARROW:extension:name');
  const type = field.type as DataType;
  if (extension === 'json') return 'jsonb';
  if (extension === 'uuid') return 'uuid';
  if (DataType.isBool(type)) return 'boolean';
  if (DataType.isInt(type)) {
    const { bitWidth, isSigned } = intOf(type);
    if (bitWidth === 8 || (bitWidth === 16 && isSigned)) return 'smallint';
    if (bitWidth === 16 || (bitWidth === 32 && isSigned)) return 'integer';
    if (bitWidth === 32 || isSigned) return 'bigint';
  }
  if (DataType.isFloat(type)) {
    if (type.precision === Precision.SINGLE) return 'real';
    if (type.precision === Precision.DOUBLE) return 'double precision';
  }
  if (DataType.isUtf8(type) || DataType.isLargeUtf8(type)) return 'text';
  if (DataType.isBinary(type) || DataType.isLargeBinary(type)) return 'bytea';
  if (DataType.isTimestamp(type)) return 'timestamp without time zone';
  if (DataType.isDate(type)) return 'date';
  throw new SyncError(
    `${table}.${field.name}: the plugin sent the Arrow type ${String(field.type)}, which this command cannot write. ` +
      'Update aws-delegation, or use `cloudquery sync`.',
  );
}

/** Microseconds in one unit of an Arrow timestamp; a nanosecond is a fraction and handled apart. */
export const microsecondsPer: Record<TimeUnit, bigint> = {
  [TimeUnit.SECOND]: 1_000_000n,
  [TimeUnit.MILLISECOND]: 1000n,
  [TimeUnit.MICROSECOND]: 1n,
  [TimeUnit.NANOSECOND]: 0n,
};
