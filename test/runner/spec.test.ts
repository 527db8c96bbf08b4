import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { readSpecFile, UsageError, type SpecFile } from '../../src/runner/index.js';
import { scratchDirectory } from './support.js';

const source = `kind: source
spec:
  name: delegation
  path: ./bin/aws-delegation
  registry: local
  tables: ['aws_organization*']
  destinations: [postgresql]
  spec:
    regions: ['us-east-1']
`;
const destination = `kind: destination
spec:
  name: postgresql
  path: cloudquery/postgresql
  registry: cloudquery
  version: v8.16.0
  spec:
    connection_string: \${DSN}
`;

async function readText(
  text: string,
  env: NodeJS.ProcessEnv = {},
  files: Record<string, string> = {},
): Promise<SpecFile> {
  const cwd = await scratchDirectory();
  await writeFile(join(cwd, 'spec.yml'), text);
  for (const [name, content] of Object.entries(files)) await writeFile(join(cwd, name), content);
  return readSpecFile('spec.yml', { env, cwd });
}

async function refusal(text: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
  try {
    await readText(text, env);
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    expect((error as UsageError).exitCode).toBe(3);
    return (error as UsageError).message;
  }
  throw new Error('it was accepted');
}

test('a source and a destination', async () => {
  expect(await readText(`${source}---\n${destination}`, { DSN: 'postgresql://u@h/d' })).toEqual({
    path: 'spec.yml',
    source: {
      path: 'spec.yml',
      name: 'delegation',
      tables: ['aws_organization*'],
      skipTables: [],
      skipDependentTables: true,
      deterministicCqId: false,
      pluginSpec: { regions: ['us-east-1'] },
    },
    destination: {
      name: 'postgresql',
      connectionString: 'postgresql://u@h/d',
      writeMode: 'overwrite-delete-stale',
      migrateMode: 'safe',
    },
    notices: [],
  });
});

test('without a destination, and with Windows line ends', async () => {
  const file = await readText(source.replaceAll('\n', '\r\n'));
  expect(file.destination).toBeUndefined();
  expect(file.source.name).toBe('delegation');
});

test('relative paths of approvals and waivers start at the folder of the file', async () => {
  const cwd = await scratchDirectory();
  await mkdir(join(cwd, 'specs'));
  const settings = async (lines: string): Promise<unknown> => {
    await writeFile(join(cwd, 'specs/spec.yml'), `${source}    ${lines}\n`);
    return readSpecFile('specs/spec.yml', { env: {}, cwd }).source.pluginSpec;
  };
  expect(await settings('approvals: approvals.yml\n    waivers: ../waivers.yml')).toEqual({
    regions: ['us-east-1'],
    approvals: resolve(cwd, 'specs/approvals.yml'),
    waivers: resolve(cwd, 'waivers.yml'),
  });
  // What is no relative path stays what it is.
  for (const [yaml, value] of [
    ['/etc/approvals.yml', '/etc/approvals.yml'],
    ["''", ''],
    ['{delegations: []}', { delegations: [] }],
    ['', null],
  ] as const) {
    expect(await settings(`approvals: ${yaml}`)).toEqual({ regions: ['us-east-1'], approvals: value });
  }
});

test('placeholders: variables, files, a JSON file inside quotes, and comments that ask for nothing', async () => {
  const text = `# needs \${NOT_SET} one day
${source}    # and \${file:missing.txt}
    token: "\${file:key.json}" # '\${NEITHER}'
    plain: \${NUMBER}
    list: [\${A}, \${B}]
    hash: 'a#\${A}'
`;
  const file = await readText(text, { NUMBER: '12', A: 'x', B: 'y' }, { 'key.json': '{\n  "a": "b"\n}\n' });
  expect(file.source.pluginSpec).toEqual({
    regions: ['us-east-1'],
    token: '{\n  "a": "b"\n}\n',
    plain: 12,
    list: ['x', 'y'],
    hash: 'a#x',
  });
});

