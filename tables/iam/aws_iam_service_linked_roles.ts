import { paginateListRoles as paginate, type Role } from '@aws-sdk/client-iam';
import { defineTable, integer, json, text, timestamp } from '../../src/schema/index.js';

export const iamServiceLinkedRoles = defineTable<Role>()({
  name: 'aws_iam_service_linked_roles',
  description:
    'Service-linked roles of the account that asked: some services need one that Organizations does not make.',
  source: 'https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoles.html',
  permissions: ['iam:ListRoles'],
  primaryKey: ['account_id', 'arn'],
  columns: {
    arn: text('Arn', 'ARN of the role.'),
    role_name: text('RoleName', 'Name of the role, such as AWSServiceRoleForIPAM.'),
    role_id: text('RoleId', 'Stable ID of the role.'),
    path: text('Path', '/aws-service-role/, then the service principal.'),
    create_date: timestamp('CreateDate', 'When the role was made, in UTC.'),
    description: text('Description', 'Description of the role.'),
    assume_role_policy_document: text('AssumeRolePolicyDocument', 'Trust policy, URL-encoded as IAM sends it.'),
    max_session_duration: integer('MaxSessionDuration', 'Longest session, in seconds.'),
    source_role_template: json('SourceRoleTemplate', 'Template that the role was made from.'),
  },
  omit: {
    PermissionsBoundary: 'ListRoles leaves it out',
    RoleLastUsed: 'ListRoles leaves it out',
    Tags: 'ListRoles leaves them out',
  },
  async *list({ iam }) {
    const input = { PathPrefix: '/aws-service-role/', MaxItems: 1000 };
    for await (const page of paginate({ client: iam }, input)) yield* page.Roles ?? [];
  },
});
