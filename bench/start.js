import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pluginV3 } from '@cloudquery/plugin-pb-javascript';
import { credentials } from '@grpc/grpc-js';
import { amount, median, result } from './results.js';

const { GetName, GetTables, PluginClient } = pluginV3.cloudquery.plugin.v3;

const bin = fileURLToPath(new URL('../bin/aws-delegation', import.meta.url));
const readyTimeoutMs = 30_000;
// One is over in a moment, and the first finds no file in the cache.
const startsPerRound = 5;

/** From the start of `serve` to what it answers first, and to the answer that needs all of it; beside Node with nothing to do. */
export async function measureStart({ rounds, directory, signal, tell }) {
  const seconds = { name: [], tables: [], node: [] };
  for (let start = 0; start <= rounds * startsPerRound; start++) {
    signal.throwIfAborted();
    const node = await plainNode();
    const { name, tables } = await serve(join(directory, 'start.sock'));
    if (start === 0) continue;
    seconds.node.push(node);
    seconds.name.push(name);
    seconds.tables.push(tables);
  }
  const [name, tables, node] = [seconds.name, seconds.tables, seconds.node].map(median);
  tell(`serve: ${amount(name, 's')} to GetName, ${amount(tables, 's')} to GetTables; Node alone ${amount(node, 's')}`);
  return {
    results: [
      result({
        what: '`serve` to its first answer, beside Node alone',
        unit: 's',
        ours: name,
        beside: node,
        target: { of: 'ours', atMost: 0.7 },
      }),
      result({ what: '`serve` to its list of tables, beside Node alone', unit: 's', ours: tables, beside: node }),
    ],
  };
}

async function plainNode() {
  const startedAt = performance.now();
  await once(spawn(process.execPath, ['--eval', '0'], { stdio: 'ignore' }), 'exit');
  return (performance.now() - startedAt) / 1000;
}

async function serve(socket) {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [bin, 'serve', '--network', 'unix', '--address', socket], {
    env: { PATH: process.env['PATH'], TMPDIR: process.env['TMPDIR'], HOME: process.env['HOME'] },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const exited = once(child, 'exit');
  const client = new PluginClient(`unix:${socket}`, credentials.createInsecure(), {
    'grpc.initial_reconnect_backoff_ms': 10,
    'grpc.min_reconnect_backoff_ms': 10,
    'grpc.max_reconnect_backoff_ms': 10,
    'grpc.enable_http_proxy': 0,
  });
  const answer = (method, request) =>
    new Promise((resolve, reject) => {
      const options = { deadline: Date.now() + readyTimeoutMs };
      client[method](request, options, (error) => {
        if (error) reject(error);
        else resolve((performance.now() - startedAt) / 1000);
      });
    });
  try {
    await new Promise((resolve, reject) => {
      client.waitForReady(Date.now() + readyTimeoutMs, (error) => (error ? reject(error) : resolve()));
    });
    const name = await answer('GetName', new GetName.Request());
    const tables = await answer('GetTables', new GetTables.Request({ tables: ['*'] }));
    return { name, tables };
  } finally {
    client.close();
    child.kill('SIGKILL');
    await exited;
    rmSync(socket, { force: true });
  }
}
