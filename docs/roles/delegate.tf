terraform {
  required_version = ">= 1.3"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100"
    }
  }
}

variable "reader_role_arn" {
  description = "Who may assume the role: the role or user with whose credentials the sync asks."
  type        = string

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:(root|(user|role)/([A-Za-z0-9_+=,.@-]+/)*[A-Za-z0-9_+=,.@-]{1,64})$", var.reader_role_arn))
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
  default     = "OrgAudit"

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

variable "account_ids" {
  description = "Accounts that administer a service. StackSets never deploys to the management account."
  type        = set(string)

  validation {
    condition     = length(var.account_ids) > 0 && alltrue([for id in var.account_ids : can(regex("^[0-9]{12}$", id))])
    error_message = "Expected at least one account ID, of 12 digits each."
  }
}

variable "organizational_unit_ids" {
  description = "Where these accounts are: OUs, or the root, below which every account is."
  type        = set(string)

  validation {
    condition     = length(var.organizational_unit_ids) > 0 && alltrue([for id in var.organizational_unit_ids : can(regex("^(r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[0-9a-z]{8,32})$", id))])
    error_message = "Expected at least one ID of an OU or of the root."
  }
}

variable "call_as" {
  description = "SELF in the management account, DELEGATED_ADMIN in an account that administers StackSets."
  type        = string
  default     = "SELF"

  validation {
    condition     = contains(["SELF", "DELEGATED_ADMIN"], var.call_as)
    error_message = "Expected SELF or DELEGATED_ADMIN."
  }
}

resource "aws_cloudformation_stack_set" "this" {
  name             = "aws-delegation-delegate"
  description      = "Reads what only a delegated administrator can show of its service, for aws-delegation; writes nothing."
  permission_model = "SERVICE_MANAGED"
  call_as          = var.call_as
  capabilities     = ["CAPABILITY_NAMED_IAM"]

  # Not into each account that joins: only those of account_ids.
  auto_deployment {
    enabled = false
  }

  parameters = {
    ReaderRoleArn = var.reader_role_arn
    ExternalId    = var.external_id
    RoleName      = var.role_name
    RolePath      = var.role_path
  }

  template_body = <<-YAML
    AWSTemplateFormatVersion: '2010-09-09'
    Description: Reads what only a delegated administrator can show of its service, for aws-delegation; writes nothing.
    Parameters:
      ReaderRoleArn:
        Type: String
        Description: 'Who may assume the role: the role or user with whose credentials the sync asks.'
        AllowedPattern: ^arn:aws[a-z-]*:iam::[0-9]{12}:(root|(user|role)/([A-Za-z0-9_+=,.@-]+/)*[A-Za-z0-9_+=,.@-]{1,64})$
        ConstraintDescription: Expected the ARN of a role, of a user or of the root of an account.
      ExternalId:
        Type: String
        Description: 'External ID that has to be given to assume the role. Empty: none.'
        Default: ''
        AllowedPattern: ^([A-Za-z0-9_+=,.@:/-]{2,})?$
        ConstraintDescription: Expected at least two letters, digits or characters of +=,.@:/_-.
      RoleName:
        Type: String
        Description: Name of the role.
        Default: OrgAudit
        AllowedPattern: ^[A-Za-z0-9_+=,.@-]{1,64}$
        ConstraintDescription: Expected the name of a role, without its path.
      RolePath:
        Type: String
        Description: Path of the role.
        Default: /
        AllowedPattern: ^/([A-Za-z0-9_+=,.@-]+/)*$
        ConstraintDescription: Expected a path that begins and ends with /.
    Conditions:
      HasExternalId:
        Fn::Not:
          - Fn::Equals:
              - Ref: ExternalId
              - ''
    Resources:
      Role:
        Type: AWS::IAM::Role
        Properties:
          RoleName:
            Ref: RoleName
          Path:
            Ref: RolePath
          Description: Reads what only a delegated administrator can show of its service, for aws-delegation; writes nothing.
          AssumeRolePolicyDocument:
            Version: '2012-10-17'
            Statement:
              - Effect: Allow
                Action: sts:AssumeRole
                Principal:
                  AWS:
                    Ref: ReaderRoleArn
                Condition:
                  Fn::If:
                    - HasExternalId
                    - StringEquals:
                        sts:ExternalId:
                          Ref: ExternalId
                    - Ref: AWS::NoValue
          Policies:
            - PolicyName: aws-delegation-delegate
              PolicyDocument:
                Version: '2012-10-17'
                Statement:
                  - Sid: AwsDelegationReadAccessanalyzer
                    Effect: Allow
                    Action:
                      - access-analyzer:ListAnalyzers
                    Resource: '*'
                  - Sid: AwsDelegationReadCloudtrail
                    Effect: Allow
                    Action:
                      - cloudtrail:LookupEvents
                    Resource: '*'
                  - Sid: AwsDelegationReadConfig
                    Effect: Allow
                    Action:
                      - config:DescribeConfigurationAggregators
                    Resource: '*'
                  - Sid: AwsDelegationReadDetective
                    Effect: Allow
                    Action:
                      - detective:DescribeOrganizationConfiguration
                      - detective:ListGraphs
                    Resource: '*'
                  - Sid: AwsDelegationReadGuardduty
                    Effect: Allow
                    Action:
                      - guardduty:DescribeOrganizationConfiguration
                      - guardduty:ListDetectors
                    Resource: '*'
                  - Sid: AwsDelegationReadInspector2
                    Effect: Allow
                    Action:
                      - inspector2:DescribeOrganizationConfiguration
                    Resource: '*'
                  - Sid: AwsDelegationReadMacie2
                    Effect: Allow
                    Action:
                      - macie2:DescribeOrganizationConfiguration
                    Resource: '*'
                  - Sid: AwsDelegationReadOrganizations
                    Effect: Allow
                    Action:
                      - organizations:DescribeOrganization
                    Resource: '*'
                  - Sid: AwsDelegationReadSecurityhub
                    Effect: Allow
                    Action:
                      - securityhub:DescribeOrganizationConfiguration
                    Resource: '*'
                  - Sid: AwsDelegationReadSecuritylake
                    Effect: Allow
                    Action:
                      - securitylake:GetDataLakeOrganizationConfiguration
                    Resource: '*'
    Outputs:
      RoleArn:
        Description: ARN of the role.
        Value:
          Fn::GetAtt:
            - Role
            - Arn
  YAML

  lifecycle {
    # AWS fills it in, and older versions of the provider would take it out again each time.
    ignore_changes = [administration_role_arn]
  }
}

resource "aws_cloudformation_stack_instances" "this" {
  stack_set_name = aws_cloudformation_stack_set.this.name
  call_as        = var.call_as

  deployment_targets {
    account_filter_type     = "INTERSECTION"
    accounts                = var.account_ids
    organizational_unit_ids = var.organizational_unit_ids
  }
}
