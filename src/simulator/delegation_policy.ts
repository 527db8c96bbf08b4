import type { Call } from './call.js';
import { matches } from './glob.js';
import { text } from './input.js';
import type { Organization } from './organization.js';

/** One statement of the organization's resource policy, as far as a reading operation needs it. */
interface Statement {
  readonly Effect?: unknown;
  readonly Principal?: unknown;
  readonly Action?: unknown;
  readonly NotAction?: unknown;
  readonly Resource?: unknown;
  readonly Condition?: unknown;
}

/** True where the delegation policy opens the operation to this member account: allowed by one, denied by none. */
export function grants(call: Call, organization: Organization): boolean {
  const statements = statementsOf(organization).filter((statement) => applies(statement, call, organization));
  return (
    statements.some((statement) => statement.Effect === 'Allow') &&
    !statements.some((statement) => statement.Effect === 'Deny')
  );
}

function statementsOf({ scenario: { resource_policy: policy } }: Organization): readonly Statement[] {
  if (!policy) return [];
  try {
    const { content } = policy;
    const document = (typeof content === 'string' ? JSON.parse(content) : content) as { Statement?: unknown };
    return asList(document.Statement) as readonly Statement[];
  } catch {
    return [];
  }
}

function asList(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as unknown[]) : [value];
}

function applies(statement: Statement, call: Call, organization: Organization): boolean {
  const { accountId, arn } = call.caller;
  const role = arn.replace(/:sts:(.*):assumed-role\/([^/]+)\/.*$/, ':iam:$1:role/$2');
  const named =
    statement.Principal === '*' ? ['*'] : asList((statement.Principal as { AWS?: unknown } | undefined)?.AWS);
  const isCaller = named.some(
    (name) => name === '*' || name === accountId || name === role || name === arn || isRootOf(name, accountId),
  );
  const names = (list: unknown) => asList(list).some((action) => matches(String(action), call.operation));
  const isAction = statement.NotAction === undefined ? names(statement.Action) : !names(statement.NotAction);
  return (
    isCaller && isAction && resourceFits(statement, call, organization) && conditionFits(statement, call, organization)
  );
}

function isRootOf(name: unknown, accountId: string): boolean {
  return typeof name === 'string' && new RegExp(`^arn:aws[a-z-]*:iam::${accountId}:root$`).test(name);
}

function resourceFits(statement: Statement, call: Call, organization: Organization): boolean {
  const ids = ['PolicyId', 'TargetId', 'AccountId', 'ParentId', 'ChildId', 'OrganizationalUnitId', 'ResourceId'];
  const id = ids.map((member) => text(call.input, member)).find((value) => value !== undefined);
  const arn = id === undefined ? '*' : (organization.arnOf(id) ?? '*');
  return asList(statement.Resource).some((resource) => matches(String(resource), arn));
}

/** Of the conditions only organizations:PolicyType is known; a statement with any other one does not apply. */
function conditionFits(statement: Statement, call: Call, organization: Organization): boolean {
  const policy = organization.policy(text(call.input, 'PolicyId') ?? '');
  const type = policy?.scenario.type ?? text(call.input, 'Filter');
  return Object.entries(statement.Condition ?? {}).every(([operator, keys]) =>
    Object.entries(keys as Record<string, unknown>).every(([key, values]) => {
      if (!/^String(Equals|Like)(IfExists)?$/.test(operator)) return false;
      if (key.toLowerCase() !== 'organizations:policytype') return false;
      if (type === undefined) return operator.endsWith('IfExists');
      return asList(values).some((value) => matches(String(value), type));
    }),
  );
}
