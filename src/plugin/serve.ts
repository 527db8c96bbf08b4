import { keepHeapSmall } from './heap.js';
import { createLog, type LogLevel } from './log.js';
import { createServer, listen } from './server.js';

// From the start to the first call of a client that waits for the socket, and from an answer to its being sent.
const firstCallMs = 250;
const sentMs = 20;

export interface ServeOptions {
  network: 'tcp' | 'unix';
  /** `host:port`, or the path of the socket. */
  address: string;
  logLevel: LogLevel;
  logFormat: 'json' | 'text';
  version: string;
  /** For a client that may be killed: its end closes our stdin, and then nobody is left to serve. */
  endsWithStdin: boolean;
}

/** Serves until SIGINT, SIGTERM or the end of its client; then ends what is under way and resolves. Logs go to stdout, as CloudQuery reads them. */
export async function serve({
  network,
  address,
  logLevel,
  logFormat,
  version,
  endsWithStdin,
}: ServeOptions): Promise<void> {
  keepHeapSmall();
  const log = createLog({ level: logLevel, format: logFormat, write: (line) => process.stdout.write(line) });
  const source = onceOnly(async () => new (await import('./source.js')).Source(version, log));
  const load = (): void => {
    void source().catch((error: unknown) => {
      log('debug', `loading failed: ${String(error)}`);
    });
  };
  let loading: NodeJS.Timeout | undefined;
  const onAnswered = (): void => {
    clearTimeout(loading);
    loading = setTimeout(load, sentMs);
  };
  const server = createServer({ version, log, source, onAnswered });
  await listen(server, network === 'unix' ? `unix:${address}` : address);
  log('info', `serving on ${address}`);
  // In an image, who publishes the port decides who can connect.
  if (network === 'tcp' && !isLoopback.test(address) && !process.env['AWS_DELEGATION_IMAGE']) {
    log(
      'warn',
      `${address} is not this machine alone: whoever can connect there reads AWS with the credentials of this process, without a password`,
    );
  }
  // The rest is loaded before anybody asks for it, but it holds up every answer for most of a second: the client's first
  // question, who is there, comes before.
  loading = setTimeout(load, firstCallMs);

  const reason = await new Promise<string>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
    if (endsWithStdin)
      process.stdin.resume().once('end', () => {
        resolve('the end of its client');
      });
  });
  clearTimeout(loading);
  log('info', `stopping on ${reason}`);
  server.forceShutdown();
}

const isLoopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\]|unix):/;

function onceOnly<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => (made ??= make());
}
