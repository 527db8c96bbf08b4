export { bigint, boolean, integer, json, text, timestamp, type Column, type ColumnType } from './columns.js';
export { deepestJson, parseExactly, parseJson } from './json.js';
export type { ReadRecord } from './read_record.js';
export type { Approval, Expectation, OwnerSelector, RuleSettings, Settings, Waiver } from './settings.js';
export {
  askedAccount,
  collect,
  defineTable,
  flatten,
  membersOf,
  type Delegates,
  type Detail,
  type OnceRead,
  type ReadContext,
  type Reading,
  type RelationOf,
  type State,
  type Table,
  type TableColumn,
} from './table.js';
export { matchesWildcard } from './wildcard.js';
