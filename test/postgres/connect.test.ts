import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { connect, DatabaseError, libpqEnvironment } from '../../src/postgres/index.js';
import { freshDatabase } from '../support/postgres.js';

async function failure(url: string): Promise<DatabaseError> {
  const error = await connect(url, { connectTimeoutMs: 3000 }).then(
    () => new Error('it did not fail'),
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(DatabaseError);
  expect((error as DatabaseError).exitCode).toBe(4);
  return error as DatabaseError;
}

async function changed(change: (url: URL) => void): Promise<string> {
  const url = new URL((await freshDatabase()).url);
  change(url);
  return url.href;
}

test('a wrong password: who, where, what to do, and not the password', async () => {
  const error = await failure(
    await changed((url) => {
      url.password = 's3cret-and-wrong';
    }),
  );
  expect(error.message).toMatch(
    /database "test_\w+" on 127\.0\.0\.1:\d+ as postgres failed: user or password were refused\. Check/,
  );
  expect(JSON.stringify([error.message, error.stack, String(error.cause)])).not.toContain('s3cret');
  expect(
    (
      await failure(
        await changed((url) => {
          url.password = '';
        }),
      )
    ).message,
  ).toContain('asks for a password and none was given');
});

test('a database that does not exist', async () => {
  const error = await failure(
    await changed((url) => {
      url.pathname = '/no_such';
    }),
  );
  expect(error.message).toContain('database "no_such"');
  expect(error.message).toContain('does not exist. Create it');
});

test('an address where nothing listens, a name that does not resolve, a server that says nothing', async () => {
  const server = createServer((socket) => socket.resume());
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve((server.address() as { port: number }).port);
    });
  });
  expect((await failure(`postgresql://u:p@127.0.0.1:${port}/d?sslmode=disable`)).message).toContain(
    'it is not reachable',
  );
  await new Promise((resolve) => server.close(resolve));
  expect((await failure(`postgresql://u:p@127.0.0.1:${port}/d`)).message).toContain(
    'it is not reachable (ECONNREFUSED). Start it',
  );
  expect((await failure('postgresql://u:p@no-such-host.invalid/d')).message).toMatch(
    /no-such-host\.invalid:5432 .*not reachable \(E\w+\)/,
  );
});

test('TLS: prefer falls back, require does not', async () => {
  const client = await connect(
    await changed((url) => {
      url.searchParams.set('sslmode', 'prefer');
    }),
  );
  await client.end();
  const error = await failure(
    await changed((url) => {
      url.searchParams.set('sslmode', 'require');
    }),
  );
  expect(error.message).toContain(
    'TLS (sslmode=require) did not come about: The server does not support SSL connections. Check sslmode',
  );
  expect(
    (
      await failure(
        await changed((url) => {
          url.searchParams.set('sslmode', 'maybe');
        }),
      )
    ).message,
  ).toContain('sslmode is none of disable');
});

test('a connection string that is none is not repeated', async () => {
  for (const text of [
    'postgresql://u:s3cret@host:port:9/d',
    'host=x s3cret',
    '',
    'postgres://u:s3%ZZcret@h/d',
    'host=h port=99999',
  ]) {
    const error = await failure(text);
    expect(error.message).toContain('the connection string is not valid');
    expect(JSON.stringify([error.message, error.stack])).not.toContain('s3');
    expect(error.cause).toBeUndefined();
  }
});

test("libpq's keywords, and run-time settings such as search_path", async () => {
  const url = new URL((await freshDatabase()).url);
  const text = `host=${url.hostname} port=${url.port} user='${url.username}' password=${url.password} dbname=${url.pathname.slice(1)} search_path='my\\'s, public'`;
  const client = await connect(text, { applicationName: 'test' });
  const { rows } = await client.query(
    "select current_setting('search_path') as path, current_setting('application_name') as name",
  );
  expect(rows).toEqual([
    { path: "my's, public", name: expect.stringMatching(new RegExp(`^test ${process.pid}@`)) as string },
  ]);
  await client.end();
});

test.each([
  'postgresql://audit:12/hunter2@localhost/inventory',
  'postgresql://audit:12#hunter2@localhost/inventory',
  'postgresql://audit:hunter2/x@localhost/inventory',
  'postgresql://audit:12?hunter2@localhost/inventory',
  'postgresql://audit:hunter2%@localhost/inventory',
  'postgress://audit:hunter2@localhost/inventory',
  'host=localhost password=x hunter2',
  "host=localhost password='hunter2",
])('a password that breaks the connection string is not taken for something that may be shown: %s', async (text) => {
  const error = await failure(text);
  expect(error.message).toContain('the connection string is not valid');
  expect(`${error.message} ${String(error.stack)} ${String(error.cause)}`).not.toMatch(/hunter2/);
});

test('psql is told the same connection, and nothing on its command line', () => {
  expect(
    libpqEnvironment('postgresql://a%40b:p%2Fw@[::1]:5433/inventory?sslmode=require&search_path=audit,public'),
  ).toEqual({
    PGHOST: '::1',
    PGPORT: '5433',
    PGUSER: 'a@b',
    PGPASSWORD: 'p/w',
    PGDATABASE: 'inventory',
    PGSSLMODE: 'require',
    PGOPTIONS: '-c search_path=audit,public',
  });
  expect(libpqEnvironment("host=/run/postgresql user=audit password='a b' dbname=inventory")).toMatchObject({
    PGHOST: '/run/postgresql',
    PGUSER: 'audit',
    PGPASSWORD: 'a b',
  });
});
