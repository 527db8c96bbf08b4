import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tableFromIPC } from '@cloudquery/plugin-sdk-javascript/arrow';
import { describe, expect, it, vi } from 'vitest';
import { bigint, boolean, defineTable, integer, json, text, timestamp } from '../../src/schema/index.js';
import { Spool } from '../../src/sync/spool.js';
import { TableWriter } from '../../src/sync/table_writer.js';

interface Thing {
  Arn?: string;
  IsNew?: boolean;
  Small?: number;
  Large?: number;
  Born?: Date;
  Content?: unknown;
}

const things = defineTable<Thing>()({
  name: 'aws_things',
  description: 'Things.',
  source: 'https://example.com',
  permissions: ['things:ListThings'],
  primaryKey: ['account_id', 'arn'],
  columns: {
    arn: text('Arn', 'ARN.'),
    is_new: boolean('IsNew', 'New.'),
    small: integer('Small', 'Small.'),
    large: bigint('Large', 'Large.'),
    born: timestamp('Born', 'Birth.'),
    content: json('Content', 'Content.'),
  },
  // eslint-disable-next-line @typescript-eslint/require-await -- no things
  async *list() {
    yield* [];
  },
});

async function written(items: Thing[]): Promise<Record<string, unknown>[][]> {
  const spool = await Spool.open();
  try {
    const writer = new TableWriter(things, null, spool, '111122223333');
    for (const item of items) await writer.add(item, '', null);
    await writer.flush();
    const batches: Record<string, unknown>[][] = [];
    for await (const record of spool.read('aws_things')) {
      const table = tableFromIPC(record);
      expect(table.schema.metadata.get('cq:table_name')).toBe('aws_things');
      batches.push(table.toArray().map((row: { toJSON: () => Record<string, unknown> }) => row.toJSON()));
    }
    return batches;
  } finally {
    await spool.close();
  }
}

