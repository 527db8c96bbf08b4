// The benchmark's rows on the way that all rows of the plugin take: `list` of a table, the walk, the table's writer, the
// spool, and the record batches that `sync` hands out. Only the session is a stand-in, because nobody asks AWS.
import { defineTable, text } from '../dist/src/schema/index.js';
import { sync } from '../dist/src/sync/index.js';
import { delegationReads, organization, regions } from '../dist/tables/index.js';
import { accountId, columns, items, primaryKey, tableName } from './rows.js';

export function startSync(count, signal = new AbortController().signal) {
  const table = defineTable()({
    name: tableName,
    description: 'Rows that are made up.',
    source: 'docs/performance.md',
    permissions: ['organizations:ListAccounts'],
    primaryKey,
    columns: Object.fromEntries(columns.map(([name, member]) => [name, text(member, name)])),
    async *list() {
      yield* items(count);
    },
  });
  return sync({
    session: {
      homeRegion: 'us-east-1',
      whoAmI: () => Promise.resolve({ accountId, arn: `arn:aws:iam::${accountId}:root`, partition: 'aws' }),
      clients: () => ({}),
    },
    settings: { accountTags: false, owners: [], expectations: [], approvals: [], waivers: [], rules: {} },
    selected: [table, delegationReads],
    all: [table, delegationReads],
    organization,
    reads: delegationReads,
    regions,
    atlas: {
      regionsOf: () => ['us-east-1'],
      organizationsRegionOf: () => 'us-east-1',
      isServiceIn: () => true,
      isAlwaysOn: () => true,
    },
    delegates: { lent: [] },
    state: {
      of: () => ({ get: () => undefined, set: () => undefined }),
      had: () => false,
      keep: () => Promise.resolve(),
    },
    key: 'natural',
    wantedRegions: 'all',
    onDenied: 'report',
    onFailure: 'fail',
    fanOutWidth: 10,
    signal,
    onProgress: () => undefined,
  });
}
