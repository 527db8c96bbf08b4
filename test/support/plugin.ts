import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as pb from '@cloudquery/plugin-pb-javascript';
import { credentials, type ServiceError } from '@grpc/grpc-js';
import { bin, ofTheMachine } from './cli.js';

import discovery = pb.discovery1.cloudquery.discovery.v1;
import plugin = pb.pluginV3.cloudquery.plugin.v3;

export { discovery, plugin };

type UnaryName = 'GetName' | 'GetVersion' | 'GetSpecSchema' | 'Init' | 'GetTables' | 'TestConnection' | 'Close';

/** The plugin as the CloudQuery CLI runs it with `registry: local`, and a plain client of it. */
export class RunningPlugin {
  readonly stdout: string[] = [];
  readonly stderr: string[] = [];

  private constructor(
    readonly process: ChildProcess,
    readonly client: plugin.PluginClient,
    readonly address: string,
    /** Its own TMPDIR: what it leaves behind shows there. */
    readonly temporary: string,
  ) {}

  static async start(
    options: { env?: NodeJS.ProcessEnv; args?: string[]; address?: string } = {},
  ): Promise<RunningPlugin> {
    const temporary = mkdtempSync(join(tmpdir(), 'cq-'));
    const socket = join(temporary, 'cq-abcdefghijklmnop.sock');
    const args = options.args ?? ['--network', 'unix', '--address', socket, '--no-sentry'];
    // https://github.com/cloudquery/plugin-pb-go/blob/main/managedplugin/plugin.go: these come first, always.
    const child = spawn(bin, ['serve', '--log-level', 'info', '--log-format', 'json', ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
      env: { ...ofTheMachine(), TMPDIR: temporary, ...options.env },
    });
    const address = options.address ?? `unix:${socket}`;
    const client = new plugin.PluginClient(address, credentials.createInsecure(), {
      'grpc.max_receive_message_length': 200 * 1024 * 1024,
      'grpc.initial_reconnect_backoff_ms': 20,
      'grpc.max_reconnect_backoff_ms': 100,
    });
    const running = new RunningPlugin(child, client, address, temporary);
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => running.stdout.push(chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => running.stderr.push(chunk));
    await new Promise<void>((resolve, reject) => {
      child.once('exit', (code) => {
        reject(
          new Error(`the plugin ended with ${String(code)}: ${running.stderr.join('')}${running.stdout.join('')}`),
        );
      });
      client.waitForReady(Date.now() + 20_000, (error) => {
        if (error) reject(error);
        else resolve();
      });
    });
    return running;
  }

  /** Whole lines of stdout so far. */
  get lines(): string[] {
    return this.stdout.join('').split('\n').slice(0, -1);
  }

  call<Response>(name: UnaryName, request: unknown): Promise<Response> {
    return new Promise((resolve, reject) => {
      const method = this.client[name].bind(this.client) as (
        request: unknown,
        callback: (error: ServiceError | null, response?: Response) => void,
      ) => unknown;
      method(request, (error, response) => {
        if (error) reject(error);
        else resolve(response as Response);
      });
    });
  }

  init(spec: unknown, noConnection = false): Promise<plugin.Init.Response> {
    return this.call(
      'Init',
      new plugin.Init.Request({ spec: Buffer.from(JSON.stringify(spec)), no_connection: noConnection }),
    );
  }

  sync(tables: string[], skipTables: string[] = []): ReturnType<plugin.PluginClient['Sync']> {
    return this.client.Sync(
      new plugin.Sync.Request({
        tables,
        skip_tables: skipTables,
        skip_dependent_tables: true,
        withErrorMessages: true,
      }),
    );
  }

  async stop(signal: NodeJS.Signals = 'SIGINT'): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
    this.client.close();
    if (this.process.exitCode === null && this.process.signalCode === null) {
      const exited = once(this.process, 'exit');
      this.process.kill(signal);
      await exited;
    }
    rmSync(this.temporary, { recursive: true, force: true });
    return { code: this.process.exitCode, signal: this.process.signalCode };
  }
}

/** All messages of a Sync call; rejects with its status if that is not OK. */
export function messagesOf(stream: ReturnType<plugin.PluginClient['Sync']>): Promise<plugin.Sync.Response[]> {
  return new Promise((resolve, reject) => {
    const messages: plugin.Sync.Response[] = [];
    stream.on('data', (message: plugin.Sync.Response) => messages.push(message));
    stream.on('error', reject);
    stream.on('end', () => {
      resolve(messages);
    });
  });
}
