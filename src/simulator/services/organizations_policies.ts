import type { Call, MemberRule, Operation, Output } from '../call.js';
import { required } from '../input.js';
import type { Organization, Policy, Target } from '../organization.js';
import { POLICY_TYPES } from '../schema/organization.js';
import { failure, forAdministrators, list, PAGE } from './organizations_requests.js';

const TARGET_ID = /^(?:r-[0-9a-z]{4,32}|\d{12}|ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})$/;

const POLICY_ID: MemberRule = {
  type: 'string',
  required: true,
  max: 130,
  pattern: /^(?:p-[0-9a-zA-Z_]{8,128})$/,
  reason: 'INVALID_SYNTAX_POLICY_ID',
};

const POLICY_TYPE: MemberRule = {
  type: 'string',
  required: true,
  enum: POLICY_TYPES,
  reason: 'INVALID_ENUM_POLICY_TYPE',
};

function showPolicy({ id, arn, scenario }: Policy): Output {
  return {
    Id: id,
    Arn: arn,
    Name: scenario.name,
    Description: scenario.description,
    Type: scenario.type,
    AwsManaged: scenario.aws_managed,
  };
}

function showTarget({ id, arn, name, type }: Target): Output {
  return { TargetId: id, Arn: arn, Name: name, Type: type };
}

/** Organizations with consolidated billing only have no policies, so none of AWS's own either. */
function policiesOf(organization: Organization): readonly Policy[] {
  return organization.scenario.feature_set === 'ALL' ? organization.policies : [];
}

function policyOf(call: Call, organization: Organization): Policy {
  const policy = organization.policy(required(call.input, 'PolicyId'));
  if (!policy || !policiesOf(organization).includes(policy)) {
    throw failure('PolicyNotFoundException', "We can't find a policy with the PolicyId that you specified.");
  }
  return policy;
}

/** Policies, and what they are attached to. */
export const policyOperations: Record<string, Operation> = {
  ListPolicies: {
    input: { Filter: POLICY_TYPE, ...PAGE },
    handle(call) {
      const type = required(call.input, 'Filter');
      const policies = policiesOf(forAdministrators(call)).filter((policy) => policy.scenario.type === type);
      return list(call, 'Policies', policies, showPolicy);
    },
  },

  DescribePolicy: {
    input: { PolicyId: POLICY_ID },
    resource: 'PolicyId',
    handle(call) {
      const policy = policyOf(call, forAdministrators(call));
      return { Policy: { PolicySummary: showPolicy(policy), Content: policy.content } };
    },
  },

  ListTargetsForPolicy: {
    input: { PolicyId: POLICY_ID, ...PAGE },
    resource: 'PolicyId',
    handle(call) {
      const organization = forAdministrators(call);
      return list(call, 'Targets', organization.targetsOf(policyOf(call, organization)), showTarget);
    },
  },

  ListPoliciesForTarget: {
    input: {
      TargetId: { type: 'string', required: true, max: 100, pattern: TARGET_ID, reason: 'INVALID_PATTERN_TARGET_ID' },
      Filter: POLICY_TYPE,
      ...PAGE,
    },
    resource: 'TargetId',
    handle(call) {
      const organization = forAdministrators(call);
      const id = required(call.input, 'TargetId');
      const type = required(call.input, 'Filter');
      if (!organization.targetExists(id)) {
        throw failure('TargetNotFoundException', "You specified a target that doesn't exist.");
      }
      const attached = policiesOf(organization).filter(
        (policy) => policy.scenario.type === type && organization.isAttached(policy, id),
      );
      return list(call, 'Policies', attached, showPolicy);
    },
  },
};
