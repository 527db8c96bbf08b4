import type { Command } from 'commander';
import { runSync, startProgress, type SyncSummary } from '../../runner/index.js';
import { installViews, uninstallViews } from '../../rules/index.js';
import { startSimulator } from '../../simulator/index.js';
import { openEmbeddedDatabase, withDatabase } from '../database.js';
import { exitCode } from '../exit_code.js';
import { binPath, commandName, queriesDirectory } from '../package.js';
import { interruptible, tell } from '../terminal.js';
import { check } from './check.js';
import { tellSummary } from './sync.js';

/** Who is who in the demo organization. */
const owners = {
  infosec: { accounts: ['222233334444'] },
  log_archive: { accounts: ['333344445555'] },
  infra_ops: { ous: ['/Infrastructure'] },
};

export function addDemo(program: Command): void {
  program
    .command('demo')
    .description('a pretend organization, read into a database of its own and judged; needs no AWS account')
    .action(async () => {
      await withDatabase(openEmbeddedDatabase('demo', tell), async (database) => {
        tellSummary(await interruptible((signal) => syncDemo(database.url, signal)));
        // The demo is there to show findings: they are not its failure.
        await check(database.url, { format: 'text', failOn: 'low', install: true });
        tell(
          [
            `These rows are in ${database.label}. Look further with:`,
            `  ${commandName()} db query --demo "select * from delegation.delegations"`,
            `  ${commandName()} db psql --demo`,
          ].join('\n'),
        );
        process.exitCode = exitCode.ok;
      });
    });
}

async function syncDemo(databaseUrl: string, signal: AbortSignal): Promise<SyncSummary> {
  const simulator = await startSimulator({ scenario: 'demo' });
  const progress = startProgress();
  try {
    return await runSync({
      spec: {
        name: 'demo',
        tables: ['*'],
        skipTables: [],
        skipDependentTables: true,
        deterministicCqId: false,
        pluginSpec: {
          accounts: [{ id: 'demo', access_key_id: 'demo', secret_access_key: 'demo', default_region: 'us-east-1' }],
          custom_endpoint_url: simulator.url,
          owners,
        },
      },
      databaseUrl,
      pluginCommand: [process.execPath, binPath],
      // Whatever credentials and settings there are, the demo must not find them.
      env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'))),
      signal,
      onProgress: (state) => {
        progress.update(state);
      },
      // What an older version left here is worth nothing.
      migrateMode: 'forced',
      confirmDrop: () => Promise.resolve(true),
      onNotice: tell,
      install: (client) => installViews(client, queriesDirectory),
      uninstall: (client) => uninstallViews(client),
    });
  } finally {
    progress.stop();
    await simulator.close();
  }
}
