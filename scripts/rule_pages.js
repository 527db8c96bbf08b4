// The pages of docs/rules: one per rule from its header and from the examples of its tests, the list of them, and the
// frameworks. Gives texts by path; generate.js writes them.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { controlsOf, frameworkNamed, frameworks } from '../dist/src/rules/index.js';
import { code, markdownTable } from './markdown.js';

const folder = 'docs/rules';

export function rulePages(rules, { tables, testsFolder }) {
  const pages = new Map(
    rules.map((rule) => [
      `${folder}/${rule.id}.md`,
      rulePage(rule, { tables, examples: examplesOf(rule, testsFolder) }),
    ]),
  );
  pages.set(`${folder}/README.md`, listPage(rules));
  pages.set(`${folder}/frameworks.md`, frameworksPage(rules));
  return pages;
}

/** Rows of the cases that are marked as examples: their reasons are whole, and the tests compare them. */
function examplesOf({ id }, testsFolder) {
  const cases = readdirSync(join(testsFolder, id), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const rows = cases
    .map(({ name }) => join(testsFolder, id, name, 'expected.json'))
    .flatMap((file) => JSON.parse(readFileSync(file, 'utf8')))
    .filter(({ example }) => example === true);
  if (rows.length === 0) {
    throw new Error(
      `The page of the rule ${id} has no example: mark a row with "example": true, and give it its whole reason, in test/rules/${id}/*/expected.json.`,
    );
  }
  const order = ['fail', 'unknown', 'pass', 'not_applicable'];
  return rows.sort((left, right) => order.indexOf(left.status) - order.indexOf(right.status));
}

function rulePage(rule, { tables, examples }) {
  const { id, title, severity, why, decides, unknown, remediation, reads, source } = rule;
  return [
    `# ${title}`,
    '',
    `Rule ${code(id)}, severity ${severity}. It is in [queries/rules/${id}.sql](../../queries/rules/${id}.sql).`,
    '',
    ...section('Why', prose(why)),
    ...section('How it decides', prose(decides)),
    ...section('What unknown means', prose(unknown)),
    ...section('What to do', prose(remediation), ...placeholderNote(remediation)),
    ...section('What it reads', ...tablesOf(reads, tables).map((name) => `- [${name}](../tables/${name}.md)`)),
    ...section('Benchmarks', ...benchmarksOf(rule)),
    ...section(
      'Examples',
      'Rows of its tests: what it says of made-up organizations.',
      '',
      markdownTable(
        ['status', 'resource_id', 'region', 'reason'],
        examples.map(({ status, unknown_cause, resource_id, region, reason }) => [
          unknown_cause ? `${status} (${unknown_cause})` : status,
          code(resource_id),
          region ?? '',
          oneLine([reason].flat().join(' ')),
        ]),
      ),
    ),
    `Source: <${source}>`,
    '',
  ].join('\n');
}

function section(title, ...lines) {
  return [`## ${title}`, '', ...lines, ''];
}

function placeholderNote(remediation) {
  if (!/\{\w+\}/.test(remediation)) return [];
  return [
    '',
    'What stands in braces is filled in for each finding: names, the Region, and the AWS CLI command of the service in question',
    '(they are in [aws_delegation_services](../tables/aws_delegation_services.md)).',
  ];
}

function tablesOf(reads, tables) {
  const names = reads.flatMap((pattern) => {
    const matches = new RegExp(`^${pattern.replaceAll('*', '.*')}$`);
    return tables.map(({ name }) => name).filter((name) => matches.test(name));
  });
  return [...new Set(names)];
}

/** What its header names; that every rule is in our own framework says nothing. */
function benchmarksOf({ frameworks: named }) {
  const lines = Object.entries(named).flatMap(([frameworkId, controlIds]) => {
    const framework = frameworkNamed(frameworkId);
    const controls = framework?.controls.filter(({ id }) => controlIds.includes(id)) ?? [];
    return controls.map(
      (control) => `- ${framework.title}: [${heading(control)}](frameworks.md#${anchor(heading(control))})`,
    );
  });
  return lines.length > 0 ? lines : ['None.'];
}

function heading({ id, title }) {
  return `${id} ${title}`;
}

/** As GitHub makes it from a heading. */
function anchor(text) {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');
}

function listPage(rules) {
  return [
    '# Rules',
    '',
    'What `aws-delegation check` judges. `aws-delegation rules` prints this list, `check --rule ID` runs one of them, and',
    '`check --framework ID` those of a [framework](frameworks.md).',
    '',
    markdownTable(
      ['rule', 'holds when', 'severity', 'frameworks'],
      rules.map(({ id, title, severity, frameworks: named }) => [
        `[${id}](${id}.md)`,
        oneLine(title),
        severity,
        Object.entries(named)
          .map(([name, numbers]) => `${name}: ${numbers.join(', ')}`)
          .join('; '),
      ]),
    ),
  ].join('\n');
}

function frameworksPage(rules) {
  return [
    '# Frameworks',
    '',
    '`aws-delegation check --framework ID` runs the rules of one and shows them by its controls. A rule answers a part of a control,',
    'and some questions no API can answer. Those are told as `MANUAL`; a person has to answer them.',
    '',
    ...frameworks.flatMap((framework) => [
      `## ${framework.title}`,
      '',
      `${code(framework.id)}. Source: <${framework.source}>`,
      '',
      ...controlsOf(framework, rules).flatMap(({ control, rules: answering }) => [
        `### ${heading(control)}`,
        '',
        ...(answering.length === 0
          ? ['No rule judges it.']
          : answering.map(({ id, title, severity }) => `- [${id}](${id}.md) (${severity}): ${prose(title)}`)),
        '',
        ...control.manual.map((question) => `- MANUAL: ${prose(question)}`),
        '',
      ]),
    ]),
  ].join('\n');
}

/** As it is between backticks; elsewhere a star or an angle bracket is itself, and a placeholder becomes code. */
function prose(text) {
  return text
    .replace(/(`[^`]+`)|(\{\w+\})/g, (whole, inCode, placeholder) => (placeholder ? code(placeholder) : whole))
    .split(/(`[^`]+`)/)
    .map((part) => (part.startsWith('`') ? part : escape(part)))
    .join('');
}

function escape(text) {
  return text.replace(/[\\*<>[\]]/g, (character) => `\\${character}`).replace(/(?<!\w)_|_(?!\w)/g, '\\_');
}

function oneLine(text) {
  return prose(text.replace(/\s+/g, ' '));
}
