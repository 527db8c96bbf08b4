// One sync of the event history, in a process of its own: `events_plugin.js SIMULATOR_URL`. Tells its parent how it went.
import { Source } from '../dist/src/plugin/source.js';
import { tellPeakMemory } from './peak_memory.js';

const [url] = process.argv.slice(2);
const spec = {
  accounts: [{ id: 'bench', access_key_id: 'bench', secret_access_key: 'bench', default_region: 'us-east-1' }],
  custom_endpoint_url: url,
};
const source = new Source('bench', () => undefined);
source.init(Buffer.from(JSON.stringify(spec)), false);
const selection = { tables: ['aws_cloudtrail_organization_events'], skipTables: [], skipDependentTables: true };
const messages = source.sync({ selection, deterministicCqId: false, shards: 1 }, new AbortController().signal);
const startedAt = performance.now();
while (!(await messages.next()).done);
process.send({ seconds: (performance.now() - startedAt) / 1000 });
tellPeakMemory();
