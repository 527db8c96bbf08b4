import { credentials, type ClientUnaryCall, type ServiceError } from '@grpc/grpc-js';
import { discovery1, pluginV3 } from '@cloudquery/plugin-pb-javascript';
import { rowsAreSafe, SyncError } from './errors.js';
import { didNotStart } from './plugin_failure.js';
import type { PluginProcess } from './plugin_process.js';

import v1 = discovery1.cloudquery.discovery.v1;
import v3 = pluginV3.cloudquery.plugin.v3;

const readyTimeoutMs = 20_000;
// What the CloudQuery CLI receives in one message.
const maxMessageBytes = 200 * 1024 * 1024;

const channel = {
  'grpc.max_receive_message_length': maxMessageBytes,
  'grpc.max_send_message_length': maxMessageBytes,
  'grpc.initial_reconnect_backoff_ms': 50,
  'grpc.max_reconnect_backoff_ms': 500,
  // A proxy of the environment is for AWS, not for a socket on this machine.
  'grpc.enable_http_proxy': 0,
};

type Done<Response> = (error: ServiceError | null, response?: Response) => void;

/** The plugin's services. What is asked of it is given up when the signal says so, even where it never answers. */
export class PluginClient {
  readonly #discovery: v1.DiscoveryClient;
  readonly #source: v3.PluginClient;

  constructor(
    readonly plugin: PluginProcess,
    readonly signal: AbortSignal,
  ) {
    this.#discovery = new v1.DiscoveryClient(plugin.address, credentials.createInsecure(), channel);
    this.#source = new v3.PluginClient(plugin.address, credentials.createInsecure(), channel);
  }

  /** Waits until the plugin can be asked something, and speaks our protocol. */
  async ready(): Promise<void> {
    await this.#unlessAborted<undefined>((resolve, reject) => {
      this.#source.waitForReady(Date.now() + readyTimeoutMs, (error) => {
        if (error) reject(error);
        else resolve(undefined);
      });
      // gRPC takes one that has left its socket behind for one that is slow.
      void this.plugin.ended.then((how) => {
        reject(didNotStart(this.plugin, how));
      });
    });
    const { versions } = await this.#ask<v1.GetVersions.Response>((done) =>
      this.#discovery.GetVersions(new v1.GetVersions.Request(), done),
    );
    if (versions.includes(3)) return;
    throw new SyncError(
      `The plugin speaks version ${versions.join(', ')} of CloudQuery's protocol, 3 is needed. Update aws-delegation. ${rowsAreSafe}`,
    );
  }

  async init(spec: Record<string, unknown> | null): Promise<void> {
    // CloudQuery sends an empty spec as the text `null`.
    const request = new v3.Init.Request({ spec: Buffer.from(JSON.stringify(spec)), no_connection: false });
    await this.#ask<v3.Init.Response>((done) => this.#source.Init(request, done));
  }

  /** As Arrow IPC streams. */
  async tables(request: v3.GetTables.Request): Promise<Uint8Array[]> {
    const { tables } = await this.#ask<v3.GetTables.Response>((done) => this.#source.GetTables(request, done));
    return tables;
  }

  /** Hands what the plugin sends to `work`; whichever way that ends, the plugin sends no more. */
  async sync<Result>(
    request: v3.Sync.Request,
    work: (stream: AsyncIterable<v3.Sync.Response>) => Promise<Result>,
  ): Promise<Result> {
    this.signal.throwIfAborted();
    const call = this.#source.Sync(request);
    const cancel = () => {
      call.cancel();
    };
    this.signal.addEventListener('abort', cancel, { once: true });
    try {
      return await work(call);
    } finally {
      this.signal.removeEventListener('abort', cancel);
      call.cancel();
    }
  }

  close(): void {
    this.#discovery.close();
    this.#source.close();
  }

  #ask<Response>(call: (done: Done<Response>) => ClientUnaryCall): Promise<Response> {
    return this.#unlessAborted((resolve, reject) => {
      call((error, response) => {
        if (error) reject(error);
        else if (response === undefined) reject(new Error('empty answer'));
        else resolve(response);
      });
    });
  }

  async #unlessAborted<Result>(
    start: (resolve: (result: Result) => void, reject: (error: Error) => void) => void,
  ): Promise<Result> {
    const { signal } = this;
    signal.throwIfAborted();
    let abort = (): void => undefined;
    try {
      return await new Promise<Result>((resolve, reject) => {
        abort = () => {
          reject(signal.reason as Error);
        };
        signal.addEventListener('abort', abort, { once: true });
        start(resolve, reject);
      });
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }
}
