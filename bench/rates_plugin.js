// One sync of everything, in a process of its own: `rates_plugin.js SIMULATOR_URL FACTOR`. The simulator keeps to AWS's rates,
// FACTOR times as fast, and so does the plugin. Tells its parent how it went.
import { tableFromIPC } from '@cloudquery/plugin-sdk-javascript/arrow';
import { rateOf } from '../dist/src/catalog/index.js';
import { keepHeapSmall } from '../dist/src/plugin/heap.js';
import { Source } from '../dist/src/plugin/source.js';
import { peakMemory } from './peak_memory.js';

keepHeapSmall();
const [url, given] = process.argv.slice(2);
const factor = Number(given);
const spec = {
  accounts: [{ id: 'bench', access_key_id: 'bench', secret_access_key: 'bench', default_region: 'us-east-1' }],
  custom_endpoint_url: url,
  on_failure: 'report',
};
const faster = (bucket) => bucket && { ...bucket, perSecond: bucket.perSecond * factor };
const source = new Source('bench', () => undefined, {
  isRatePromised: true,
  rateOf: (operation) => {
    const rate = rateOf(operation);
    return rate && { ...rate, account: faster(rate.account), organization: faster(rate.organization) };
  },
});
source.init(Buffer.from(JSON.stringify(spec)), false);
const selection = { tables: ['*'], skipTables: [], skipDependentTables: true };
const messages = source.sync({ selection, deterministicCqId: false, shards: 1 }, new AbortController().signal);
const outcomes = {};
let rows = 0;
let requests = 0;
const cpuBefore = process.cpuUsage();
const startedAt = performance.now();
for await (const message of messages) {
  if (message.kind !== 'insert') continue;
  const table = tableFromIPC(message.record);
  rows += table.numRows;
  if (message.table !== 'aws_delegation_reads') continue;
  for (const read of table) {
    outcomes[read.outcome] = (outcomes[read.outcome] ?? 0) + 1;
    requests += Number(read.request_count);
  }
}
const seconds = (performance.now() - startedAt) / 1000;
const { user, system } = process.cpuUsage(cpuBefore);
process.on('disconnect', () => process.exit());
process.send({ seconds, cpuSeconds: (user + system) / 1e6, rows, requests, outcomes, peakBytes: peakMemory() });
