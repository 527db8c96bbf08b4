import { administratorPowers, commandsIn } from '../dist/src/catalog/index.js';
import { code, markdownTable } from './markdown.js';

const notSaid = 'AWS does not say';
const categories = ['security', 'identity', 'networking', 'operations', 'governance', 'cost', 'data'];

/** `docs/administrators.md`: what a delegated administrator can and cannot do, by service. */
export function administratorsPage(services) {
  const delegable = services.filter(({ isDelegationSupported }) => isDelegationSupported === true);
  const ranks = [...administratorPowers.map(({ power }) => power), null];
  const byPower = ranks.flatMap((power) =>
    categories.flatMap((category) =>
      delegable.filter((service) => service.category === category && service.administratorPower === power),
    ),
  );
  return [
    introduction,
    '## Overview',
    '',
    'The strongest first. The column `administrator_power` of `aws_delegation_services` and of the view `delegation.services` has the same words.',
    '',
    markdownTable(
      ['power', 'the administrator'],
      administratorPowers.map(({ power, means }) => [code(power), means]),
    ),
    '',
    markdownTable(
      ['service', 'category', 'power', 'should be held by', 'the management account may hold it'],
      byPower.map((service) => [
        `[${service.name}](#${anchor(service.name)})`,
        service.category,
        service.administratorPower === null ? notSaid : code(service.administratorPower),
        owners(service),
        yesOrNo(service.managementAccountMayBeAdmin),
      ]),
    ),
    '',
    ...categories.flatMap((category) => [
      `## ${category[0].toUpperCase()}${category.slice(1)}`,
      '',
      ...delegable.filter((service) => service.category === category).flatMap(section),
    ]),
  ].join('\n');
}

const introduction = `# What a delegated administrator can and cannot do

Made from the catalogue, with the pages of AWS that say so. Where none was found, it says "${notSaid}", which is not "nothing". A command has
\`{admin_account_id}\` and \`{region}\` to fill in, and is for the management account of a commercial partition.

## What the three methods give

- **A registration with Organizations** (\`RegisterDelegatedAdministrator\`) lets a member account administer one service, and read all of
  Organizations: accounts, OUs, policies, and who else is an administrator. Of itself it lets nobody in the account do anything: users and roles still need
  IAM permissions there. The read access ends with the last registration of the account. An account that is registered cannot leave the organization,
  nor be removed from it. Only the management account can register or deregister, and it cannot be registered itself.
  ([register](https://docs.aws.amazon.com/organizations/latest/APIReference/API_RegisterDelegatedAdministrator.html),
  [deregister](https://docs.aws.amazon.com/organizations/latest/APIReference/API_DeregisterDelegatedAdministrator.html),
  [leave](https://docs.aws.amazon.com/organizations/latest/APIReference/API_LeaveOrganization.html),
  [permissions](https://docs.aws.amazon.com/organizations/latest/userguide/orgs_integrate_delegated_admin.html))
- **A call of the service itself**, such as \`guardduty:EnableOrganizationAdminAccount\`, makes the account an administrator in the service, as a rule
  registers it with Organizations as well, and prepares what the service needs. Some services take the management account this way, which Organizations then does not show.
- **The delegation policy** (\`PutResourcePolicy\`) lets accounts do work of Organizations itself, by its statements: read, tag, and work on policies, SCPs included. It
  registers nobody with a service. ([actions](https://docs.aws.amazon.com/organizations/latest/userguide/orgs-policy-delegate.html))

SCPs bind the users and roles of an administrator's account like those of any member. They do not bind
[service-linked roles](https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html): what a service does in members through one, on the word of
its administrator, no SCP of the member stops.

Two rules judge who holds the strongest of these: [execution_services_held_narrowly](rules/execution_services_held_narrowly.md) and
[detection_and_execution_separated](rules/detection_and_execution_separated.md).
`;

function section(service) {
  const { registerCommand, deregisterCommand } = commandsIn(service, 'aws');
  const rows = [
    ['power', service.administratorPower === null ? notSaid : code(service.administratorPower)],
    ['can', service.administratorCan ?? notSaid],
    ['cannot', service.administratorCannot ?? notSaid],
    ['should be held by', owners(service)],
    ['the management account may hold it', yesOrNo(service.managementAccountMayBeAdmin)],
    ['how many', service.maxDelegatedAdmins === null ? notSaid : `${service.maxDelegatedAdmins} at most`],
    ['Regions', regions(service)],
    ['registered by', registerCommand === null ? notSaid : code(registerCommand)],
    [
      'deregistered by',
      deregisterCommand !== null ? code(deregisterCommand) : registerCommand === null ? notSaid : 'see the note',
    ],
  ];
  return [
    `### ${service.name}`,
    '',
    markdownTable(['', code(service.id)], rows),
    '',
    `Sources: ${service.sources.map(source).join('; ')}.`,
    '',
    ...(service.notes === null ? [] : [`Note: ${service.notes}`, '']),
  ];
}

function regions({ isRegional, mustBeSameAccountAcrossRegions: isSame }) {
  if (isRegional === null) return notSaid;
  if (!isRegional) return 'one registration for all';
  const same = { true: ', and has to have the same one', false: ', and may have another one' };
  return `each has an administrator of its own${same[String(isSame)] ?? ''}`;
}

function owners({ recommendedOwners }) {
  return recommendedOwners.join(' or ') || 'nobody recommends one';
}

function yesOrNo(value) {
  return value === null ? notSaid : value ? 'yes' : 'no';
}

function source(text) {
  return text.startsWith('https://') ? `<${text}>` : text;
}

/** As GitHub makes it from a heading. */
function anchor(heading) {
  return heading
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-');
}
