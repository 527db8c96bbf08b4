terraform {
  required_version = ">= 1.3"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

variable "principal_arn" {
  description = "Who may assume the role: whoever runs the sync."
  type        = string

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:(root|(user|role)/([A-Za-z0-9_+=,.@-]+/)*[A-Za-z0-9_+=,.@-]{1,64})$", var.principal_arn))
    error_message = "Expected the ARN of a role, of a user or of the root of an account."
  }
}

variable "external_id" {
  description = "External ID that has to be given to assume the role. Empty: none."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^([A-Za-z0-9_+=,.@:/-]{2,})?$", var.external_id))
    error_message = "Expected at least two letters, digits or characters of +=,.@:/_-."
  }
}

variable "role_name" {
  description = "Name of the role."
  type        = string
  default     = "aws-delegation-reader"

  validation {
    condition     = can(regex("^[A-Za-z0-9_+=,.@-]{1,64}$", var.role_name))
    error_message = "Expected the name of a role, without its path."
  }
}

variable "role_path" {
  description = "Path of the role."
  type        = string
  default     = "/"

  validation {
    condition     = can(regex("^/([A-Za-z0-9_+=,.@-]+/)*$", var.role_path))
    error_message = "Expected a path that begins and ends with /."
  }
}

variable "delegated_admin_role_name" {
  description = "Role to assume in the accounts that administer a service, after its path where it has one. Empty: none."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(([A-Za-z0-9_+=,.@-]+/)*[A-Za-z0-9_+=,.@-]{1,64})?$", var.delegated_admin_role_name))
    error_message = "Expected the name of a role, and no ARN."
  }
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "AWS"
      identifiers = [var.principal_arn]
    }

    dynamic "condition" {
      for_each = var.external_id == "" ? [] : [var.external_id]

      content {
        test     = "StringEquals"
        variable = "sts:ExternalId"
        values   = [condition.value]
      }
    }
  }
}

data "aws_iam_policy_document" "permissions" {
  statement {
    sid       = "AwsDelegationReadAccessanalyzer"
    resources = ["*"]

    actions = [
      "access-analyzer:ListAnalyzers",
    ]
  }

  statement {
    sid       = "AwsDelegationReadAuditmanager"
    resources = ["*"]

    actions = [
      "auditmanager:GetOrganizationAdminAccount",
    ]
  }

  statement {
    sid       = "AwsDelegationReadCloudtrail"
    resources = ["*"]

    actions = [
      "cloudtrail:DescribeTrails",
      "cloudtrail:GetEventDataStore",
      "cloudtrail:GetTrailStatus",
      "cloudtrail:ListEventDataStores",
      "cloudtrail:LookupEvents",
    ]
  }

  statement {
    sid       = "AwsDelegationReadConfig"
    resources = ["*"]

    actions = [
      "config:DescribeConfigurationAggregators",
    ]
  }

  statement {
    sid       = "AwsDelegationReadDetective"
    resources = ["*"]

    actions = [
      "detective:DescribeOrganizationConfiguration",
      "detective:ListGraphs",
      "detective:ListOrganizationAdminAccount",
    ]
  }

  statement {
    sid       = "AwsDelegationReadEc2"
    resources = ["*"]

    actions = [
      "ec2:DescribeIpams",
      "ec2:DescribeRegions",
    ]
  }

  statement {
    sid       = "AwsDelegationReadFms"
    resources = ["*"]

    actions = [
      "fms:GetAdminAccount",
      "fms:GetAdminScope",
      "fms:ListAdminAccountsForOrganization",
    ]
  }

  statement {
    sid       = "AwsDelegationReadGuardduty"
    resources = ["*"]

    actions = [
      "guardduty:DescribeOrganizationConfiguration",
      "guardduty:ListDetectors",
      "guardduty:ListOrganizationAdminAccounts",
    ]
  }

  statement {
    sid       = "AwsDelegationReadIam"
    resources = ["*"]

    actions = [
      "iam:ListOrganizationsFeatures",
      "iam:ListRoles",
    ]
  }

  statement {
    sid       = "AwsDelegationReadInspector2"
    resources = ["*"]

    actions = [
      "inspector2:DescribeOrganizationConfiguration",
      "inspector2:GetDelegatedAdminAccount",
      "inspector2:ListDelegatedAdminAccounts",
    ]
  }

  statement {
    sid       = "AwsDelegationReadMacie2"
    resources = ["*"]

    actions = [
      "macie2:DescribeOrganizationConfiguration",
      "macie2:ListOrganizationAdminAccounts",
    ]
  }

  statement {
    sid       = "AwsDelegationReadNetworkmanager"
    resources = ["*"]

    actions = [
      "networkmanager:ListOrganizationServiceAccessStatus",
    ]
  }

  statement {
    sid       = "AwsDelegationReadOrganizations"
    resources = ["*"]

    actions = [
      "organizations:DescribeOrganization",
      "organizations:DescribePolicy",
      "organizations:DescribeResourcePolicy",
      "organizations:ListAWSServiceAccessForOrganization",
      "organizations:ListAccounts",
      "organizations:ListDelegatedAdministrators",
      "organizations:ListDelegatedServicesForAccount",
      "organizations:ListHandshakesForOrganization",
      "organizations:ListOrganizationalUnitsForParent",
      "organizations:ListPolicies",
      "organizations:ListRoots",
      "organizations:ListTargetsForPolicy",
    ]
  }

  statement {
    sid       = "AwsDelegationReadSecurityhub"
    resources = ["*"]

    actions = [
      "securityhub:DescribeOrganizationConfiguration",
      "securityhub:ListOrganizationAdminAccounts",
    ]
  }

  statement {
    sid       = "AwsDelegationReadSecuritylake"
    resources = ["*"]

    actions = [
      "securitylake:GetDataLakeOrganizationConfiguration",
    ]
  }

  dynamic "statement" {
    for_each = var.delegated_admin_role_name == "" ? [] : [var.delegated_admin_role_name]

    content {
      sid       = "AwsDelegationAssumeRole"
      actions   = ["sts:AssumeRole"]
      resources = ["arn:*:iam::*:role/${statement.value}"]
    }
  }
}

resource "aws_iam_role" "this" {
  name               = var.role_name
  path               = var.role_path
  description        = "Reads the organization and its delegated administrators for aws-delegation; writes nothing."
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "this" {
  name   = "aws-delegation-reader"
  role   = aws_iam_role.this.id
  policy = data.aws_iam_policy_document.permissions.json
}

output "role_arn" {
  description = "ARN of the role."
  value       = aws_iam_role.this.arn
}
