import { once } from 'node:events';
import { InvalidArgumentError, type Command } from 'commander';
import { loadScenario, scenarios, startSimulator } from '../../simulator/index.js';
import { UsageError } from '../errors.js';
import { print, tell } from '../terminal.js';

interface Options {
  scenario: string;
  accounts?: number;
  port: number;
}

export function addSimulate(program: Command): void {
  program
    .command('simulate')
    .description('a pretend AWS organization over HTTP, on this machine only')
    .option('--scenario <name or file>', `one of ${scenarios.join(', ')}, or a YAML file`, 'demo')
    .option('--accounts <number>', 'how many accounts the scenario "large" has', wholeNumber)
    .option('--port <port>', 'port to listen on; 0 takes a free one', wholeNumber, 4580)
    .action(async ({ scenario, accounts, port }: Options) => {
      const simulator = await startSimulator({
        scenario: loaded(scenario, accounts),
        port,
        ...(accounts !== undefined && { accounts }),
      });
      tell(`The scenario "${scenario}" answers until Ctrl-C. In another terminal:`);
      print(
        [
          `export AWS_ENDPOINT_URL=${simulator.url}`,
          'export AWS_ACCESS_KEY_ID=simulated AWS_SECRET_ACCESS_KEY=simulated AWS_REGION=us-east-1',
        ].join('\n'),
      );
      await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
      await simulator.close();
    });
}

function loaded(scenario: string, accounts: number | undefined): ReturnType<typeof loadScenario> | string {
  if (accounts !== undefined && scenario !== 'large') {
    throw new UsageError(`--accounts goes with --scenario large, not with ${scenario}.`);
  }
  try {
    return scenario === 'large' ? scenario : loadScenario(scenario);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

export function wholeNumber(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(number)) throw new InvalidArgumentError('Expected a whole number.');
  return number;
}
