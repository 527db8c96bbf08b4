import { Option, type Command } from 'commander';
import { logLevels, serve, type LogLevel } from '../../plugin/index.js';
import { exitCode } from '../exit_code.js';
import { version } from '../package.js';

interface Options {
  network: 'tcp' | 'unix';
  address: string;
  logLevel: LogLevel;
  logFormat: 'json' | 'text';
}

/** The arguments are those that the CloudQuery CLI passes to a plugin; what needs nothing here is taken and left. */
export function addServe(program: Command): void {
  program
    .command('serve')
    .description('the CloudQuery plugin over gRPC; the CloudQuery CLI and `sync` start it')
    .addOption(new Option('--network <network>', 'kind of the address').choices(['tcp', 'unix']).default('tcp'))
    .option('--address <address>', 'host:port, or the path of a unix socket', 'localhost:7777')
    .addOption(new Option('--log-level <level>', 'least important level to log').choices(logLevels).default('info'))
    .addOption(
      new Option('--log-format <format>', 'format of the log on stdout').choices(['json', 'text']).default('text'),
    )
    .option('--no-sentry', 'taken for the CloudQuery CLI: nothing is ever sent to Sentry')
    .option('--license <file>', 'taken for the CloudQuery CLI: no licence is needed')
    .option('--otel-endpoint <endpoint>', 'taken for the CloudQuery CLI: no telemetry is sent')
    .option('--otel-endpoint-insecure', 'taken for the CloudQuery CLI: no telemetry is sent')
    .option('--telemetry-level <level>', 'taken for the CloudQuery CLI: no telemetry is sent')
    // A newer CLI may pass more; refusing to start over it would stop every sync.
    .allowUnknownOption()
    .allowExcessArguments()
    .action(async (options: Options) => {
      await serve({ ...options, version, endsWithStdin: process.env['AWS_DELEGATION_END_WITH_STDIN'] === '1' });
      process.exit(exitCode.ok);
    });
}