test('a variable that is not set, a file that is not there, a time', async () => {
  expect(await refusal(`${source}---\n${destination}`)).toMatch(/variable DSN of \$\{DSN\} is not set\. Set it/);
  // What a name holds breaks neither the line of the message nor the terminal.
  expect(await refusal(`${source}---\n${destination.replace('${DSN}', '${\tD\nS\u001b[2K}')}`)).toContain(
    'variable \ufffdD\ufffdS\ufffd[2K of',
  );
  expect(await refusal(source.replace('us-east-1', '${file:none.txt}'))).toMatch(
    /the file none\.txt of .* cannot be read \(ENOENT\)/,
  );
  expect(await refusal(source.replace('us-east-1', '${time:1 day ago}'))).toContain('is not supported');
});

test('a value that breaks the YAML is not shown', async () => {
  const message = await refusal(source.replace("'us-east-1'", '${SECRET}'), { SECRET: 'hunter2: [' });
  expect(message).toContain('put quotes around the placeholder');
  expect(message).not.toContain('hunter2');
});

test('a missing file, a directory, an empty file', async () => {
  const cwd = await scratchDirectory();
  expect(() => readSpecFile('none.yml', { env: {}, cwd })).toThrow('none.yml: there is no such file. Give the path');
  expect(() => readSpecFile('.', { env: {}, cwd })).toThrow('this is a directory');
  expect(await refusal('')).toContain('the file is empty');
  expect(await refusal('# only a comment\n---\n')).toContain('the file is empty');
});

test('broken YAML: the line and the column', async () => {
  expect(await refusal(source.replace('registry: local', 'registry: [local'))).toMatch(
    /^spec\.yml, line \d+, column \d+: this is no valid YAML: /,
  );
  expect(await refusal(`${source}---\nkind: destination\nspec:\n  name: a\n  name: b\n`)).toMatch(
    /^spec\.yml, line 14, column 3: .*unique/,
  );
  expect(await refusal('just text')).toContain('spec.yml, line 1: expected a document with `kind` and `spec`');
});

test.each([
  [
    'connection_string: |hunter2',
    'line 16, column 25: this is no valid YAML: Block scalar header includes extra characters. Correct',
  ],
  [
    'connection_string: >hunter2',
    'line 16, column 25: this is no valid YAML: Block scalar header includes extra characters. Correct',
  ],
  ['connection_string: x\n    - hunter2: ]hunter2', 'this is no valid YAML: '],
  ['connection_string: "\\qhunter2"', 'this is no valid YAML: Invalid escape sequence in double quotes; put single'],
  ['connection_string: "\\u12hunter2"', 'this is no valid YAML: Invalid escape sequence'],
  ['connection_string: *hunter2', 'is no valid YAML'],
  ['connection_string: @hunter2', 'this is no valid YAML: Plain value cannot start with reserved character @.'],
  ['connection_string: "hunter2', 'this is no valid YAML: Missing closing "quote'],
  ['connection_string: [hunter2]', '`spec.connection_string` must be a string, not a list'],
  ['connection_string: {hunter2: hunter2}', '`spec.connection_string` must be a string, not object'],
])('a password is not quoted: %s', async (line, says) => {
  const block = 'kind: destination\nspec:\n  name: postgresql\n  path: cloudquery/postgresql\n  spec:\n    ';
  const message = await refusal(`${source}---\n${block}${line}\n`);
  expect(message).toContain(says);
  expect(message).not.toMatch(/hunter2|u12/);
  // The same, out of a variable: what the line shows is then the placeholder.
  const [, key = '', value = ''] = /^(\w+: )(.*)$/s.exec(line) ?? [];
  expect(await refusal(`${source}---\n${block}${key}\${SECRET}\n`, { SECRET: value })).not.toMatch(/hunter2|u12/);
});

