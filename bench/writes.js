import { once } from 'node:events';
import { join } from 'node:path';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { connect, disconnect, openEmbedded, stopEmbedded } from '../dist/src/postgres/index.js';
import { SyncWriter } from '../dist/src/runner/writer.js';
import { startSync } from './our_source.js';
import { median, result } from './results.js';
import { tableName } from './rows.js';

const copyTable = 'copied';

/** What a sync takes to write its rows, beside COPY of the same rows. */
export async function measureWrites({ rounds, scaled, directory, signal, tell }) {
  const rows = scaled(50_000);
  tell(`writes: ${rows} rows, ${rounds} rounds`);
  const seconds = await writeAndCopy({ rows, rounds, home: join(directory, 'writes'), signal });
  const compared = (what, ours, beside, target = null) =>
    result({ what, count: rows, of: 'rows', unit: 's', ours: median(ours), beside: median(beside), target });
  const target = { of: 'ratio', atMost: 2 };
  return {
    results: [
      compared('first sync into PostgreSQL, beside COPY', seconds.first, seconds.copy, target),
      compared('sync over the same rows, beside COPY', seconds.second, seconds.copy, target),
      compared('first sync, beside COPY without keys', seconds.first, seconds.copyWithoutKeys),
    ],
  };
}

/**
 * Seconds that our writer takes for one sync into an empty database and for a second one over it, and what COPY takes for
 * the same rows, as text, into the same table with and without its keys. One of each per round, in turn.
 */
async function writeAndCopy({ rows, rounds, home, signal }) {
  const messages = [];
  for await (const message of startSync(rows)) messages.push(message);

  const embedded = await openEmbedded({ name: 'bench', home });
  try {
    const client = await connect(embedded.url);
    try {
      const seconds = { first: [], second: [], copy: [], copyWithoutKeys: [] };
      for (let round = 0; round < rounds; round++) {
        signal.throwIfAborted();
        seconds.first.push(await timed(client, () => write(client, messages, 1)));
        seconds.second.push(await timed(client, () => write(client, messages, 2)));
        const chunks = await exported(client);
        await client.query(`create table ${copyTable} (like ${tableName} including all)`);
        seconds.copy.push(await timed(client, () => copy(client, chunks)));
        await client.query(`drop table ${copyTable}; create table ${copyTable} (like ${tableName})`);
        seconds.copyWithoutKeys.push(await timed(client, () => copy(client, chunks)));
        const { rows: counted } = await client.query(
          `select (select count(*)::int from ${tableName}) as ours, (select count(*)::int from ${copyTable}) as copied`,
        );
        if (counted[0].ours !== rows || counted[0].copied !== rows) {
          throw new Error(`${counted[0].ours} rows were written and ${counted[0].copied} copied, instead of ${rows}`);
        }
        await client.query('drop schema public cascade; create schema public');
      }
      return seconds;
    } finally {
      await disconnect(client);
    }
  } finally {
    await embedded.release();
    await stopEmbedded({ name: 'bench', home });
  }
}

async function timed(client, work) {
  // What was written before must not be paid for here.
  await client.query('checkpoint');
  const startedAt = performance.now();
  await client.query('begin');
  await work();
  await client.query('commit');
  return (performance.now() - startedAt) / 1000;
}

/** As `aws-delegation sync` does with what the plugin sends. */
async function write(client, messages, syncNumber) {
  const writer = new SyncWriter(client, {
    sourceName: 'bench',
    syncTime: BigInt(syncNumber) * 1_000_000n,
    writeMode: 'overwrite-delete-stale',
    hasState: false,
    migration: { mayDrop: new Set(), beforeDrop: () => Promise.resolve(), onNotice: () => undefined },
    takeTurn: () => Promise.resolve(),
  });
  for (const message of messages) {
    if (message.kind === 'migrate') writer.announce(message.schema);
    else if (message.kind === 'insert') await writer.insert(message.record);
  }
  await writer.finish();
}

/** The rows as COPY wants them. */
async function exported(client) {
  const chunks = [];
  for await (const chunk of client.query(copyTo(`copy ${tableName} to stdout`))) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  const size = 256 * 1024;
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );
}

async function copy(client, chunks) {
  const stream = client.query(copyFrom(`copy ${copyTable} from stdin`));
  for (const chunk of chunks) if (!stream.write(chunk)) await once(stream, 'drain');
  stream.end();
  await once(stream, 'finish');
}
