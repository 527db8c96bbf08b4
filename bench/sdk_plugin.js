// The same rows through a plugin written as CloudQuery's own SDK has it: its server, its scheduler, its resolvers.
// `sdk_plugin.js serve --address ADDRESS`, with the number of rows in BENCH_ROWS.
import { newPlugin, newUnimplementedDestination } from '@cloudquery/plugin-sdk-javascript/plugin/plugin';
import { createServeCommand } from '@cloudquery/plugin-sdk-javascript/plugin/serve';
import { sync } from '@cloudquery/plugin-sdk-javascript/scheduler';
import { createColumn } from '@cloudquery/plugin-sdk-javascript/schema/column';
import { pathResolver } from '@cloudquery/plugin-sdk-javascript/schema/resolvers';
import { createTable } from '@cloudquery/plugin-sdk-javascript/schema/table';
import { UUIDType } from '@cloudquery/plugin-sdk-javascript/types/uuid';
import { tellPeakMemory } from './peak_memory.js';
import { accountId, columns, items, primaryKey, tableName } from './rows.js';

const rows = Number(process.env['BENCH_ROWS']);

const table = createTable({
  name: tableName,
  columns: [
    createColumn({ name: '_cq_id', type: new UUIDType(), notNull: true, unique: true }),
    createColumn({ name: '_cq_parent_id', type: new UUIDType() }),
    ...[['account_id', 'AccountId'], ...columns].map(([name, member]) =>
      createColumn({
        name,
        resolver: pathResolver(member),
        primaryKey: primaryKey.includes(name),
      }),
    ),
  ],
  resolver: (_client, _parent, stream) => {
    for (const item of items(rows)) stream.write({ AccountId: accountId, ...item });
    return Promise.resolve();
  },
});

const plugin = newPlugin('bench', '0.0.0', (logger) =>
  Promise.resolve({
    ...newUnimplementedDestination(),
    tables: () => Promise.resolve([table]),
    sync: ({ stream, deterministicCQId }) =>
      sync({ logger, client: { id: () => 'bench' }, stream, tables: [table], deterministicCQId, concurrency: 10_000 }),
    close: () => Promise.resolve(),
  }),
);

tellPeakMemory();
createServeCommand(plugin).parse();