test('a key that took its value in is not shown whole', async () => {
  const message = await refusal(source.replace('tables:', "'tables:hunter2':"));
  expect(message).toMatch(/^spec\.yml, line 6: the source has no key "tables…"\./);
  expect(message).not.toContain('hunter2');
});

test('an unknown key: its name, its line, what was meant, what is allowed', async () => {
  const message = await refusal(source.replace('tables:', 'table:'));
  expect(message).toMatch(
    /^spec\.yml, line 6: the source has no key "table"\. Did you mean "tables"\? Allowed are name, path, /,
  );
  expect(await refusal(`${source}extra: 1\n`)).toMatch(
    /^spec\.yml, line 10: the document has no key "extra"\. Allowed are kind, spec\./,
  );
  expect(await refusal(`${source}---\n${destination.replace('version', 'wersion')}`, { DSN: 'x' })).toMatch(
    /^spec\.yml, line 16: the destination has no key "wersion"\. Did you mean "version"\?/,
  );
});

test('what is missing or of a wrong type', async () => {
  expect(await refusal(source.replace(/ {2}tables.*\n/, ''))).toBe(
    'spec.yml, line 2: `tables` is missing (source). Expected is a list.',
  );
  expect(await refusal(source.replace("['aws_organization*']", 'aws'))).toBe(
    'spec.yml, line 6: `tables` must be a list, not string (source).',
  );
  expect(await refusal(source.replace("['aws_organization*']", '[]'))).toContain('`tables` must not be empty');
  expect(await refusal(source.replace("['aws_organization*']", '[a, 7]'))).toContain(
    'line 6: `tables[1]` must be a string, not number',
  );
  expect(await refusal(source.replace('registry: local', 'registry: moon'))).toContain(
    'must be one of cloudquery, docker',
  );
  expect(await refusal('kind: destination\nspec: {name: a, path: cloudquery/postgresql}\n')).toContain(
    'no document with `kind: source`',
  );
  expect(await refusal('kind: sauce\nspec: {}\n')).toBe(
    'spec.yml, line 1: kind is "sauce"; it must be source or destination.',
  );
  expect(await refusal('kind: source\n')).toContain('the source has no `spec`');
  expect(await refusal(source.replace('./bin/aws-delegation', 'cloudquery/aws'))).toContain(
    'none of its sources is aws-delegation (cloudquery/aws)',
  );
});

test('modes that are not run are refused by name', async () => {
  const withKey = (line: string) => `${source}---\n${destination.replace('  version', `  ${line}\n  version`)}`;
  for (const [line, says] of [
    ['write_mode: replace', '`write_mode` must be one of overwrite-delete-stale, overwrite, append'],
    ['migrate_mode: brutal', '`migrate_mode` must be one of safe, forced'],
    ['pk_mode: cq-id-only', 'pk_mode: cq-id-only is not run'],
    ["sync_group_id: '{{YEAR}}'", 'sync_group_id is not run'],
    ['transformers: [basic]', 'transformers are plugins'],
  ] as const) {
    expect(await refusal(withKey(line), { DSN: 'x' })).toContain(says);
    expect(await refusal(withKey(line), { DSN: 'x' })).toMatch(/^spec\.yml, line 16: /);
  }
  for (const writeMode of ['overwrite-delete-stale', 'overwrite', 'append']) {
    const file = await readText(withKey(`write_mode: ${writeMode}`), { DSN: 'x' });
    expect(file.destination).toMatchObject({ writeMode, migrateMode: 'safe' });
  }
  const file = await readText(withKey('migrate_mode: forced'), { DSN: 'x' });
  expect(file.destination).toMatchObject({ writeMode: 'overwrite-delete-stale', migrateMode: 'forced' });
});

