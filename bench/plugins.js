import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tableFromIPC } from '@cloudquery/plugin-sdk-javascript/arrow';
import { pluginV3 } from '@cloudquery/plugin-pb-javascript';
import { credentials } from '@grpc/grpc-js';
import { amount } from './results.js';
import { tableName } from './rows.js';

const { Init, PluginClient, Sync } = pluginV3.cloudquery.plugin.v3;

const readyTimeoutMs = 30_000;
// A run that takes longer than this is ended: the whole benchmark has to come to its end.
const syncTimeoutMs = 400_000;

let runs = 0;

/**
 * One sync of `rows` rows through a plugin in a process of its own, to a client that does nothing but receive.
 * `kind` is `our` or `sdk`.
 */
export async function runSync({ kind, rows, round, directory, signal, tell }) {
  signal.throwIfAborted();
  const address = `unix:${join(directory, `${++runs}.sock`)}`;
  const args = kind === 'our' ? [address, String(rows)] : ['serve', '--address', address, '--log-level', 'error'];
  const child = fork(fileURLToPath(new URL(`${kind}_plugin.js`, import.meta.url)), args, {
    env: { PATH: process.env['PATH'], TMPDIR: process.env['TMPDIR'], BENCH_ROWS: String(rows) },
    // The SDK calls a function of gRPC that is no longer needed, and Node says so.
    execArgv: ['--no-deprecation'],
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  // The SDK's log goes to stdout; ours has none. What is read from the benchmark's stdout is the table.
  child.stdout.pipe(process.stderr);
  const client = new PluginClient(address, credentials.createInsecure(), {
    'grpc.max_receive_message_length': 200 * 1024 * 1024,
    'grpc.initial_reconnect_backoff_ms': 20,
    'grpc.max_reconnect_backoff_ms': 100,
    'grpc.enable_http_proxy': 0,
  });
  const end = () => child.kill('SIGKILL');
  signal.addEventListener('abort', end, { once: true });
  try {
    await new Promise((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`the ${kind} plugin ended with ${code}`)));
      client.waitForReady(Date.now() + readyTimeoutMs, (error) => (error ? reject(error) : resolve()));
    });
    const init = new Init.Request({ spec: Buffer.from('{}'), no_connection: false });
    await new Promise((resolve, reject) => {
      client.Init(init, (error) => (error ? reject(error) : resolve()));
    });
    const startedAt = performance.now();
    const received = await receive(client, kind);
    const seconds = (performance.now() - startedAt) / 1000;
    if (received !== rows) throw new Error(`the ${kind} plugin sent ${received} of ${rows} rows`);
    const answer = once(child, 'message', { signal });
    child.send('peak');
    const [peakBytes] = await answer;
    tell(`${kind} plugin, ${rows} rows, round ${round}: ${amount(seconds, 's')}, peak ${amount(peakBytes, 'bytes')}`);
    return { seconds, peakBytes };
  } finally {
    signal.removeEventListener('abort', end);
    client.close();
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  }
}

/** The number of rows that came. */
async function receive(client, kind) {
  const call = client.Sync(new Sync.Request({ tables: ['*'] }), { deadline: Date.now() + syncTimeoutMs });
  let rows = 0;
  for await (const message of call) {
    if (message.message !== 'insert') continue;
    // The SDK sends each row as a message: opening all of them would measure this client.
    if (kind === 'sdk' && rows > 0) {
      rows++;
      continue;
    }
    const table = tableFromIPC(message.insert.record);
    if (table.schema.metadata.get('cq:table_name') !== tableName) continue;
    // Both kinds send CloudQuery's two columns and the twelve of the table.
    if (table.numCols !== 14) throw new Error(`the ${kind} plugin sent ${table.numCols} columns`);
    rows += table.numRows;
  }
  return rows;
}
