export { bigint, boolean, integer, json, text, timestamp, type ColumnType } from './columns.js';
export { defineTable } from './define_table.js';
export { deepestJson, parseExactly, parseJson } from './json.js';
export type { ReadRecord } from './read_record.js';
export type { Approval, Expectation, OwnerSelector, RuleSettings, Settings, Waiver } from './settings.js';
export {
  askedAccount,
  collect,
  flatten,
  membersOf,
  type ReadContext,
  type Reading,
  type State,
  type Table,
  type TableColumn,
} from './table.js';
export { matchesWildcard } from './wildcard.js';
