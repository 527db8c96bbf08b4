import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { arrowSchemaOf, cqId } from '../../src/schema/arrow.js';
import { defineTable, flatten, json, text, timestamp, type Table } from '../../src/schema/index.js';
import { tables } from '../../tables/index.js';

const all = flatten(tables);

describe('the schema', () => {
  it('is what the golden file says; a change has to be looked at', async () => {
    const described = all.map((table) =>
      [
        `${table.name} (${table.primaryKey.join(', ')})${parentOf(table) === undefined ? '' : ` below ${parentOf(table) ?? ''}`}`,
        ...table.columns.map(({ name, type }) => `  ${name} ${type}`),
      ].join('\n'),
    );
    await expect(`${described.join('\n\n')}\n`).toMatchFileSnapshot('tables.golden.txt');
  });

  it('names each table once, and each column of a table once', () => {
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    for (const { name, columns } of all) {
      const names = columns.map((column) => column.name);
      expect({ name, columns: [...new Set(names)] }).toEqual({ name, columns: names });
    }
  });

  it.each(all.map((table) => [table.name, table] as const))('%s: key, names and descriptions hold', (_name, table) => {
    const names = table.columns.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining([...table.primaryKey]));
    // Two organizations in one database must never touch each other's rows.
    expect(table.primaryKey).toContain(table.accountColumn);
    if (table.regionalService !== null) expect(table.primaryKey).toContain('region');
    for (const name of [table.name, ...names]) expect(name).toMatch(/^[a-z_][a-z0-9_]{0,62}$/);
    for (const { description } of [table, ...table.columns]) expect(description).toMatch(/\.$/);
    for (const permission of table.permissions) expect(permission).toMatch(/^[a-z0-9-]+:[A-Z][A-Za-z]+$/);
    const scopeColumn = table.fanOut?.scopeColumn ?? table.detail?.scopeColumn;
    if (scopeColumn !== undefined) expect(names).toContain(scopeColumn);
  });

  it('a relation that asks once per parent keeps its parent in its key', () => {
    for (const { fanOut, primaryKey, name } of all) {
      if (fanOut !== null)
        expect({ name, primaryKey }).toEqual({
          name,
          primaryKey: expect.arrayContaining([fanOut.scopeColumn]) as string[],
        });
    }
  });

  it('tells a client the columns by which reads are kept apart', () => {
    const schemaOf = (name: string): Map<string, string> => {
      const table = all.find((each) => each.name === name);
      if (!table) throw new Error(`no table ${name}`);
      return arrowSchemaOf(table, null).metadata;
    };
    expect(schemaOf('aws_organizations_policy_targets').get('aws_delegation:scope_column')).toBe('policy_id');
    expect(schemaOf('aws_guardduty_organization_admin_accounts').get('aws_delegation:region_column')).toBe('region');
    expect(schemaOf('aws_organizations').has('aws_delegation:region_column')).toBe(false);
  });
});

describe('_cq_id', () => {
  it('is the UUID that the Go SDK makes of the key', () => {
    // sha256 over "account_id111122223333arnarn:x", then a name-based UUID of its 32 bytes in the nil namespace (RFC 9562, 5.5).
    const digest = createHash('sha256').update('account_id111122223333arnarn:x').digest();
    const hash = createHash('sha1')
      .update(Buffer.concat([Buffer.alloc(16), digest]))
      .digest('hex');
    const expected = `${hash.slice(0, 12)}5${hash.slice(13, 16)}${((parseInt(hash.charAt(16), 16) & 0x3) | 0x8).toString(16)}${hash.slice(17, 32)}`;
    const id = cqId([
      ['account_id', '111122223333'],
      ['arn', 'arn:x'],
    ]);
    expect(Buffer.from(id).toString('hex')).toBe(expected);
  });
});

interface Thing {
  Arn?: string | undefined;
  Name?: string | undefined;
  Born?: Date | undefined;
}

describe('defineTable does not compile', () => {
  const rest = {
    name: 'aws_things',
    description: 'Things.',
    source: 'https://example.com',
    permissions: ['things:ListThings'],
    primaryKey: ['account_id', 'arn'] as const,
    // eslint-disable-next-line @typescript-eslint/require-await -- no things
    async *list(): AsyncIterable<Thing> {
      yield* [];
    },
  };
  const arn = text('Arn', 'ARN.');
  const name = text('Name', 'Name.');
  const born = timestamp('Born', 'Birth.');

  // The compiler is the test: `npm run typecheck` fails where one of these lines compiles.
  it('with a misspelt, mistyped or forgotten member', () => {
    const whole = defineTable<Thing>()({ ...rest, columns: { arn, name, born } });
    const omitted = defineTable<Thing>()({ ...rest, columns: { arn, name }, omit: { Born: 'nobody asks' } });
    // @ts-expect-error -- AWS has no member Nmae
    defineTable<Thing>()({ ...rest, columns: { arn, name: text('Nmae', 'Name.'), born } });
    // @ts-expect-error -- Born is a Date
    defineTable<Thing>()({ ...rest, columns: { arn, name, born: text('Born', 'Birth.') } });
    // @ts-expect-error -- no column for Born
    defineTable<Thing>()({ ...rest, columns: { arn, name } });
    // @ts-expect-error -- the key names a column that is not there
    defineTable<Thing>()({ ...rest, primaryKey: ['account_id', 'id'], columns: { arn, name, born } });
    const child = defineTable<Thing, { Other: string }>()({ ...rest, name: 'aws_parts', columns: { arn, name, born } });
    // @ts-expect-error -- the relation wants another parent
    defineTable<Thing>()({ ...rest, columns: { arn, name, born: json('Born', 'Birth.') }, relations: [child] });

    expect(whole.columns.map((column) => column.name)).toEqual(['account_id', 'arn', 'name', 'born']);
    expect(omitted.columns).toHaveLength(3);
  });
});

function parentOf(table: Table): string | undefined {
  return all.find(({ relations }) => relations.includes(table))?.name;
}
