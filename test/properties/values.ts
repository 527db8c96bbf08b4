import { tableFromIPC } from '@cloudquery/plugin-sdk-javascript/arrow';
import fc from 'fast-check';
import { storableJson, withoutNul } from '../../src/postgres/index.js';
import { arrowSchemaOf, cloudQueryColumns } from '../../src/schema/arrow.js';
import { deepestJson, parseExactly, parseJson, type Table } from '../../src/schema/index.js';
import { BatchBuilder } from '../../src/sync/record_batch.js';
import { parseRule, RulesError } from '../../src/rules/index.js';
import { resourcePolicyStatements } from '../../tables/organizations/aws_organization_resource_policy_statements.js';
import { isStorable, mutatedBytes, nastyText, nastyValue, stored, textsIn } from './nasty.js';
import { property, same, type Property } from './property.js';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const json = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    nastyText(30),
    fc.constantFrom(null, true, 0, 12, -1.5),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(nastyText(12), tie('value'), { maxKeys: 4 }),
  ),
})).value;

/** What stands for nothing but itself: for the two that PostgreSQL lacks, and for U+FFFD, nobody could say what they were. */
const isExact = (value: unknown): boolean =>
  textsIn(value).every((text) => isStorable(text) && !text.includes('\ufffd'));

/** As the database has it. */
function storedJson(value: unknown): unknown {
  if (typeof value === 'string') return stored(value);
  if (Array.isArray(value)) return value.map(storedJson);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [stored(key), storedJson(inner)]));
}

const table: Table = {
  ...resourcePolicyStatements,
  columns: resourcePolicyStatements.columns.filter(({ name }) =>
    ['account_id', 'principal', 'sid', 'condition'].includes(name),
  ),
  primaryKey: ['account_id'],
};

export const valueProperties: readonly Property[] = [
  property('JSON is what it says, or not known', json, (value) => {
    const text = JSON.stringify(value, null, 1);
    same(parseJson(text), JSON.parse(text), text);
    same(parseExactly(text), isExact(value) ? JSON.parse(text) : undefined, text);
  }),
  property(
    'a key that is there twice is seen, wherever it is',
    fc.record({
      value: json.filter(isExact),
      key: nastyText(8).filter(isExact),
      levels: fc.nat(5),
      isLast: fc.boolean(),
    }),
    ({ value, key, levels, isLast }) => {
      const name = JSON.stringify(key);
      const inner = JSON.stringify(value);
      let text = isLast ? `{${name}: ${inner}, "other ,:{": 1, ${name}: 2}` : `{${name} : "[{:", ${name}:${inner}}`;
      for (let level = 0; level < levels; level++) text = level % 2 === 0 ? `[1, ${text}]` : `{"x": ${text}}`;
      same(parseExactly(text), undefined, text);
    },
  ),
  property('JSON is not known where it is nested too deeply', fc.integer({ min: 1, max: 12_000 }), (depth) => {
    const texts = [
      `${'['.repeat(depth)}${']'.repeat(depth)}`,
      `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`,
      '['.repeat(depth),
    ];
    const isKnown = texts.map((text) => parseExactly(text) !== undefined && parseJson(text) !== undefined);
    same(isKnown, [depth <= deepestJson, depth <= deepestJson, false], String(depth));
  }),
  property(
    'numbers that are none of ours are not known',
    fc.constantFrom('1e400000', '-1e999', '123456789012345678901234567890', '9007199254740993'),
    (number) => {
      same(parseExactly(`{"a": [${number}]}`), undefined, number);
    },
  ),
  property('any bytes are JSON, or not known', mutatedBytes(json.map((value) => JSON.stringify(value))), (bytes) => {
    const text = bytes.toString('utf8');
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      // Neither.
    }
    same(parseJson(text), value, text);
    const exactly = parseExactly(text);
    if (exactly !== undefined) same(exactly, value, text);
  }),
  property(
    'a record has each text and each JSON as it is, with a sign for what nobody can store',
    fc.array(fc.record({ id: nastyText(40), text: nastyText(400), value: json }), { minLength: 1, maxLength: 5 }),
    (rows) => {
      const columns = [...cloudQueryColumns, ...table.columns];
      const schema = arrowSchemaOf(table, null);
      const builder = new BatchBuilder(schema, columns);
      for (const { id, text, value } of rows) {
        const values: Record<string, unknown> = { account_id: id, principal: text, condition: value };
        builder.append(columns.map(({ name }) => values[name] ?? null));
      }
      const found = tableFromIPC(builder.encode())
        .toArray()
        .map((row: { toJSON: () => unknown }) => row.toJSON()) as {
        account_id: string;
        principal: string;
        condition: Uint8Array | null;
      }[];
      same(
        found.map(({ account_id, principal, condition }) => [
          account_id,
          principal,
          condition === null ? null : (JSON.parse(Buffer.from(condition).toString()) as unknown),
        ]),
        // Arrow's reader, and not the record, leaves out such a mark.
        rows.map(({ id, text, value }) => [
          ...[id, text].map((each) => stored(each).replace(/^\ufeff/, '')),
          storedJson(value),
        ]),
        'rows',
      );
    },
  ),
  property('what another plugin sends can be stored', json, (value) => {
    const text = JSON.stringify(value);
    const storable: unknown = JSON.parse(storableJson(text));
    if (!textsIn(storable).every(isStorable)) throw new Error(`what no database stores is in ${text}`);
    if (isExact(value)) same(storable, JSON.parse(text), text);
    same(Buffer.from(withoutNul(Buffer.from(text))).includes(0), false, text);
  }),
  property(
    'a rule file is a rule, or refused',
    fc.oneof(
      mutatedBytes(
        fc.constant(
          '-- id:          a\n-- title:       A\n-- severity:    high\n-- frameworks:  none\n-- reads:       x\n-- why:         w\n-- decides:     d\n-- unknown:     u\n-- remediation: r\n-- source:      s\nselect 1;\n',
        ),
      ).map((bytes) => bytes.toString('utf8')),
      nastyValue().map((value) => JSON.stringify(value)),
    ),
    async (text) => {
      try {
        const rule = parseRule(text, 'queries/rules/a.sql');
        same(rule.id, 'a', text);
      } catch (error) {
        if (!(error instanceof RulesError)) throw error;
      }
      await Promise.resolve();
    },
  ),
];
