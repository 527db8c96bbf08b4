import { createServer, type AddressInfo, type Server as TcpServer } from 'node:net';
import { once } from 'node:events';
import { tableToIPC, tableFromArrays } from '@cloudquery/plugin-sdk-javascript/arrow';
import { status } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KeptState } from '../../src/plugin/state.js';
import type { StateOptions } from '../../src/plugin/state_client.js';
import type { Table } from '../../src/schema/index.js';
import { FakeBackend, type Row } from '../support/backend.js';

const events = { name: 'aws_events', isIncremental: true } as Table;
const findings = { name: 'aws_findings', isIncremental: true } as Table;
const stateName = 'cq_state';

let backend: FakeBackend;
let logged: string[];
let opened: KeptState[];

beforeEach(async () => {
  backend = await FakeBackend.start();
  logged = [];
  opened = [];
});
afterEach(() => {
  for (const state of opened) state.close();
  backend.stop();
});

async function open(options: Partial<StateOptions> = {}, connection = `unix://${backend.socket}`): Promise<KeptState> {
  const state = await KeptState.open(
    { tableName: stateName, connection },
    {
      tables: [events, findings],
      taken: ['aws_events', 'aws_findings'],
      log: (level, message) => void logged.push(`${level}: ${message}`),
      signal: new AbortController().signal,
      ...options,
    },
  );
  opened.push(state);
  return state;
}

const idOf = (number: number): Uint8Array => new Uint8Array(16).fill(number);
const uuid = (number: number): string => {
  const byte = number.toString(16).padStart(2, '0');
  return [4, 2, 2, 2, 6].map((length) => byte.repeat(length)).join('-');
};
/** Rows as the destination has them once it has written what a sync sent. */
const rowsOf = (...numbers: number[]): Row[] => numbers.map((number) => ({ _cq_id: idOf(number) }));

/** One sync: sets the entries, sends one row with this number, and ends well. */
async function syncOnce(entries: Record<string, string>, last?: number): Promise<void> {
  const state = await open();
  for (const [key, value] of Object.entries(entries)) state.of(events).set(key, value);
  await state.keep(new Map(last === undefined ? [] : [[events.name, idOf(last)]]));
}

const stored = (): Record<string, string> =>
  Object.fromEntries((backend.tables.get(stateName) ?? []).map(({ key, value }) => [String(key), String(value)]));

describe('the state', () => {
  it('is the table of the Go SDK, and what was kept is there in the next sync', async () => {
    const first = await open();
    expect(first.of(events).get('111/eu-west-1')).toBeUndefined();
    first.of(events).set('111/eu-west-1', '{"through":1}');
    first.of(findings).set('111/eu-west-1', 'x');
    // Of what was set and not kept nobody hears.
    expect(backend.inserted).toEqual([]);
    await first.keep(new Map([[events.name, idOf(7)]]));
    expect(backend.migrated[0]).toEqual({
      name: stateName,
      columns: [
        { name: 'key', type: 'Utf8', isPrimaryKey: true, isNullable: true },
        { name: 'value', type: 'Utf8', isPrimaryKey: false, isNullable: true },
        { name: 'version', type: 'Uint64', isPrimaryKey: false, isNullable: true },
      ],
    });
    expect(backend.inserted).toEqual([
      [
        { key: 'aws_events/last rows', value: uuid(7), version: 1n },
        { key: 'aws_events/111/eu-west-1', value: '{"through":1}', version: 1n },
        { key: 'aws_findings/111/eu-west-1', value: 'x', version: 1n },
      ],
    ]);

    backend.tables.set(events.name, rowsOf(1, 7, 2));
    const second = await open();
    expect(second.of(events).get('111/eu-west-1')).toBe('{"through":1}');
    expect(second.of(findings).get('111/eu-west-1')).toBe('x');
    second.of(events).set('111/eu-west-1', '{"through":2}');
    second.of(findings).set('111/eu-west-1', 'x');
    await second.keep(new Map());
    // Only what changed, with the next version.
    expect(backend.inserted[1]).toEqual([{ key: 'aws_events/111/eu-west-1', value: '{"through":2}', version: 2n }]);
    expect(logged).toEqual([]);
  });

  it('writes nothing where nothing changed', async () => {
    await (await open()).keep(new Map());
    expect(backend.inserted).toEqual([]);
  });

  it.each(['unix:', 'unix://'])('is reached at %s', async (scheme) => {
    await open({}, `${scheme}${backend.socket}`);
    expect(backend.reads[0]).toBe(`${stateName} (key, value, version)`);
  });

  it('is reached at a port, and not by way of the proxy that is for AWS', async () => {
    const port = await backend.listen('127.0.0.1:0');
    const before = process.env['http_proxy'];
    process.env['http_proxy'] = 'http://127.0.0.1:9';
    try {
      await open({}, `127.0.0.1:${port}`);
    } finally {
      if (before === undefined) delete process.env['http_proxy'];
      else process.env['http_proxy'] = before;
    }
    expect(backend.reads[0]).toBe(`${stateName} (key, value, version)`);
  });

  it('takes the greatest version, where a destination keeps all of them', async () => {
    backend.tables.set(stateName, [
      { key: 'aws_events/a', value: 'old', version: 1n },
      { key: 'aws_events/a', value: 'new', version: 3n },
      { key: 'aws_events/a', value: 'between', version: 2n },
      // From a client of the time before versions.
      { key: 'aws_events/b', value: 'b', version: null },
    ]);
    const state = await open();
    expect(state.of(events).get('a')).toBe('new');
    expect(state.of(events).get('b')).toBe('b');
  });

  it('has nothing under a key without a value', async () => {
    backend.tables.set(stateName, [
      { key: 'aws_events/a', value: null, version: 4n },
      { key: 'aws_events/b', value: 'b', version: 1n },
    ]);
    const state = await open();
    expect(state.of(events).get('a')).toBeUndefined();
    expect(state.of(events).get('b')).toBe('b');
    state.of(events).set('a', 'again');
    await state.keep(new Map());
    expect(backend.inserted).toEqual([[{ key: 'aws_events/a', value: 'again', version: 5n }]]);
  });
});

