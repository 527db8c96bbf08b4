import { Option, type Command } from 'commander';
import { print } from '../terminal.js';

interface Options {
  format: 'text' | 'json';
}

export function addTables(program: Command): void {
  program
    .command('tables')
    .description('the tables of the plugin')
    .addOption(new Option('--format <format>', 'how to print them').choices(['text', 'json']).default('text'))
    .action(async ({ format }: Options) => {
      const [{ tables }, { flatten }] = await Promise.all([
        import('../../../tables/index.js'),
        import('../../schema/index.js'),
      ]);
      const all = flatten(tables);
      if (format === 'text') {
        const width = Math.max(...all.map(({ name }) => name.length));
        print(all.map(({ name, description }) => `${name.padEnd(width)}  ${description}`).join('\n'));
        return;
      }
      const described = all.map(({ name, description, source, permissions, primaryKey, columns }) => ({
        name,
        description,
        source,
        permissions,
        primary_key: primaryKey,
        columns: columns.map((column) => ({ name: column.name, type: column.type, description: column.description })),
      }));
      print(JSON.stringify(described, null, 2));
    });
}
