import { stringify } from 'yaml';
import { assumeStatement, policyOf, type Parameter, type Role } from './roles.js';

/**
 * A template with the role: for a stack of the account that asks, or for a StackSet over those that administer a service.
 * YAML, formatted as the files of this project are; what YAML 1.1 takes for a date is quoted.
 */
export function cloudFormationTemplate(role: Role): string {
  return stringify(template(role), { lineWidth: 0, singleQuote: true, compat: 'yaml-1.1' });
}

function template({ description, policyName, statements, assumes, ...role }: Role): object {
  const given = [role.principal, role.externalId, role.roleName, role.rolePath, ...(assumes ? [assumes] : [])];
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: description,
    Parameters: Object.fromEntries(given.map((each) => [each.name, parameter(each)])),
    Conditions: Object.fromEntries(
      [role.externalId, ...(assumes ? [assumes] : [])].map((each) => [
        isGiven(each),
        { 'Fn::Not': [{ 'Fn::Equals': [ref(each), ''] }] },
      ]),
    ),
    Resources: {
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          RoleName: ref(role.roleName),
          Path: ref(role.rolePath),
          Description: description,
          AssumeRolePolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              {
                Effect: 'Allow',
                Action: 'sts:AssumeRole',
                Principal: { AWS: ref(role.principal) },
                Condition: where(role.externalId, { StringEquals: { 'sts:ExternalId': ref(role.externalId) } }),
              },
            ],
          },
          Policies: [
            { PolicyName: policyName, PolicyDocument: policyOf(statements) },
            ...(assumes ? [where(assumes, assumePolicy(assumes))] : []),
          ],
        },
      },
    },
    Outputs: { RoleArn: { Description: 'ARN of the role.', Value: { 'Fn::GetAtt': ['Role', 'Arn'] } } },
  };
}

function assumePolicy(assumes: Parameter): object {
  const { Resource, ...statement } = assumeStatement(`\${${assumes.name}}`);
  return {
    PolicyName: 'aws-delegation-assume-role',
    PolicyDocument: { Version: '2012-10-17', Statement: [{ ...statement, Resource: { 'Fn::Sub': Resource } }] },
  };
}

function parameter({ description, fallback, pattern, expected }: Parameter): object {
  return {
    Type: 'String',
    Description: description,
    ...(fallback !== undefined && { Default: fallback }),
    AllowedPattern: pattern,
    ConstraintDescription: `Expected ${expected}.`,
  };
}

function ref({ name }: Parameter): object {
  return { Ref: name };
}

function isGiven({ name }: Parameter): string {
  return `Has${name}`;
}

function where(given: Parameter, value: object): object {
  return { 'Fn::If': [isGiven(given), value, { Ref: 'AWS::NoValue' }] };
}
