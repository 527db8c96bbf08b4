export { bigint, boolean, integer, json, text, timestamp, type Column, type ColumnType } from './columns.js';
export { deepestJson, parseExactly, parseJson } from './json.js';
export type { ReadRecord } from './read_record.js';
export {
  askedAccount,
  collect,
  defineTable,
  flatten,
  membersOf,
  type Approval,
  type Delegates,
  type Detail,
  type Expectation,
  type OnceRead,
  type OwnerSelector,
  type ReadContext,
  type Reading,
  type RelationOf,
  type RuleSettings,
  type Settings,
  type State,
  type Table,
  type TableColumn,
  type Waiver,
} from './table.js';
export { matchesWildcard } from './wildcard.js';
