import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';

/** Looked at before it goes on, which waits for it. */
export type Look = (chunk: Buffer) => Promise<void> | void;

/**
 * A way to a port of this machine, on a port of its own: it can be watched, and it can be as bad as a network is. Nothing
 * is opened or read ahead: what is held here is not there yet for the other side.
 */
export class Proxy {
  onRequest: Look | undefined;
  onResponse: Look | undefined;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #port = 0;
  #passing: Promise<void> = Promise.resolve();
  #resume: () => void = () => undefined;

  private constructor(readonly target: () => number) {}

  /** @param target the port behind it, asked again for each connection. */
  static async to(target: () => number): Promise<Proxy> {
    const proxy = new Proxy(target);
    await proxy.#listen();
    return proxy;
  }

  get port(): number {
    return this.#port;
  }

  /** The same address through here. */
  through(url: string): string {
    const changed = new URL(url);
    changed.hostname = '127.0.0.1';
    changed.port = String(this.#port);
    return changed.href;
  }

  /** The cable is out: nothing comes and nothing goes, and nobody is told. */
  hold(): void {
    this.#passing = new Promise((resolve) => (this.#resume = resolve));
  }

  /** Every connection is reset, and new ones are refused. */
  async cut(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    for (const socket of this.#sockets) socket.resetAndDestroy();
    if (server) await new Promise((resolve) => server.close(resolve));
  }

  async heal(): Promise<void> {
    this.#resume();
    this.#passing = Promise.resolve();
    if (!this.#server) await this.#listen();
  }

  async close(): Promise<void> {
    this.#resume();
    await this.cut();
  }

  async #listen(): Promise<void> {
    const server = createServer({ allowHalfOpen: true }, (client) => {
      this.#join(client, connect({ port: this.target(), host: '127.0.0.1', allowHalfOpen: true }));
    });
    await once(server.listen(this.#port, '127.0.0.1'), 'listening');
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  #join(client: Socket, upstream: Socket): void {
    for (const socket of [client, upstream]) {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.once('close', () => this.#sockets.delete(socket));
    }
    const pass = async (from: Socket, to: Socket, look: () => Look | undefined): Promise<void> => {
      const seen = async function* (this: Proxy, chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
        for await (const chunk of chunks) {
          await this.#passing;
          await look()?.(chunk);
          yield chunk;
        }
        await this.#passing;
      };
      try {
        await pipeline(from, seen.bind(this), to);
      } catch {
        client.destroy();
        upstream.destroy();
      }
    };
    void pass(client, upstream, () => this.onRequest);
    void pass(upstream, client, () => this.onResponse);
  }
}