test('backend_options: a table for the state, beside the rows', async () => {
  const withBackend = (options: string) => source.replace('  spec:', `  backend_options: ${options}\n  spec:`);
  const ours = "{table_name: t, connection: '@@plugins.postgresql.connection'}";
  expect((await readText(`${withBackend(ours)}---\n${destination}`, { DSN: 'x' })).source.stateTable).toBe('t');
  // The database may be named on the command line, under the name that the source has for its destination.
  expect((await readText(withBackend(ours))).source.stateTable).toBe('t');
  expect((await readText(withBackend('null'))).source.stateTable).toBeUndefined();

  for (const connection of ['localhost:7777', '@@plugins.other.connection', '@@plugins.postgresql.conection']) {
    expect(await refusal(withBackend(`{table_name: t, connection: '${connection}'}`))).toBe(
      `spec.yml, line 8: connection is '${connection}'; \`aws-delegation sync\` keeps the state beside the rows only. ` +
        "Write '@@plugins.postgresql.connection', or use `cloudquery sync` for another backend.",
    );
  }
  expect(await refusal(withBackend("{table: t, connection: '@@plugins.postgresql.connection'}"))).toBe(
    'spec.yml, line 8: backend_options has no key "table". Allowed are table_name, connection.',
  );
  expect(await refusal(withBackend("{connection: '@@plugins.postgresql.connection'}"))).toContain(
    '`backend_options.table_name` is missing',
  );
  expect(await refusal(withBackend("{table_name: '', connection: '@@plugins.postgresql.connection'}"))).toContain(
    '`backend_options.table_name` must not be empty',
  );
  expect(await refusal(withBackend('yes'))).toContain('`backend_options` must be a map');
});

test('more than one source and destination: ours runs, the others are named', async () => {
  const other = source.replace('name: delegation', 'name: aws').replace('./bin/aws-delegation', 'cloudquery/aws');
  const s3 = destination
    .replace('name: postgresql', 'name: bucket')
    .replace('cloudquery/postgresql', 'cloudquery/s3')
    .replace('${DSN}', 'x');
  const both = source.replace('[postgresql]', '[bucket, postgresql]');
  const file = await readText([other, both, s3, destination].join('---\n'), { DSN: 'postgresql://h/d' });
  expect(file.source.name).toBe('delegation');
  expect(file.destination?.connectionString).toBe('postgresql://h/d');
  expect(file.notices).toEqual([
    'source aws of spec.yml is left out: `cloudquery sync` runs them',
    'destination bucket of spec.yml is left out: one PostgreSQL is written',
  ]);
  // Wherever ours stands among them, and whatever else it is told to write to.
  const turned = await readText([destination, s3, both, other].join('---\n'), { DSN: 'postgresql://h/d' });
  expect({ ...turned, notices: [...turned.notices] }).toEqual(file);
  const second = destination.replace('name: postgresql', 'name: copy').replace('${DSN}', 'postgresql://h/copy');
  const twoDatabases = await readText(
    [source.replace('[postgresql]', '[postgresql, copy]'), destination, second].join('---\n'),
    { DSN: 'postgresql://h/d' },
  );
  expect(twoDatabases.destination?.name).toBe('postgresql');
  expect(twoDatabases.notices).toEqual(['destination copy of spec.yml is left out: one PostgreSQL is written']);
  const twoOrganizations = await readText(
    [source, source.replace('name: delegation', 'name: subsidiary')].join('---\n'),
  );
  expect(twoOrganizations.source.name).toBe('delegation');
  expect(twoOrganizations.notices).toEqual([
    'source subsidiary of spec.yml is left out: one is run at a time, each from a file of its own',
  ]);
  expect(await refusal([source.replace('[postgresql]', '[bucket]'), s3].join('---\n'))).toContain('is no PostgreSQL');
  expect(await refusal([source.replace('[postgresql]', '[other]'), s3].join('---\n'))).toContain(
    'does not define; it defines bucket',
  );
  expect(await refusal([source, source].join('---\n'))).toContain('source "delegation" is defined twice');
});
