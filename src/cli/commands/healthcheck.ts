import { credentials } from '@grpc/grpc-js';
import { discovery1 } from '@cloudquery/plugin-pb-javascript';
import { InvalidArgumentError, type Command } from 'commander';
import { RunError } from '../errors.js';

import v1 = discovery1.cloudquery.discovery.v1;

interface Options {
  address: string;
  timeout: number;
}

export function addHealthcheck(program: Command): void {
  program
    .command('healthcheck')
    .description('whether a plugin that serves answers; the container image asks this')
    .option('--address <address>', 'host:port, or unix: and the path of a socket', 'localhost:7777')
    .option('--timeout <seconds>', 'how long it may take to answer', seconds, 5)
    .action(async ({ address, timeout }: Options) => {
      await askVersions(address, timeout * 1000);
    });
}

/**
 * The first question of every CloudQuery client. Whoever answers it has an event loop that runs, which an open port does not tell.
 *
 * @throws {RunError} where nobody answers in time.
 */
async function askVersions(address: string, timeoutMs: number): Promise<void> {
  const client = new v1.DiscoveryClient(address, credentials.createInsecure());
  try {
    await new Promise<void>((resolve, reject) => {
      client.GetVersions(new v1.GetVersions.Request(), { deadline: Date.now() + timeoutMs }, (error) => {
        if (error === null) resolve();
        else reject(new RunError(`no plugin answers at ${address}: ${error.details}`, { cause: error }));
      });
    });
  } finally {
    client.close();
  }
}

function seconds(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 3600)) throw new InvalidArgumentError('Give seconds, such as 5.');
  return value;
}