describe('the rows that the state stands on', () => {
  it('are looked for by _cq_id alone', async () => {
    await syncOnce({ a: '1' }, 7);
    backend.tables.set(events.name, rowsOf(7, 1, 2, 3));
    backend.reads.length = 0;
    expect((await open()).of(events).get('a')).toBe('1');
    expect(backend.reads).toEqual([
      `${stateName} (key, value, version)`,
      'aws_events (_cq_id)',
      'aws_findings (_cq_id)',
    ]);
  });

  it('are not needed where no sync has sent any', async () => {
    await syncOnce({ a: '1' });
    expect((await open()).of(events).get('a')).toBe('1');
    expect(logged).toEqual([]);
  });

  it('are told apart from those that were there before', async () => {
    backend.tables.set(events.name, [...rowsOf(1), { _cq_id: null }]);
    const state = await open();
    expect(state.had(events, idOf(1))).toBe(true);
    expect(state.had(events, idOf(2))).toBe(false);
    expect(state.had(findings, idOf(1))).toBe(false);
  });

  it.each([
    ['a table that is gone', () => backend.tables.delete(events.name), 'relation "aws_events" does not exist'],
    [
      'an older backup',
      () => backend.tables.set(events.name, rowsOf(1, 2)),
      `the row ${uuid(7)} that a sync sent is not there`,
    ],
    ['an empty table', () => backend.tables.set(events.name, []), `the row ${uuid(7)} that a sync sent is not there`],
  ])('are missing in %s: nothing counts any more of this table', async (_what, lose, why) => {
    await syncOnce({ a: '1', b: '1' }, 7);
    backend.tables.set(events.name, rowsOf(1, 7));
    const before = await open();
    before.of(findings).set('a', 'other');
    await before.keep(new Map());
    lose();
    expect(logged).toEqual([]);

    const state = await open();
    expect(state.of(events).get('a')).toBeUndefined();
    expect(state.of(findings).get('a')).toBe('other');
    expect(logged).toEqual([expect.stringContaining(why)]);
    expect(logged.at(-1)).toMatch(/^warn: aws_events: .* its whole window is read again\.$/);

    // The next sync reads `a` and does not come to `b`: what was said of `b` must not count again with the new rows.
    state.of(events).set('a', '2');
    await state.keep(new Map([[events.name, idOf(9)]]));
    backend.tables.set(events.name, rowsOf(9));
    expect(stored()).toMatchObject({
      'aws_events/a': '2',
      'aws_events/b': '',
      'aws_events/last rows': uuid(9),
      'aws_findings/a': 'other',
    });
    const next = await open();
    expect(next.of(events).get('a')).toBe('2');
    expect(next.of(events).get('b')).toBeUndefined();
  });

  it('are missing again as long as no sync was kept', async () => {
    await syncOnce({ a: '1' }, 7);
    backend.tables.delete(events.name);
    (await open()).of(events).set('a', '2');
    expect((await open()).of(events).get('a')).toBeUndefined();
  });

  it('are those of two syncs: a table that was dropped and filled between them is noticed', async () => {
    await syncOnce({ a: '1' }, 1);
    backend.tables.set(events.name, rowsOf(1));
    await syncOnce({ a: '2' }, 2);
    backend.tables.set(events.name, rowsOf(1, 2));
    expect(stored()['aws_events/last rows']).toBe(`${uuid(1)} ${uuid(2)}`);
    // A forced migration under the CloudQuery CLI: after the state was opened, before the row of this sync is written.
    await syncOnce({ a: '3' }, 3);
    backend.tables.set(events.name, rowsOf(3));
    expect(stored()['aws_events/last rows']).toBe(`${uuid(2)} ${uuid(3)}`);
    expect((await open()).of(events).get('a')).toBeUndefined();
  });

  it('stay what they were where a sync sent none', async () => {
    await syncOnce({ a: '1' }, 1);
    backend.tables.set(events.name, rowsOf(1));
    await syncOnce({ a: '2' });
    expect(stored()).toMatchObject({ 'aws_events/a': '2', 'aws_events/last rows': uuid(1) });
    // The same row again is one row.
    await syncOnce({ a: '3' }, 1);
    expect(stored()['aws_events/last rows']).toBe(uuid(1));
  });

  it('cannot be looked for under a text that names none', async () => {
    await syncOnce({ a: '1' }, 1);
    backend.tables.set(events.name, rowsOf(1));
    const row = backend.tables.get(stateName)?.find(({ key }) => key === 'aws_events/last rows');
    if (row) row['value'] = 'nonsense';
    expect((await open()).of(events).get('a')).toBeUndefined();
    expect(logged.at(-1)).toContain("'nonsense' names no row");
  });

  it('may be texts: not every destination knows UUIDs', async () => {
    await syncOnce({ a: '1' }, 7);
    backend.faults.set(
      events.name,
      tableToIPC(tableFromArrays({ _cq_id: [uuid(1), uuid(7).toUpperCase()] }), 'stream'),
    );
    expect((await open()).of(events).get('a')).toBe('1');
  });
});

