import { once } from 'node:events';
import { InvalidArgumentError, type Command } from 'commander';
import { loadScenario, ScenarioError, scenarios, startSimulator, type Simulator } from '../../simulator/index.js';
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
    .option('--port <port>', 'port to listen on; 0 takes a free one', portNumber, 4580)
    .action(async ({ scenario, accounts, port }: Options) => {
      const simulator = await started({ scenario, port, ...(accounts !== undefined && { accounts }) });
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

async function started({ scenario, accounts, port }: Options): Promise<Simulator> {
  try {
    return await startSimulator({ scenario: loaded(scenario, accounts), accounts, port });
  } catch (error) {
    if (error instanceof ScenarioError) throw new UsageError(error.message, { cause: error });
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
    throw new UsageError(
      `The simulator cannot listen on port ${port} (${code}). Give another one with --port; 0 takes a free one.`,
      { cause: error },
    );
  }
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

function portNumber(text: string): number {
  const port = wholeNumber(text);
  if (port > 65_535) throw new InvalidArgumentError('Expected a number from 0 to 65535.');
  return port;
}
