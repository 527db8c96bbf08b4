import { Option, type Command } from 'commander';
import { createColors } from 'picocolors';
import { iamActionOf } from '../../catalog/index.js';
import { drawTable } from '../../report/index.js';
import { groupedByRegion, missingActions, type ProbeResult, type TriedGroup } from '../../sync/index.js';
import { InterruptedError } from '../errors.js';
import { exitCode } from '../exit_code.js';
import { commandName } from '../package.js';
import { readChoice, withSource } from '../plugin_source.js';
import { hasColor, interruptible, print, widthOf } from '../terminal.js';

interface Options {
  format: 'text' | 'json';
}

/**
 * Asks the plugin's Source and not its RPC of the same name: that one is told neither `tables` nor `skip_tables`, and
 * answers with one text for all calls.
 */
export function addTestConnection(program: Command): void {
  program
    .command('test-connection')
    .description('what these credentials may read, call by call, and which IAM action is missing')
    .argument('[spec]', 'a CloudQuery spec file', 'spec.yml')
    .addOption(new Option('--format <format>', 'how to print it').choices(['text', 'json']).default('text'))
    .addHelpText(
      'after',
      '\nExit codes: 0 everything can be read, 2 something is denied or failed, 3 wrong usage or spec,' +
        '\n4 no credentials or no connection, 130 interrupted.',
    )
    .action(async (specPath: string, { format }: Options) => {
      const choice = readChoice(specPath);
      const result = await interruptible((signal) =>
        withSource(choice, (source) => source.probe(choice.spec, choice.selection, signal)).catch((error: unknown) => {
          throw signal.aborted ? new InterruptedError('Interrupted.', { cause: error }) : error;
        }),
      );
      print(format === 'json' ? jsonText(result) : humanText(result));
      process.exitCode = result.calls.some(isBad) ? exitCode.incomplete : exitCode.ok;
    });
}

function isBad({ outcome }: { outcome: TriedGroup['outcome'] }): boolean {
  return outcome === 'denied' || outcome === 'failed';
}

function jsonText({ identity, calls }: ProbeResult): string {
  const report = {
    accountId: identity.accountId,
    arn: identity.arn,
    success: !calls.some(isBad),
    missingActions: missingActions(calls),
    calls: calls.map((call) => ({
      operation: call.operation,
      region: call.region,
      tables: call.tables,
      outcome: call.outcome,
      errorCode: call.errorCode ?? null,
      message: call.message ?? null,
      grant: call.outcome === 'denied' ? iamActionOf(call.operation) : null,
    })),
  };
  return JSON.stringify(report, null, 2);
}

function humanText({ identity, calls }: ProbeResult): string {
  const colors = createColors(hasColor(process.stdout));
  const paint = { ok: colors.green, absent: colors.green, denied: colors.red, failed: colors.red };
  const groups = groupedByRegion(calls);
  const head = ['Operation', 'Regions', 'Outcome', 'What AWS said', 'To do'].map((text) => [
    { text, paint: colors.bold },
  ]);
  const rows = groups.map((group) => [
    [{ text: group.operation }],
    group.regions.length > 2 ? [{ text: `${group.regions.length} Regions` }] : group.regions.map((text) => ({ text })),
    [{ text: group.outcome, paint: { untried: colors.yellow, skipped: colors.dim, ...paint }[group.outcome] }],
    // Its whole text stands below: an ARN does not fit a column.
    [{ text: group.errorCode ?? group.message ?? '' }],
    [{ text: remedy(group) }],
  ]);
  const bad = groups.filter(isBad);
  const missing = missingActions(calls);
  const waiting = groups.filter(({ outcome }) => outcome === 'untried');
  return [
    `${colors.bold(`Account ${identity.accountId}`)}  ${colors.dim(identity.arn)}`,
    '',
    drawTable([head, ...rows], {
      // A narrow terminal folds the lines; an action that is cut could not be copied.
      width: Math.max(widthOf(process.stdout), 120),
      smallest: [Math.max(...groups.map(({ operation }) => operation.length)), 9, 8, 9, 9],
    }),
    '',
    ...bad.map(({ operation, regions, message }) => `${operation} in ${regions.join(', ')}:\n  ${message ?? ''}`),
    ...(bad.length > 0 ? [''] : []),
    missing.length > 0
      ? `${colors.bold('To grant:')} ${missing.join(', ')}\n\`${commandName()} iam-policy --for reader\` prints the whole policy.`
      : bad.length > 0
        ? 'Something failed; what did says nothing about permissions.'
        : colors.green('Everything that was tried can be read.'),
    ...(waiting.length > 0
      ? [`Not tried: ${waiting.map(({ operation }) => operation).join(', ')}; the reason stands beside each.`]
      : []),
  ].join('\n');
}

function remedy({ outcome, errorCode, message }: TriedGroup): string {
  if (outcome === 'failed') return 'try again';
  if (outcome !== 'denied') return '';
  if (/explicit deny/i.test(message ?? '')) return 'remove the explicit deny of this action';
  // What IAM refuses, it refuses in these words; anything else is a service that wants another account.
  const isIam = errorCode === 'UnauthorizedOperation' || /not authorized to perform/i.test(message ?? '');
  return isIam ? 'grant this action' : 'grant this action, or use the management account';
}