describe('a backend that does not do', () => {
  const failure = async (options: Partial<StateOptions> = {}, connection?: string): Promise<string> => {
    const error: unknown = await open(options, connection).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ name: 'StateError' });
    return (error as Error).message;
  };

  it('is not there', async () => {
    const message = await failure({}, `unix://${backend.socket}.not`);
    expect(message).toMatch(
      /^backend_options: the state .* table cq_state of the destination at unix:\/\/\S+\.not, could not be read/,
    );
    expect(message).toContain('UNAVAILABLE');
    expect(message).toContain('AWS was not asked.');
    expect(message).toContain('Without backend_options the whole window');
  });

  it.each(['', '@@plugins.postgresql.connection', 'postgresql://localhost/db', 'localhost', '/tmp/cq.sock'])(
    'has no address: %j',
    async (connection) => {
      expect(await failure({}, connection)).toMatch(
        /connection is '.*', which is no address .* '@@plugins\.<name of the destination>\.connection'/,
      );
    },
  );

  it('has its state in a table that is synced', async () => {
    expect(await failure({ taken: [stateName] })).toContain("table_name is 'cq_state', a table that is synced");
    expect(backend.migrated).toEqual([]);
  });

  it('is no destination', async () => {
    backend.writeFault = { code: status.UNIMPLEMENTED, details: 'method Write not implemented' };
    expect(await failure()).toContain('(UNIMPLEMENTED: method Write not implemented)');
  });

  it('cannot make the table', async () => {
    backend.writeFault = { code: status.INTERNAL, details: 'permission denied for schema public' };
    expect(await failure()).toContain('could not be read (INTERNAL: permission denied for schema public)');
  });

  it.each([
    ['bytes', new TextEncoder().encode('<html>no</html>'), '15 bytes that are no Arrow record'],
    ['two bytes', new TextEncoder().encode('no'), '2 bytes that are no Arrow record'],
    ['nothing in it', new Uint8Array(), '0 bytes that are no Arrow record'],
    ['another table', tableToIPC(tableFromArrays({ name: ['x'] }), 'stream'), 'without the column key (name)'],
    [
      'keys that are numbers',
      tableToIPC(tableFromArrays({ key: Int32Array.of(1), value: ['x'], version: BigUint64Array.of(1n) }), 'stream'),
      '1 with the version 1',
    ],
  ])('answers with %s', async (_what, record, said) => {
    backend.faults.set(stateName, record);
    expect(await failure()).toContain(said);
  });

  it('says nothing, to a Write or a Read', async () => {
    backend.faults.set(stateName, 'hang');
    expect(await failure({ silenceMs: 50 })).toContain('it answered nothing for 0.05 s');
    backend.writeFault = 'hang';
    expect(await failure({ silenceMs: 50 })).toContain('it answered nothing for 0.05 s');
  });

  it('speaks something else', async () => {
    const server: TcpServer = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const { port } = server.address() as AddressInfo;
      expect(await failure({ silenceMs: 5_000 }, `127.0.0.1:${port}`)).toMatch(/could not be read \(.+\)/);
    } finally {
      server.close();
    }
  });

  it('breaks off while the rows are looked for', async () => {
    await syncOnce({ a: '1' }, 7);
    backend.faults.set(events.name, { code: status.UNAVAILABLE, details: 'gone' });
    expect(await failure()).toContain('stands on rows of aws_events, which could not be read (UNAVAILABLE: gone)');
  });

  it('ends the sync where the state cannot be written', async () => {
    const state = await open();
    state.of(events).set('a', '1');
    backend.writeFault = { code: status.INTERNAL, details: 'disk full' };
    await expect(state.keep(new Map())).rejects.toThrow(
      /could not be written \(INTERNAL: disk full\)\. The sync ends as failed\. Run it again\.$/,
    );
  });

  it('is left when the caller stops', async () => {
    const controller = new AbortController();
    backend.faults.set(stateName, 'hang');
    const opening = open({ signal: controller.signal });
    const ended = expect(opening).rejects.toThrow(/abort/i);
    while (backend.reads.length === 0) await new Promise(setImmediate);
    controller.abort();
    await ended;
  });
});
