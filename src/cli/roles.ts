import { assumeRole, type RequiredActions } from '../sync/index.js';
import type { Policy, Statement } from './manager_policy.js';

/** Characters of all inline policies of a role, white space left out: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export const inlinePolicyLimit = 10_240;

/** What whoever creates a role chooses. */
export interface Parameter {
  /** As CloudFormation has it; Terraform has the same in snake_case. */
  readonly name: string;
  readonly description: string;
  /** Undefined where there is none, and it has to be given. */
  readonly fallback?: string;
  /** Read by Java and by RE2. */
  readonly pattern: string;
  /** What the pattern lets through. */
  readonly expected: string;
}

/** A role as code: the same in CloudFormation and in Terraform. */
export interface Role {
  readonly description: string;
  readonly policyName: string;
  readonly statements: readonly Statement[];
  /** Who may assume it. */
  readonly principal: Parameter;
  readonly externalId: Parameter;
  readonly roleName: Parameter;
  readonly rolePath: Parameter;
  /** The role that this one may assume elsewhere, where anybody names one. */
  readonly assumes?: Parameter;
}

/** IAM's characters of a name: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html */
const name = '[A-Za-z0-9_+=,.@-]';

/** A principal that is named: a wildcard would open the role to others. */
const principal = {
  pattern: `^arn:aws[a-z-]*:iam::[0-9]{12}:(root|(user|role)/(${name}+/)*${name}{1,64})$`,
  expected: 'the ARN of a role, of a user or of the root of an account',
};

const externalId: Parameter = {
  name: 'ExternalId',
  description: 'External ID that has to be given to assume the role. Empty: none.',
  fallback: '',
  // No upper bound: RE2 counts to 1000 only, and STS has 1224.
  pattern: '^([A-Za-z0-9_+=,.@:/-]{2,})?$',
  expected: 'at least two letters, digits or characters of +=,.@:/_-',
};

const statementPrefix = 'AwsDelegation';

/** The role of the account that asks: the management account, or one that Organizations lets read in its place. */
export function readerRole(actions: RequiredActions): Role {
  const { reader, delegate, assumedRole } = actions;
  return {
    description: 'Reads the organization and its delegated administrators for aws-delegation; writes nothing.',
    policyName: 'aws-delegation-reader',
    statements: readStatements(reader.filter((action) => action !== assumeRole)),
    principal: {
      name: 'PrincipalArn',
      description: 'Who may assume the role: whoever runs the sync.',
      ...principal,
    },
    externalId,
    ...named('aws-delegation-reader'),
    ...(delegate.length > 0 && {
      assumes: {
        name: 'DelegatedAdminRoleName',
        description:
          'Role to assume in the accounts that administer a service, after its path where it has one. Empty: none.',
        fallback: assumedRole ?? '',
        pattern: `^((${name}+/)*${name}{1,64})?$`,
        expected: 'the name of a role, and no ARN',
      },
    }),
  };
}

/** The role of each account that administers a service. */
export function delegateRole({ delegate, assumedRole = 'OrgAudit' }: RequiredActions): Role {
  return {
    description:
      'Reads what only a delegated administrator can show of its service, for aws-delegation; writes nothing.',
    policyName: 'aws-delegation-delegate',
    statements: readStatements(delegate),
    principal: {
      name: 'ReaderRoleArn',
      description: 'Who may assume the role: the role or user with whose credentials the sync asks.',
      ...principal,
    },
    externalId,
    ...named(assumedRole),
  };
}

/** What the account that asks needs. */
export function readerPolicy(actions: RequiredActions): Policy {
  const { assumedRole } = actions;
  return policyOf([
    ...readerRole(actions).statements,
    ...(assumedRole === undefined ? [] : [assumeStatement(assumedRole)]),
  ]);
}

/** What the role needs that is assumed in the accounts that administer a service. */
export function delegatePolicy(actions: RequiredActions): Policy {
  return policyOf(delegateRole(actions).statements);
}

/**
 * For the role of that name in any account, and for nothing else. IAM takes `*` for the partition, and AWS's own policies
 * have it, so that one text fits commercial Regions, GovCloud and China.
 */
export function assumeStatement(roleName: string): Statement {
  return {
    Sid: `${statementPrefix}AssumeRole`,
    Effect: 'Allow',
    Action: [assumeRole],
    Resource: `arn:*:iam::*:role/${roleName}`,
  };
}

export function policyOf(statements: readonly Statement[]): Policy {
  return { Version: '2012-10-17', Statement: [...statements] };
}

/** One statement per service: that is how people read and split policies. */
function readStatements(actions: readonly string[]): Statement[] {
  const byService = new Map<string, string[]>();
  for (const action of actions) {
    const service = action.split(':', 1)[0] ?? '';
    byService.set(service, [...(byService.get(service) ?? []), action]);
  }
  return [...byService].map(([service, Action]) => ({
    // Letters and digits only: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html
    Sid: `${statementPrefix}Read${service.charAt(0).toUpperCase()}${service.slice(1).replace(/[^a-z0-9]/g, '')}`,
    Effect: 'Allow',
    Action,
    Resource: '*',
  }));
}

/** @param pathAndName as a spec has it: `audit/OrgAudit`. */
function named(pathAndName: string): Pick<Role, 'roleName' | 'rolePath'> {
  const end = pathAndName.lastIndexOf('/') + 1;
  return {
    roleName: {
      name: 'RoleName',
      description: 'Name of the role.',
      fallback: pathAndName.slice(end),
      pattern: `^${name}{1,64}$`,
      expected: 'the name of a role, without its path',
    },
    rolePath: {
      name: 'RolePath',
      description: 'Path of the role.',
      fallback: `/${pathAndName.slice(0, end)}`,
      pattern: `^/(${name}+/)*$`,
      expected: 'a path that begins and ends with /',
    },
  };
}
