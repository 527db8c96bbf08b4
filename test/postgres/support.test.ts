import type { Client } from 'pg';
import { expect, test } from 'vitest';
import { freshDatabase } from '../support/postgres.js';

test('a clone has what its template prepared, and shares nothing with another clone', async () => {
  const template = {
    name: 'support_test',
    prepare: async (client: Client) => {
      await client.query('create table t (id int primary key)');
    },
  };
  const [one, two] = await Promise.all([freshDatabase(template), freshDatabase(template)]);
  await one.query('insert into t values (1)');
  expect(await one.query('select id from t')).toEqual([{ id: 1 }]);
  expect(await two.query('select id from t')).toEqual([]);
  await Promise.all([one.drop(), two.drop()]);
});
