import type { ResourcePolicy } from '@aws-sdk/client-organizations';
import { boolean, defineTable, integer, json, parseExactly, text } from '../../src/schema/index.js';
import { listOf, principalsOf, statementsOf, type Elements } from './statements.js';

interface StatementRow {
  StatementIndex: number;
  PrincipalType: string;
  Principal: string;
  IsNotPrincipal: boolean;
  Sid: string | undefined;
  Effect: string | undefined;
  Action: unknown;
  NotAction: unknown;
  Resource: unknown;
  NotResource: unknown;
  Condition: unknown;
}

export const resourcePolicyStatements = defineTable<StatementRow, ResourcePolicy>()({
  name: 'aws_organization_resource_policy_statements',
  description: 'The statements of the delegation policy, one row per statement and principal.',
  source: 'https://docs.aws.amazon.com/organizations/latest/userguide/orgs_delegate_policies.html',
  permissions: ['organizations:DescribeResourcePolicy'],
  primaryKey: ['account_id', 'statement_index', 'principal_type', 'principal', 'is_not_principal'],
  columns: {
    statement_index: integer('StatementIndex', 'Place of the statement in the policy, from 0.'),
    principal_type: text('PrincipalType', "AWS, Service, Federated or CanonicalUser; '*' for a bare '*'; '' for none."),
    principal: text('Principal', "As the policy has it: an account ID, an ARN, '*'; '' for none."),
    is_not_principal: boolean('IsNotPrincipal', 'True where the statement says NotPrincipal.'),
    sid: text('Sid', 'ID of the statement.'),
    effect: text('Effect', 'Allow or Deny.'),
    actions: json('Action', 'Actions, always a list; null where the statement has none.'),
    not_actions: json('NotAction', 'NotAction, always a list; null where the statement has none.'),
    resources: json('Resource', 'Resources, always a list; null where the statement has none.'),
    not_resources: json('NotResource', 'NotResource, always a list; null where the statement has none.'),
    condition: json('Condition', 'Conditions as the policy has them.'),
  },
  // eslint-disable-next-line @typescript-eslint/require-await -- nothing is asked: the parent has the text
  async *list(_context, { Content }) {
    if (Content === undefined) throw new TypeError('organizations:DescribeResourcePolicy answered without a text');
    yield* rowsOfAll(Content);
  },
});

/**
 * Longest principal with its type, in bytes: it is part of the key, and an index of PostgreSQL takes 2,704 bytes. An ARN has
 * 2,048 at most.
 */
const longestPrincipal = 2_100;

/**
 * All statements of a text, or none: some of them would look like the whole policy. What has a policy without statements in
 * the database knows that it does not know it.
 */
function rowsOfAll(content: string): StatementRow[] {
  const rows = (statementsOf(parseExactly(content)) ?? []).flatMap((statement, index) => [...rowsOf(index, statement)]);
  const fits = ({ PrincipalType, Principal }: StatementRow): boolean =>
    Buffer.byteLength(PrincipalType + Principal) <= longestPrincipal;
  return rows.every(fits) ? rows : [];
}

function* rowsOf(index: number, statement: Elements): Iterable<StatementRow> {
  const shared = {
    StatementIndex: index,
    Sid: textOf(statement.get('sid')),
    Effect: textOf(statement.get('effect')),
    Action: listOrNull(statement.get('action')),
    NotAction: listOrNull(statement.get('notaction')),
    Resource: listOrNull(statement.get('resource')),
    NotResource: listOrNull(statement.get('notresource')),
    Condition: statement.get('condition'),
  };
  const isNotPrincipal = statement.has('notprincipal');
  const principals = [...principalsOf(statement.get(isNotPrincipal ? 'notprincipal' : 'principal'))];
  if (principals.length === 0) principals.push({ PrincipalType: '', Principal: '' });
  for (const principal of principals) yield { ...shared, ...principal, IsNotPrincipal: isNotPrincipal };
}

function listOrNull(value: unknown): unknown[] | null {
  return value === undefined ? null : listOf(value);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
