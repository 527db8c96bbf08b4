import { cloudFormationTemplate } from './cloudformation.js';
import {
  assumeBlock,
  escaped,
  indented,
  join,
  provider,
  quoted,
  ref,
  statementBlock,
  variable,
  whereGiven,
} from './hcl.js';
import type { Role } from './roles.js';

/** The role itself, as `terraform fmt` has it. */
export function terraformRole(role: Role): string {
  const { principal, externalId, roleName, rolePath, assumes } = role;
  const given = [principal, externalId, roleName, rolePath, ...(assumes ? [assumes] : [])];
  return join([
    provider('5.0'),
    ...given.map(variable),
    `data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "AWS"
      identifiers = [${ref(principal)}]
    }

    dynamic "condition" {
      for_each = ${whereGiven(externalId)}

      content {
        test     = "StringEquals"
        variable = "sts:ExternalId"
        values   = [condition.value]
      }
    }
  }
}`,
    `data "aws_iam_policy_document" "permissions" {
${[...role.statements.map(statementBlock), ...(assumes ? [assumeBlock(assumes)] : [])].join('\n\n')}
}`,
    `resource "aws_iam_role" "this" {
  name               = ${ref(roleName)}
  path               = ${ref(rolePath)}
  description        = ${quoted(role.description)}
  assume_role_policy = data.aws_iam_policy_document.trust.json
}`,
    `resource "aws_iam_role_policy" "this" {
  name   = ${quoted(role.policyName)}
  role   = aws_iam_role.this.id
  policy = data.aws_iam_policy_document.permissions.json
}`,
    `output "role_arn" {
  description = "ARN of the role."
  value       = aws_iam_role.this.arn
}`,
  ]);
}

const targets: readonly { name: string; description: string; pattern: string; expected: string }[] = [
  {
    name: 'account_ids',
    description: 'Accounts that administer a service. StackSets never deploys to the management account.',
    pattern: '^[0-9]{12}$',
    expected: 'at least one account ID, of 12 digits each',
  },
  {
    name: 'organizational_unit_ids',
    description: 'Where these accounts are: OUs, or the root, below which every account is.',
    pattern: '^(r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[0-9a-z]{8,32})$',
    expected: 'at least one ID of an OU or of the root',
  },
];

/**
 * The role in other accounts, by a StackSet whose permissions the service manages: one provider and one state reach them
 * all. As `terraform fmt` has it.
 */
export function terraformStackSet(role: Role): string {
  const { principal, externalId, roleName, rolePath } = role;
  const given = [principal, externalId, roleName, rolePath];
  const width = Math.max(...given.map(({ name }) => name.length));
  return join([
    // Has aws_cloudformation_stack_instances, and is the last of its major version.
    provider('5.100'),
    ...given.map(variable),
    ...targets.map(
      ({ name, description, pattern, expected }) => `variable "${name}" {
  description = ${quoted(description)}
  type        = set(string)

  validation {
    condition     = length(var.${name}) > 0 && alltrue([for id in var.${name} : can(regex(${quoted(pattern)}, id))])
    error_message = ${quoted(`Expected ${expected}.`)}
  }
}`,
    ),
    `variable "call_as" {
  description = "SELF in the management account, DELEGATED_ADMIN in an account that administers StackSets."
  type        = string
  default     = "SELF"

  validation {
    condition     = contains(["SELF", "DELEGATED_ADMIN"], var.call_as)
    error_message = "Expected SELF or DELEGATED_ADMIN."
  }
}`,
    `resource "aws_cloudformation_stack_set" "this" {
  name             = ${quoted(role.policyName)}
  description      = ${quoted(role.description)}
  permission_model = "SERVICE_MANAGED"
  call_as          = var.call_as
  capabilities     = ["CAPABILITY_NAMED_IAM"]

  # Not into each account that joins: only those of account_ids.
  auto_deployment {
    enabled = false
  }

  parameters = {
${given.map((each) => `    ${each.name.padEnd(width)} = ${ref(each)}`).join('\n')}
  }

  template_body = <<-YAML
${indented(escaped(cloudFormationTemplate(role)).trimEnd(), 4)}
  YAML

  lifecycle {
    # AWS fills it in, and older versions of the provider would take it out again each time.
    ignore_changes = [administration_role_arn]
  }
}`,
    `resource "aws_cloudformation_stack_instances" "this" {
  stack_set_name = aws_cloudformation_stack_set.this.name
  call_as        = var.call_as

  deployment_targets {
    account_filter_type     = "INTERSECTION"
    accounts                = var.account_ids
    organizational_unit_ids = var.organizational_unit_ids
  }
}`,
  ]);
}
