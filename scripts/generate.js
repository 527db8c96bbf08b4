// Writes what is made from the code: the SQL of the current layer and of install.sql, and the pages of the docs.
// `npm run generate`; CI fails where that changes a file.
import { readdirSync, rmSync } from 'node:fs';
import { join, posix } from 'node:path';
import { administratorAnswersOf, services } from '../dist/src/catalog/index.js';
import { cloudFormationTemplate } from '../dist/src/cli/cloudformation.js';
import { managerPolicy } from '../dist/src/cli/manager_policy.js';
import { delegatePolicy, delegateRole, readerPolicy, readerRole } from '../dist/src/cli/roles.js';
import { terraformRole, terraformStackSet } from '../dist/src/cli/terraform.js';
import { currentLayerSql, installSql, loadRules, uninstallSql } from '../dist/src/rules/index.js';
import { flatten } from '../dist/src/schema/index.js';
import { requiredActions } from '../dist/src/sync/index.js';
import { regions, tables } from '../dist/tables/index.js';
import { administratorsPage } from './administrators_page.js';
import { writeDashboards } from './dashboards/index.js';
import { code, markdownTable } from './markdown.js';
import { root, write, writeBetween } from './pages.js';
import { writePerformancePage } from './performance_page.js';
import { rulePages } from './rule_pages.js';
import { tableQueries } from './table_queries.js';

const queries = join(root, 'queries');
const all = flatten(tables);

const pgTypes = {
  text: 'text',
  boolean: 'boolean',
  integer: 'integer',
  bigint: 'bigint',
  timestamp: 'timestamp without time zone',
  json: 'jsonb',
  uuid: 'uuid',
};

await write(
  'queries/views/current.sql',
  currentLayerSql(
    all.map(({ name, columns, isIncremental, primaryKey }) => ({
      name,
      isIncremental,
      primaryKey,
      columns: columns.map((column) => ({ name: column.name, pgType: pgTypes[column.type] })),
    })),
  ),
);
await write('queries/install.sql', await installSql(queries));
await write('queries/uninstall.sql', uninstallSql());

for (const file of readdirIfThere('docs/tables')) rmSync(join(root, 'docs/tables', file));
for (const table of all) await write(`docs/tables/${table.name}.md`, tablePage(table));
await write('docs/tables/README.md', tablesPage());
const rules = await loadRules(queries);
const pages = rulePages(rules, { tables: all, testsFolder: join(root, 'test/rules') });
for (const file of readdirIfThere('docs/rules')) rmSync(join(root, 'docs/rules', file));
for (const [path, text] of pages) await write(path, text);
await write('docs/services.md', servicesPage());
await write('docs/administrators.md', administratorsPage(services));
await writeBetween('README.md', 'tables', tableList('docs/tables'));
await writeBetween('README.md', 'rules', ruleList('docs/rules'));
const noSettings = { accountTags: false, owners: [], expectations: [], approvals: [], waivers: [], rules: {} };
const actions = requiredActions(tables, noSettings, regions);
await writeBetween('docs/permissions.md', 'policy', jsonBlock(readerPolicy(actions)));
await writeBetween('docs/permissions.md', 'delegate', jsonBlock(delegatePolicy(actions)));
await write('docs/roles/reader.cloudformation.yml', cloudFormationTemplate(readerRole(actions)));
await write('docs/roles/delegate.cloudformation.yml', cloudFormationTemplate(delegateRole(actions)));
await write('docs/roles/reader.tf', terraformRole(readerRole(actions)));
await write('docs/roles/delegate.tf', terraformStackSet(delegateRole(actions)));
const delegable = services.filter(({ isDelegationSupported }) => isDelegationSupported === true);
await writeBetween('docs/permissions.md', 'manager', jsonBlock(managerPolicy(delegable)));
await writePerformancePage();
await writeDashboards();

