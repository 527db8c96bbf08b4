// Our plugin with the benchmark's table: `our_plugin.js ADDRESS ROWS`.
import { keepHeapSmall } from '../dist/src/plugin/heap.js';
import { createServer, listen } from '../dist/src/plugin/server.js';
import { startSync } from './our_source.js';
import { tellPeakMemory } from './peak_memory.js';

keepHeapSmall();
const [address, rows] = process.argv.slice(2);
const source = {
  init: () => undefined,
  sync: (_selection, signal) => startSync(Number(rows), signal),
};
const server = createServer({ version: 'bench', log: () => undefined, source: () => Promise.resolve(source) });
await listen(server, address);
tellPeakMemory();
