import { execFile } from 'node:child_process';
import { networkInterfaces } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';
import type { ContainerRuntimeClient } from 'testcontainers';
import { serverUrl } from '../support/postgres.js';

type Docker = ContainerRuntimeClient['container']['dockerode'];
type Container = ReturnType<Docker['getContainer']>;

export const projectRoot = fileURLToPath(new URL('../..', import.meta.url));
/** The oldest PostgreSQL that is supported; the embedded one is the newest. */
export const postgresImage = 'postgres:15-bookworm';

// Its clean-up container comes from a registry. Instead each file removes what it started.
process.env['TESTCONTAINERS_RYUK_DISABLED'] ??= 'true';

/** A reason is returned where the containers cannot be run here. */
export async function findDocker(baseImages: readonly string[]): Promise<Docker | string> {
  let client: ContainerRuntimeClient;
  let testcontainers: typeof import('testcontainers');
  try {
    // On a Node that is too old for it, already this fails.
    testcontainers = await import('testcontainers');
    client = await testcontainers.getContainerRuntimeClient();
  } catch {
    return 'no Docker is reachable';
  }
  for (const name of baseImages) {
    const image = testcontainers.ImageName.fromString(name);
    try {
      if (!(await client.image.exists(image))) await client.image.pull(image);
    } catch {
      return `Docker has no image ${name}, and cannot pull it`;
    }
  }
  return client.container.dockerode;
}

const execute = promisify(execFile);

/**
 * Our image from our Dockerfile, as a user builds it. Several tests want it at the same time, and the second finds what the first has built: a
 * build is minutes of work for two processors. The lock goes with its connection, whatever happens to this process.
 */
export async function buildImage(name: string): Promise<void> {
  const lock = new pg.Client({ connectionString: await serverUrl() });
  await lock.connect();
  try {
    await lock.query(`select pg_advisory_lock(hashtext('docker build'))`);
    await execute('docker', ['build', '--tag', name, projectRoot], { maxBuffer: 64 * 1024 * 1024 });
  } finally {
    await lock.end();
  }
}

/** `docker compose`, or the older program of that name; undefined where neither is there. */
export async function findCompose(): Promise<readonly string[] | undefined> {
  for (const command of [['docker', 'compose'], ['docker-compose']]) {
    const [program = '', ...args] = command;
    try {
      await execute(program, [...args, 'version']);
      return command;
    } catch {
      // The next one.
    }
  }
  return undefined;
}

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** A file of this machine, to be found there as /work/spec.yml. */
  readonly spec?: string;
  readonly entrypoint?: readonly string[];
}

/** As strict as a cluster can be: nothing can be written but /tmp, and nothing is allowed that a user is not. */
const restricted = {
  ReadonlyRootfs: true,
  Tmpfs: { '/tmp': '' },
  CapDrop: ['ALL'],
  SecurityOpt: ['no-new-privileges'],
};

/** Containers of one image. */
export class Containers {
  readonly #started = new Set<Container>();

  constructor(
    readonly docker: Docker,
    readonly image: string,
  ) {}

  /** Runs one command to its end. */
  async run(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
    const container = await this.#create({
      Cmd: [...args],
      Env: Object.entries(options.env ?? {}).map(([name, value]) => `${name}=${value}`),
      ...(options.entrypoint && { Entrypoint: [...options.entrypoint] }),
      HostConfig: { ...restricted, Binds: options.spec === undefined ? [] : [`${options.spec}:/work/spec.yml:ro`] },
    });
    await container.start();
    const { StatusCode: code } = (await container.wait()) as { StatusCode: number };
    const ended = {
      code,
      stdout: withoutFrames(await container.logs({ stdout: true })),
      stderr: withoutFrames(await container.logs({ stderr: true })),
    };
    await this.#remove(container);
    return ended;
  }

  /** The image as it starts by itself, on a port of this machine. */
  serve(): Promise<Served> {
    return this.#serve({ HostConfig: restricted });
  }

  /**
   * As the CloudQuery CLI starts it with `registry: docker`: arguments of its own, a terminal, no environment, no mounts.
   * https://github.com/cloudquery/plugin-pb-go/blob/main/managedplugin/plugin.go
   */
  serveForCloudQuery(): Promise<Served> {
    const logging = ['--log-level', 'info', '--log-format', 'json'];
    const address = ['--network', 'tcp', '--address', '0.0.0.0:7777'];
    return this.#serve({ Cmd: ['serve', ...address, ...logging, '--no-sentry'], Tty: true });
  }

  async #serve(options: CreateOptions): Promise<Served> {
    const container = await this.#create({
      ...options,
      ExposedPorts: { '7777/tcp': {} },
      HostConfig: { ...options.HostConfig, PortBindings: { '7777/tcp': [{ HostIp: '127.0.0.1', HostPort: '0' }] } },
    });
    await container.start();
    const { NetworkSettings } = await container.inspect();
    return {
      address: `127.0.0.1:${NetworkSettings.Ports['7777/tcp']?.[0]?.HostPort ?? ''}`,
      log: async () => {
        const output = await container.logs({ stdout: true, stderr: true });
        return options.Tty ? output.toString('utf8') : withoutFrames(output);
      },
      run: async (command) => {
        const exec = await container.exec({ Cmd: [...command], AttachStdout: true, AttachStderr: true, Tty: true });
        const stream = await exec.start({ Tty: true });
        let output = '';
        for await (const chunk of stream) output += String(chunk);
        return { code: (await exec.inspect()).ExitCode ?? -1, output };
      },
      stop: async () => {
        await container.stop();
        const { State } = await container.inspect();
        return State.ExitCode;
      },
    };
  }

  async #create(options: CreateOptions): Promise<Container> {
    const container = await this.docker.createContainer({
      Image: this.image,
      Labels: { 'aws-delegation.test': 'true' },
      ...options,
    });
    this.#started.add(container);
    return container;
  }

  async #remove(container: Container): Promise<void> {
    await container.remove({ force: true, v: true });
    this.#started.delete(container);
  }

  /** Also those of a test that failed. */
  async removeAll(): Promise<void> {
    await Promise.all([...this.#started].map((container) => this.#remove(container)));
  }
}

type CreateOptions = Parameters<Docker['createContainer']>[0];

export interface Served {
  readonly address: string;
  log(): Promise<string>;
  /** A command beside it, in the same container. */
  run(command: readonly string[]): Promise<{ code: number; output: string }>;
  /** `docker stop`; returns the exit code. */
  stop(): Promise<number>;
}

/** Where a container finds this machine, and where a server has to listen for that. */
export function addressOfHost(gateway: string): { listen: string; reach: string } {
  const isHere = Object.values(networkInterfaces()).some((each) => each?.some(({ address }) => address === gateway));
  // Docker Desktop runs containers in a virtual machine, which has a name for the host and forwards to its loopback.
  return isHere ? { listen: gateway, reach: gateway } : { listen: '127.0.0.1', reach: 'host.docker.internal' };
}

/** Docker sends both streams in frames: one byte that says which, three of zero, four with the length. */
function withoutFrames(output: Buffer): string {
  const parts: Buffer[] = [];
  for (let at = 0; at + 8 <= output.length;) {
    const end = at + 8 + output.readUInt32BE(at + 4);
    parts.push(output.subarray(at + 8, end));
    at = end;
  }
  return Buffer.concat(parts).toString('utf8');
}
