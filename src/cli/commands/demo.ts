import type { Command } from 'commander';
import { connect, tellWaits } from '../../postgres/index.js';
import { textReport } from '../../report/index.js';
import { runSync, startProgress, type SyncSummary } from '../../runner/index.js';
import { installViews, loadReportInput, lockViews, uninstallViews } from '../../rules/index.js';
import { startSimulator } from '../../simulator/index.js';
import { openEmbeddedDatabase, withDatabase } from '../database.js';
import { exitCode } from '../exit_code.js';
import { judgedPage, ReportFileError, reportFile, writeReport } from '../judged_page.js';
import { binPath, commandName, queriesDirectory } from '../package.js';
import { hasColor, interruptible, print, tell, widthOf } from '../terminal.js';
import { tellSummary } from './sync.js';

/** What the people of the demo organization want. */
const intents = {
  owners: {
    infosec: { accounts: ['222233334444'] },
    log_archive: { accounts: ['333344445555'] },
    infra_ops: { ous: ['/Infrastructure'] },
  },
  expectations: {
    stacksets: ['infra_ops'],
    'systems-manager': ['infra_ops'],
    'account-management': ['infra_ops'],
  },
  delegated_admin_role_name: 'OrgAudit',
  workload_ous: ['/Workloads', '/Sandbox'],
  allowed_regions: ['eu-central-1', 'eu-west-1', 'us-east-1'],
  approvals: {
    delegations: [
      ...['guardduty', 'security-hub', 'security-hub-cspm', 'detective', 'config', 'access-analyzer', 'cloudtrail'].map(
        (service) => ({ ...signed(), service, account: '222233334444' }),
      ),
      { ...signed(), service: 'security-lake', account: '222233334444' },
      { ...signed(-30), service: 'firewall-manager', account: '222233334444' },
      { ...signed(), service: 'firewall-manager', account: '555566667777' },
      { ...signed(), service: 'ipam', account: '555566667777' },
      { ...signed(), service: 'backup', account: '888899990000' },
      // Somebody agreed to it, and it was never done.
      { ...signed(), service: 'inspector', account: '222233334444' },
    ],
    principals: [
      {
        ...signed(),
        principal: 'arn:aws:iam::111122223333:role/ExamplePlatformPipeline',
        actions: ['organizations:*', 'guardduty:EnableOrganizationAdminAccount'],
      },
    ],
  },
  waivers: [
    {
      rule: 'scp_prevents_leaving',
      account: '272727272727',
      reason: 'The startup moves into /Workloads when its contracts are signed.',
      owner: 'Cloud platform team',
      ticket: 'CLOUD-114',
      approved_by: 'ada@example.com',
      expires: day(60),
    },
    {
      rule: 'security_services_held_by_infosec',
      resource: 'macie',
      region: 'eu-*',
      reason: 'Macie is to be handed over by the end of the quarter.',
      ticket: 'SEC-7',
      approved_by: 'ada@example.com',
      expires: day(-10),
    },
  ],
};

/** In days from now. */
function day(distance: number): string {
  return new Date(Date.now() + distance * 86_400_000).toISOString().slice(0, 10);
}

function signed(reviewIn = 200): { approved_by: string; approved_on: string; review_by: string } {
  return { approved_by: 'ada@example.com', approved_on: day(-300), review_by: day(reviewIn) };
}

export function addDemo(program: Command): void {
  program
    .command('demo')
    .description('a pretend organization, read into a database of its own and judged; needs no AWS account')
    .option('-o, --output <file>', 'where to write the report of it', reportFile)
    .action(async ({ output }: { output: string }) => {
      await withDatabase(openEmbeddedDatabase('demo', tell), async (database) => {
        tellSummary(await interruptible((signal) => syncDemo(database.url, signal)));
        // The demo is there to show findings: they are not its failure.
        await judgeDemo(database.url, output);
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

/** Text and report of one run. */
async function judgeDemo(databaseUrl: string, output: string): Promise<void> {
  const client = await connect(databaseUrl);
  tellWaits(client, tell);
  try {
    await installViews(client, queriesDirectory);
    const { run, html } = await judgedPage(client, { write: true });
    const look = { width: widthOf(process.stdout), color: hasColor(process.stdout) };
    print(textReport(await loadReportInput(client, run), look));
    await writeReport(html, output);
  } catch (error) {
    // What is in the way of a file, such as a folder that may not be written to, is no reason to hide the rest.
    if (!(error instanceof ReportFileError)) throw error;
    tell(error.message);
  } finally {
    await client.end();
  }
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
          ...intents,
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
      lockViews,
    });
  } finally {
    progress.stop();
    await simulator.close();
  }
}
