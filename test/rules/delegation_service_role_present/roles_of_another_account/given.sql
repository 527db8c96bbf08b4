select fixture.organization();
select fixture.service('cloudtrail', 'AWS CloudTrail', 'cloudtrail.amazonaws.com', 'organizations service');
select fixture.service('ipam', 'Amazon VPC IPAM', 'ipam.amazonaws.com', 'organizations service');
select fixture.service('security-lake', 'Amazon Security Lake', 'securitylake.amazonaws.com', 'organizations service');
select fixture.service_linked_roles('cloudtrail', '["AWSServiceRoleForCloudTrail"]'), fixture.service_linked_roles('ipam', '["AWSServiceRoleForIPAM"]'), fixture.service_linked_roles('security-lake', '["AWSServiceRoleForSecurityLake"]');
select fixture.account('222222222222', 'Security Tooling'), fixture.account('333333333333', 'Network');
select fixture.delegated('222222222222', 'cloudtrail.amazonaws.com'), fixture.delegated('333333333333', 'ipam.amazonaws.com');
-- The roles of the account that asked are not those of the management account.
select fixture.service_linked_role('AWSServiceRoleForCloudTrail', '222222222222');
select fixture.read('aws_iam_service_linked_roles', 'ok');
update aws_delegation_reads set account_id = '222222222222' where table_name = 'aws_iam_service_linked_roles';
