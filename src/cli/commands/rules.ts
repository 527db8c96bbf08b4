import { Option, type Command } from 'commander';
import { loadRules, type Rule } from '../../rules/index.js';
import { queriesDirectory } from '../package.js';
import { print } from '../terminal.js';

const formats = ['text', 'json', 'markdown'] as const;

interface Options {
  format: (typeof formats)[number];
}

export function addRules(program: Command): void {
  program
    .command('rules')
    .description('the rules of the pack')
    .addOption(new Option('--format <format>', 'how to print them').choices(formats).default('text'))
    .action(async ({ format }: Options) => {
      const rules = await loadRules(queriesDirectory);
      print({ text: asText, json: asJson, markdown: asMarkdown }[format](rules));
    });
}

function asText(rules: readonly Rule[]): string {
  const width = Math.max(...rules.map(({ id }) => id.length));
  return rules.map(({ id, severity, title }) => `${id.padEnd(width)}  ${severity.padEnd(8)}  ${title}`).join('\n');
}

function asJson(rules: readonly Rule[]): string {
  return JSON.stringify(
    rules.map(({ id, title, severity, frameworks, reads, why, decides, unknown, remediation, source }) => ({
      id,
      title,
      severity,
      frameworks,
      reads,
      why,
      decides,
      unknown,
      remediation,
      source,
    })),
    null,
    2,
  );
}

function asMarkdown(rules: readonly Rule[]): string {
  const cell = (text: string): string => text.replaceAll('|', '\\|');
  return [
    '| rule | severity | holds when | frameworks |',
    '| --- | --- | --- | --- |',
    ...rules.map(
      ({ id, severity, title, frameworks }) =>
        `| ${[`\`${id}\``, severity, cell(title), namesOf(frameworks)].join(' | ')} |`,
    ),
  ].join('\n');
}

function namesOf(frameworks: Rule['frameworks']): string {
  return Object.entries(frameworks)
    .map(([id, numbers]) => `${id}: ${numbers.join(', ')}`)
    .join('; ');
}
