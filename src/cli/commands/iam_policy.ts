import { existsSync } from 'node:fs';
import { Option, type Command } from 'commander';
import { serviceNamed, services, type DelegationService } from '../../catalog/index.js';
import { UsageError } from '../errors.js';
import { groupsThatFit, managedPolicyLimit, managerPolicy, sizeOf } from '../manager_policy.js';
import { commandName } from '../package.js';
import { everything, readChoice, withSource } from '../plugin_source.js';
import { print, tell } from '../terminal.js';

const defaultSpec = 'spec.yml';

interface Options {
  for: 'reader' | 'manager';
  service?: string[];
}

export function addIamPolicy(program: Command): void {
  program
    .command('iam-policy')
    .description('the least IAM policy for whoever reads, or for whoever manages delegation')
    .argument(
      '[spec]',
      `for the reader, a CloudQuery spec file; default: ${defaultSpec} where there is one, or else every table`,
    )
    .addOption(new Option('--for <who>', 'whose policy').choices(['reader', 'manager']).makeOptionMandatory())
    .option('--service <id...>', 'for the manager: only these services of docs/services.md')
    .action(async (given: string | undefined, options: Options) => {
      if (options.for === 'reader') await printReaderPolicy(given, options);
      else printManagerPolicy(given, options);
    });
}

async function printReaderPolicy(given: string | undefined, { service }: Options): Promise<void> {
  if (service !== undefined) {
    throw new UsageError('--service goes with --for manager: what the reader needs follows from `tables` of the spec.');
  }
  const path = given ?? (existsSync(defaultSpec) ? defaultSpec : undefined);
  const { spec, selection } = path === undefined ? everything : readChoice(path);
  const { required, unasked } = await withSource((source) => source.requiredActions(spec, selection));
  tell(path === undefined ? 'For every table, with the default settings:' : `For what ${path} chooses:`);
  print(JSON.stringify(policyOf(required), null, 2));
  if (unasked.length > 0)
    tell(`Besides, only where the spec asks for more, such as \`account_tags\`: ${unasked.join(', ')}`);
}

function printManagerPolicy(given: string | undefined, { service }: Options): void {
  if (given !== undefined) {
    throw new UsageError(
      `iam-policy --for manager takes no spec, and found ${given}: what may be handed out is chosen by --service.`,
    );
  }
  const chosen = service === undefined ? delegable : service.map(delegableNamed);
  const policy = managerPolicy(chosen);
  const size = sizeOf(policy);
  tell(
    service === undefined
      ? 'For every service that can be delegated, in the management account:'
      : `For ${chosen.map(({ name }) => name).join(', ')}, in the management account:`,
  );
  print(JSON.stringify(policy, null, 2));
  if (size > managedPolicyLimit) {
    tell(
      `It has ${size} characters, and a managed policy takes ${managedPolicyLimit}. Print it in parts, and attach them all:\n` +
        groupsThatFit(chosen)
          .map(
            (group) => `  ${commandName()} iam-policy --for manager --service ${group.map(({ id }) => id).join(' ')}`,
          )
          .join('\n'),
    );
  }
}

const delegable = services.filter(({ isDelegationSupported }) => isDelegationSupported === true);

function delegableNamed(id: string): DelegationService {
  const service = serviceNamed(id);
  if (service === undefined) {
    throw new UsageError(
      `--service ${id}: the catalogue has no such service. It has ${delegable.map((each) => each.id).join(', ')}.`,
    );
  }
  if (service.isDelegationSupported !== true) {
    throw new UsageError(
      `--service ${id}: ${service.name} ${service.isDelegationSupported === false ? 'cannot be delegated' : 'may be delegable, but no source says how'}. Leave it out.`,
    );
  }
  return service;
}

/** One statement per service: that is how people read and split policies. */
export function policyOf(actions: readonly string[]): object {
  const byService = new Map<string, string[]>();
  for (const action of actions) {
    const service = action.split(':', 1)[0] ?? '';
    byService.set(service, [...(byService.get(service) ?? []), action]);
  }
  return {
    Version: '2012-10-17',
    Statement: [...byService].map(([service, Action]) => ({
      // Letters and digits only: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html
      Sid: `AwsDelegationRead${service.charAt(0).toUpperCase()}${service.slice(1).replace(/[^a-z0-9]/g, '')}`,
      Effect: 'Allow',
      Action,
      Resource: '*',
    })),
  };
}
