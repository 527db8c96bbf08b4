import { Command } from 'commander';
import { version } from './package.js';

/** By name, in the order of the help. Only the one that is asked for is loaded: `serve` has to be up in a second. */
const commands: Readonly<Record<string, () => Promise<(program: Command) => void>>> = {
  demo: async () => (await import('./commands/demo.js')).addDemo,
  sync: async () => (await import('./commands/sync.js')).addSync,
  'test-connection': async () => (await import('./commands/test_connection.js')).addTestConnection,
  'iam-policy': async () => (await import('./commands/iam_policy.js')).addIamPolicy,
  check: async () => (await import('./commands/check.js')).addCheck,
  diff: async () => (await import('./commands/diff.js')).addDiff,
  evidence: async () => (await import('./commands/evidence.js')).addEvidence,
  report: async () => (await import('./commands/report.js')).addReport,
  approvals: async () => (await import('./commands/approvals.js')).addApprovals,
  dashboards: async () => (await import('./commands/dashboards.js')).addDashboards,
  db: async () => (await import('./commands/db.js')).addDb,
  simulate: async () => (await import('./commands/simulate.js')).addSimulate,
  tables: async () => (await import('./commands/tables.js')).addTables,
  rules: async () => (await import('./commands/rules.js')).addRules,
  serve: async () => (await import('./commands/serve.js')).addServe,
  healthcheck: async () => (await import('./commands/healthcheck.js')).addHealthcheck,
  package: async () => (await import('./commands/package.js')).addPackage,
};

export async function createProgram(argv: readonly string[]): Promise<Command> {
  const program = new Command('aws-delegation')
    .description('Who holds which power in an AWS organization, and is that right?')
    .version(version)
    .showHelpAfterError('(--help shows what there is)')
    .exitOverride();
  const asked = argv[2] === undefined ? undefined : commands[argv[2]];
  for (const load of asked ? [asked] : Object.values(commands)) (await load())(program);
  return program;
}