function tablePage(table) {
  const parent = all.find(({ relations }) => relations.some(({ name }) => name === table.name));
  const lines = [
    `# ${table.name}`,
    '',
    table.description,
    '',
    `Source: ${table.source.startsWith('http') ? `<${table.source}>` : `\`${table.source}\``}`,
    '',
    `Key: ${table.primaryKey.map((name) => `\`${name}\``).join(', ')}.`,
  ];
  if (table.permissions.length > 0) lines.push('', `IAM actions: ${table.permissions.map(code).join(', ')}.`);
  for (const { permission } of table.optionalPermissions) {
    lines.push('', `Only where the spec asks for it: \`${permission}\`.`);
  }
  if (table.regionalService !== null) lines.push('', 'Read in each enabled Region in which the service exists.');
  if (parent) lines.push('', `A relation of [${parent.name}](${parent.name}.md).`);
  if (table.relations.length > 0) {
    lines.push('', `Relations: ${table.relations.map(({ name }) => `[${name}](${name}.md)`).join(', ')}.`);
  }
  const columns = [
    ['_cq_sync_time', 'timestamp', 'Time of the sync, in UTC; added by the client.'],
    ['_cq_source_name', 'text', 'Name of the source in the spec; added by the client.'],
    ['_cq_id', 'uuid', 'ID of the row, the same in every sync.'],
    ['_cq_parent_id', 'uuid', 'ID of the row of the parent table.'],
    ...table.columns.map(({ name, type, description }) => [
      `${name}${table.primaryKey.includes(name) ? ' (PK)' : ''}`,
      type === 'json' ? 'jsonb' : type,
      description,
    ]),
  ];
  const queries = tableQueries[table.name];
  if (queries === undefined) throw new Error(`scripts/table_queries.js has no query of ${table.name}`);
  return [
    ...lines,
    '',
    markdownTable(['column', 'type', 'what'], columns),
    '## Example queries',
    '',
    `\`\`\`sql\n${queries}\n\`\`\``,
    '',
  ].join('\n');
}

function tablesPage() {
  return [
    '# Tables',
    '',
    `${all.length} tables, each with its key, its columns, the IAM actions that it takes and queries on it. The views of the schema \`delegation\``,
    'put them together: who holds what by all three methods stands in `delegation.delegations`.',
    '',
    tableList('.'),
  ].join('\n');
}

function servicesPage() {
  const supported = (wanted) => services.filter(({ isDelegationSupported }) => isDelegationSupported === wanted);
  const principals = ({ servicePrincipals }) => servicePrincipals.map(code).join(' ') || 'none is known';
  const regions = { each: 'each enabled one that has it', one: 'one', none: 'none' };
  const answers = supported(true).flatMap((service) =>
    administratorAnswersOf(service).map(({ method, tableName, readActions, regions: asked, reason }) => [
      code(service.id),
      service.name,
      method,
      tableName === null ? reason : `[${tableName}](tables/${tableName}.md)`,
      readActions.map(code).join(' ') || 'none: the reason is on the left',
      regions[asked],
    ]),
  );
  const facts = supported(true).map((service) => [
    code(service.id),
    service.methods.includes('resource_policy') ? 'none: the policy names accounts' : principals(service),
    service.isSecurityService ? 'yes' : 'no',
    service.recommendedOwners.join(', ') || 'nobody recommends one',
    service.maxDelegatedAdmins ?? 'not stated',
    service.registerAction ? code(service.registerAction) : 'not known',
  ]);
  const others = (wanted) =>
    markdownTable(
      ['service_id', 'service', 'principals', 'note'],
      supported(wanted).map((service) => [code(service.id), service.name, principals(service), service.notes ?? '-']),
    );
  return [
    '# Services',
    '',
    'What can be delegated, and how: the catalogue that every sync writes to `aws_delegation_services`, with the sources of each fact.',
    'What the administrator of each can and cannot do is on [a page of its own](administrators.md).',
    '',
    '## Where administrators are read',
    '',
    'One row per service and method. `organizations` is a registration with Organizations, `service` the one that the service itself',
    'keeps, `resource_policy` the delegation policy. The two lists can disagree, so both are read where there are two.',
    '',
    markdownTable(['service_id', 'service', 'method', 'table', 'IAM actions', 'Regions asked'], answers),
    '',
    '## What can be delegated',
    '',
    '`expectations` of the spec, `iam-policy --for manager --service` and all verdicts go by the `service_id`.',
    '',
    markdownTable(
      ['service_id', 'principals', 'security', 'recommended owner', 'most administrators', 'registered by'],
      facts,
    ),
    '',
    '## What cannot be delegated',
    '',
    'These work with Organizations, and AWS lists no delegated administrator for them.',
    '',
    others(false),
    '',
    '## Open questions',
    '',
    'AWS mentions a delegate, and no source says how one is made. A registration of theirs is stored and shown all the same.',
    '',
    others(null),
  ].join('\n');
}

function tableList(folder) {
  return markdownTable(
    ['table', 'what'],
    all.map(({ name, description }) => [`[${name}](${posix.join(folder, `${name}.md`)})`, description]),
  );
}

function ruleList(folder) {
  return markdownTable(
    ['rule', 'holds when', 'severity'],
    rules.map(({ id, title, severity }) => [`[${id}](${folder}/${id}.md)`, title, severity]),
  );
}

function jsonBlock(value) {
  return `\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\`\n`;
}

function readdirIfThere(path) {
  try {
    return readdirSync(join(root, path));
  } catch {
    return [];
  }
}
