import { existsSync } from 'node:fs';
import { Option, type Command } from 'commander';
import { everything, readChoice, withSource } from '../plugin_source.js';
import { print, tell } from '../terminal.js';

const defaultSpec = 'spec.yml';

export function addIamPolicy(program: Command): void {
  program
    .command('iam-policy')
    .description('the least IAM policy with which everything that the spec chooses can be read')
    .argument('[spec]', `a CloudQuery spec file; default: ${defaultSpec} where there is one, or else every table`)
    .addOption(new Option('--for <who>', 'whose policy').choices(['reader']).makeOptionMandatory())
    .action(async (given: string | undefined) => {
      const path = given ?? (existsSync(defaultSpec) ? defaultSpec : undefined);
      const { spec, selection } = path === undefined ? everything : readChoice(path);
      const { required, unasked } = await withSource((source) => source.requiredActions(spec, selection));
      tell(path === undefined ? 'For every table, with the default settings:' : `For what ${path} chooses:`);
      print(JSON.stringify(policyOf(required), null, 2));
      if (unasked.length > 0)
        tell(`Besides, only where the spec asks for more, such as \`account_tags\`: ${unasked.join(', ')}`);
    });
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
