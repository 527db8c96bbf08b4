import { describe, expect, it } from 'vitest';
import type { ReadContext } from '../../src/schema/index.js';
import { resourcePolicyStatements } from '../../tables/organizations/aws_organization_resource_policy_statements.js';

const statement = {
  Effect: 'Allow',
  Principal: { AWS: '222222222222' },
  Action: 'organizations:ListPolicies',
  Resource: '*',
};
const policy = (...statements: unknown[]): string => JSON.stringify({ Version: '2012-10-17', Statement: statements });

async function rowsOf(Content: string | undefined): Promise<unknown[]> {
  const rows: unknown[] = [];
  for await (const row of resourcePolicyStatements.list({} as ReadContext, { Content })) rows.push(row);
  return rows;
}

describe('the statements of a delegation policy', () => {
  it.each<[string, string]>([
    ['no JSON', 'no {JSON'],
    ['a list', '[]'],
    ['none in it', '{"Statement": []}'],
    ['under two names', policy(statement).replace('}]}', '}],"statement":[]}')],
    ['with an element that is there in two letter cases', policy({ ...statement, effect: 'Deny' })],
    ['one of them no object', policy(statement, 'x')],
    [
      'nested deeper than a database takes it',
      policy(statement).replace('"*"', `${'['.repeat(1200)}${']'.repeat(1200)}`),
    ],
    ['with an element that is there twice', policy(statement).replace('"Effect"', '"Effect":"Deny","Effect"')],
    ['with a NUL', policy({ ...statement, Action: 'a\0' })],
    ['with half of a surrogate pair', policy({ ...statement, Sid: '\ud800' })],
    ['with a sign for bytes that were no UTF-8', policy({ ...statement, Sid: '\ufffd' })],
    ['with a number without end', policy(statement).replace('"*"', '1e400000')],
    ['with a principal that no index holds', policy({ ...statement, Principal: { AWS: 'x'.repeat(3000) } })],
  ])('%s: none of them, and no error', async (_, content) => {
    expect(await rowsOf(content)).toEqual([]);
  });

  it('are all there in a text that says something', async () => {
    expect(await rowsOf(policy(statement, statement))).toHaveLength(2);
  });

  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
  it('have elements with names in any letter case', async () => {
    const Condition = { StringEquals: { 'organizations:PolicyType': 'TAG_POLICY' } };
    const lower = ({ Effect, Principal, Action, Resource }: typeof statement): object => ({
      ...{ effect: Effect, principal: Principal, ACTION: Action, resource: Resource, condition: Condition },
    });
    const asUsual = await rowsOf(policy({ ...statement, Condition }));
    expect(asUsual).toHaveLength(1);
    expect(await rowsOf(policy(lower(statement)).replace('Statement', 'statement'))).toEqual(asUsual);
    const { Principal, ...others } = statement;
    const everybodyBut = await rowsOf(policy({ ...others, notPrincipal: Principal }));
    expect(everybodyBut).toEqual(await rowsOf(policy({ ...others, NotPrincipal: Principal })));
    expect(everybodyBut).toMatchObject([{ IsNotPrincipal: true }]);
  });

  it('were not read where AWS sent no text', async () => {
    await expect(rowsOf(undefined)).rejects.toThrow('answered without a text');
  });
});
