import { existsSync } from 'node:fs';
import { Option, type Command } from 'commander';
import { serviceNamed, services, type DelegationService } from '../../catalog/index.js';
import type { RequiredActions } from '../../sync/index.js';
import { cloudFormationTemplate } from '../cloudformation.js';
import { UsageError } from '../errors.js';
import { groupsThatFit, managedPolicyLimit, managerPolicy, sizeOf } from '../manager_policy.js';
import { commandName } from '../package.js';
import { everything, readChoice, withSource } from '../plugin_source.js';
import { delegatePolicy, delegateRole, readerPolicy, readerRole } from '../roles.js';
import { defaultSpec } from '../spec_intents.js';
import { terraformRole, terraformStackSet } from '../terraform.js';
import { print, tell } from '../terminal.js';

type Format = 'json' | 'cloudformation' | 'terraform';

interface Options {
  for: 'reader' | 'delegate' | 'manager';
  format: Format;
  service?: string[];
}

export function addIamPolicy(program: Command): void {
  program
    .command('iam-policy')
    .description('the least IAM policy for whoever reads, or for whoever manages delegation')
    .argument(
      '[spec]',
      `for those who read, a CloudQuery spec file; default: ${defaultSpec} where there is one, or else every table`,
    )
    .addOption(
      new Option('--for <who>', 'whose policy: the account that asks, the accounts that administer a service, people')
        .choices(['reader', 'delegate', 'manager'])
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--format <format>', 'the policy, or for those who read their role as code')
        .choices(['json', 'cloudformation', 'terraform'])
        .default('json'),
    )
    .option('--service <id...>', 'for the manager: only these services of docs/services.md')
    .action(async (given: string | undefined, options: Options) => {
      if (options.for === 'manager') printManagerPolicy(given, options);
      else await printRole(options.for, given, options);
    });
}

/** What is printed for each of the two who read. */
const roles = {
  reader: {
    json: (actions) => JSON.stringify(readerPolicy(actions), null, 2),
    cloudformation: (actions) => cloudFormationTemplate(readerRole(actions)),
    terraform: (actions) => terraformRole(readerRole(actions)),
  },
  delegate: {
    json: (actions) => JSON.stringify(delegatePolicy(actions), null, 2),
    cloudformation: (actions) => cloudFormationTemplate(delegateRole(actions)),
    terraform: (actions) => terraformStackSet(delegateRole(actions)),
  },
} satisfies Record<string, Record<Format, (actions: RequiredActions) => string>>;

async function printRole(
  who: keyof typeof roles,
  given: string | undefined,
  { format, service }: Options,
): Promise<void> {
  if (service !== undefined) {
    throw new UsageError(
      `--service goes with --for manager: what the ${who} needs follows from \`tables\` of the spec.`,
    );
  }
  const path = given ?? (existsSync(defaultSpec) ? defaultSpec : undefined);
  const choice = path === undefined ? everything : readChoice(path);
  const actions = await withSource(choice, (source) => source.requiredActions(choice.spec, choice.selection));
  const chosen = path === undefined ? 'every table, with the default settings' : `what ${path} chooses`;
  if (who === 'delegate' && actions.delegate.length === 0) {
    throw new UsageError(
      `For ${chosen}, no role is needed in the accounts that administer a service: none of its tables is read there.`,
    );
  }
  tell(who === 'reader' ? `For ${chosen}:` : `For ${chosen}, in each account that administers a service:`);
  print(roles[who][format](actions));
  if (who === 'delegate' && actions.assumedRole === undefined) {
    tell(
      'Nobody assumes such a role yet: name it in the spec, as `delegated_admin_role_name: OrgAudit`. Until then these tables are read in the account that asks.',
    );
  }
  if (actions.unasked.length > 0 && who === 'reader')
    tell(`Besides, only where the spec asks for more, such as \`account_tags\`: ${actions.unasked.join(', ')}`);
}

function printManagerPolicy(given: string | undefined, { format, service }: Options): void {
  if (format !== 'json') {
    throw new UsageError('--format goes with --for reader and --for delegate: people have a role already.');
  }
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
