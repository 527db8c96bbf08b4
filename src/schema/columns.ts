/** The types a column can have; `src/schema/arrow.ts` says what each is in Arrow, the destination what it is in PostgreSQL. */
export type ColumnType = 'text' | 'boolean' | 'integer' | 'bigint' | 'timestamp' | 'json' | 'uuid';

/** A column that takes its value from member `Member` of the item, which must be a `Value`. */
export interface Column<Member extends string = string, Value = unknown> {
  readonly type: ColumnType;
  /** As AWS spells it, or as the table's own code does for what it adds. */
  readonly member: Member;
  readonly description: string;
  /** Only for the compiler: what the member has to be. */
  readonly value?: Value;
}

const column =
  <Value>(type: ColumnType) =>
  <const Member extends string>(member: Member, description: string): Column<Member, Value> => ({
    type,
    member,
    description,
  });

export const text = column<string>('text');
export const boolean = column<boolean>('boolean');
export const integer = column<number>('integer');
export const bigint = column<number>('bigint');
/** Microseconds, UTC. */
export const timestamp = column<Date>('timestamp');
/** Anything that JSON can say, with AWS's member names as they are. */
export const json = column<unknown>('json');
