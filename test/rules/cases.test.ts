import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { judge, type RuleResult } from '../../src/rules/index.js';
import { close, here, organization, queriesDir, type Organization } from './database.js';

/**
 * A row as expected.json tells it: what is not there is null, `reason` is one part of the reason, or several. An `example` has
 * the whole reason, and is shown on the page of the rule.
 */
interface Expected {
  resource_id: string;
  account_id?: string;
  region?: string;
  status: string;
  unknown_cause?: string;
  reason?: string | string[];
  example?: true;
}

/** Statuses that a rule cannot have. */
const impossible: Readonly<Record<string, readonly string[]>> = {
  leaving_is_observable: ['fail', 'pass'],
  org_all_features_enabled: ['not_applicable'],
  reads_complete: ['fail', 'not_applicable'],
  sync_is_fresh: ['not_applicable'],
};

const folders = (path: string): string[] =>
  readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

const ruleIds = readdirSync(join(queriesDir, 'rules')).map((file) => file.replace(/\.sql$/, ''));

function told({ resourceId, region, status, unknownCause }: RuleResult): string {
  return [resourceId, region ?? '-', status, unknownCause ?? '-'].join(' ');
}

function expectedText({ resource_id, region, status, unknown_cause }: Expected): string {
  return [resource_id, region ?? '-', status, unknown_cause ?? '-'].join(' ');
}

let given: Organization;
beforeAll(async () => {
  given = await organization('', { finish: false });
});
afterAll(() => close(given));

/** The verdicts of a rule on what `sql` gives; the database is as empty afterwards as it was. */
async function verdictsOn(sql: string, id: string): Promise<readonly RuleResult[]> {
  const { client } = given;
  await client.query('begin');
  try {
    await client.query(sql);
    await client.query('select fixture.finish()');
    return (await judge(client, { queriesDir, rules: [id], write: false })).all;
  } finally {
    await client.query('rollback');
  }
}

describe.each(ruleIds)('%s', (id) => {
  const cases = folders(join(here, id));
  const read = (name: string, file: string): string => readFileSync(join(here, id, name, file), 'utf8');

  test.each(cases)('%s', async (name) => {
    const expected = JSON.parse(read(name, 'expected.json')) as Expected[];
    const results = await verdictsOn(read(name, 'given.sql'), id);
    const reasons = results.map((result) => `${told(result)}: ${result.reason}`).join('\n');
    expect(results.map(told).sort(), reasons).toEqual(expected.map(expectedText).sort());
    for (const row of expected) {
      const alike = results.filter((candidate) => told(candidate) === expectedText(row));
      // The same thing can be judged in several accounts.
      const result = alike.find(({ accountId }) => accountId === row.account_id) ?? alike[0];
      if (row.account_id !== undefined) expect(result?.accountId).toBe(row.account_id);
      for (const part of [row.reason ?? []].flat()) expect(result?.reason).toContain(part);
      if (row.example === true) expect(result?.reason).toBe(row.reason);
    }
    const keys = results.map(({ organizationId, accountId, region, resourceId }) =>
      JSON.stringify([organizationId, accountId, region, resourceId]),
    );
    expect(
      keys.filter((key, index) => keys.indexOf(key) !== index),
      'two rows of one thing',
    ).toEqual([]);
  });

  test('every status is reached by a case', () => {
    const reached = cases.flatMap((name) =>
      (JSON.parse(read(name, 'expected.json')) as Expected[]).map(({ status }) => status),
    );
    const ruledOut = impossible[id] ?? [];
    expect([...new Set(reached)].sort()).toEqual(
      ['fail', 'not_applicable', 'pass', 'unknown'].filter((status) => !ruledOut.includes(status)),
    );
  });
});