describe('rows become Arrow record batches', () => {
  it('with every type, nulls and any character', async () => {
    const born = new Date('2026-02-28T23:59:59.999Z');
    const content = { Statement: [{ Sid: '"\u0000🦆' }], n: 1.5, none: null };
    const [rows = []] = await written([
      { Arn: 'a', IsNew: true, Small: -1, Large: 9_007_199_254_740_991, Born: born, Content: content },
      { Arn: 'ü🦆'.repeat(1000), IsNew: false },
      { Arn: '', Content: [] },
    ]);
    const [first, second, third] = rows;
    expect(first).toMatchObject({
      account_id: '111122223333',
      arn: 'a',
      is_new: true,
      small: -1,
      large: 9_007_199_254_740_991n,
    });
    expect(first?.['born']).toBe(born.getTime());
    // No database stores NUL.
    expect(JSON.parse(Buffer.from(first?.['content'] as Uint8Array).toString())).toEqual({
      ...content,
      Statement: [{ Sid: '"\ufffd🦆' }],
    });
    expect(second).toMatchObject({
      arn: 'ü🦆'.repeat(1000),
      is_new: false,
      small: null,
      large: null,
      born: null,
      content: null,
    });
    expect(third?.['arn']).toBe('');
    expect(Buffer.from(third?.['content'] as Uint8Array).toString()).toBe('[]');
    expect((first?.['_cq_id'] as Uint8Array).length).toBe(16);
    expect(first?.['_cq_parent_id']).toBeNull();
  });

  it('in batches of some thousands', async () => {
    const batches = await written(Array.from({ length: 12_001 }, (_, index) => ({ Arn: String(index) })));
    expect(batches.map(({ length }) => length)).toEqual([5000, 5000, 2001]);
    expect(batches.flat().map((row) => row['arn'])).toEqual(
      Array.from({ length: 12_001 }, (_, index) => String(index)),
    );
  });

  it('an item that came twice is one row, as it is in PostgreSQL', async () => {
    const spool = await Spool.open();
    try {
      const writer = new TableWriter(things, null, spool, '111122223333');
      expect(await writer.add({ Arn: 'a' }, '', null)).toHaveLength(16);
      expect(await writer.add({ Arn: 'a' }, '', null)).toBeNull();
      expect(writer.rowCount).toBe(1);
    } finally {
      await spool.close();
    }
  });

  it('in smaller ones where the texts are long', async () => {
    const batches = await written(Array.from({ length: 5 }, (_, index) => ({ Arn: `${index}${'ü'.repeat(250_000)}` })));
    expect(batches.map(({ length }) => length)).toEqual([2, 2, 1]);
    expect(batches.flat().map((row) => String(row['arn']).slice(0, 2))).toEqual(['0ü', '1ü', '2ü', '3ü', '4ü']);
  });

  it('with nothing of the batch before', async () => {
    const full = { IsNew: true, Small: 1, Large: 1, Born: new Date(1), Content: 1 };
    const items = Array.from({ length: 5003 }, (_, index) => ({ Arn: `${index}`, ...(index < 5000 ? full : {}) }));
    const [first, second] = await written(items);
    expect(first?.[4999]).toMatchObject({ arn: '4999', is_new: true, small: 1, large: 1n, born: 1 });
    const none = { is_new: null, small: null, large: null, born: null, content: null };
    expect(second).toMatchObject([5000, 5001, 5002].map((arn) => ({ arn: String(arn), ...none })));
  });

  it('an item that cannot be encoded is an error, and the rows around it are whole', async () => {
    const spool = await Spool.open();
    try {
      const writer = new TableWriter(things, null, spool, '111122223333');
      await writer.add({ Arn: 'a', Small: 1 }, '', null);
      await expect(writer.add({ Arn: 'bad', Small: 2, Born: 'today' }, '', null)).rejects.toThrow(TypeError);
      await writer.add({ Arn: 'b', Content: 1 }, '', null);
      await writer.flush();
      expect(writer.rowCount).toBe(2);
      for await (const record of spool.read('aws_things')) {
        const rows = tableFromIPC(record).toArray() as { arn: string; small: number | null; born: unknown }[];
        expect(rows.map(({ arn, small, born }) => ({ arn, small, born }))).toEqual([
          { arn: 'a', small: 1, born: null },
          { arn: 'b', small: null, born: null },
        ]);
      }
    } finally {
      await spool.close();
    }
  });

  it('an item without a part of its key is an error, not a lost row', async () => {
    await expect(written([{ IsNew: true }])).rejects.toThrow('aws_things: AWS sent an item without arn');
  });

  it('leaves nothing in the temporary folder, not even while it is open', async () => {
    const temporary = mkdtempSync(join(tmpdir(), 'spool-test-'));
    vi.stubEnv('TMPDIR', temporary);
    try {
      const spool = await Spool.open();
      await spool.append('aws_things', new Uint8Array(10));
      expect(readdirSync(temporary)).toEqual([]);
      await spool.close();
      expect(readdirSync(temporary)).toEqual([]);
    } finally {
      vi.unstubAllEnvs();
      rmSync(temporary, { recursive: true });
    }
  });

  it('removes what a process left that was killed before it could, and not what another is just making', async () => {
    const temporary = mkdtempSync(join(tmpdir(), 'spool-test-'));
    vi.stubEnv('TMPDIR', temporary);
    try {
      for (const name of ['aws-delegation-spool-old000', 'aws-delegation-spool-young0', 'another']) {
        mkdirSync(join(temporary, name));
        writeFileSync(join(temporary, name, 'spool'), '');
        if (!name.endsWith('young0')) utimesSync(join(temporary, name), 1_000_000_000, 1_000_000_000);
      }
      await (await Spool.open()).close();
      expect(readdirSync(temporary).sort()).toEqual(['another', 'aws-delegation-spool-young0']);
    } finally {
      vi.unstubAllEnvs();
      rmSync(temporary, { recursive: true });
    }
  });
});
