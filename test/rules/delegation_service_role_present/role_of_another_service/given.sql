select fixture.organization();
select fixture.service('cloudtrail', 'AWS CloudTrail', 'cloudtrail.amazonaws.com', 'organizations service');
select fixture.service('ipam', 'Amazon VPC IPAM', 'ipam.amazonaws.com', 'organizations service');
select fixture.service('security-lake', 'Amazon Security Lake', 'securitylake.amazonaws.com', 'organizations service');
select fixture.service_linked_roles('cloudtrail', '["AWSServiceRoleForCloudTrail"]'), fixture.service_linked_roles('ipam', '["AWSServiceRoleForIPAM"]'), fixture.service_linked_roles('security-lake', '["AWSServiceRoleForSecurityLake"]');
select fixture.account('222222222222', 'Security Tooling'), fixture.account('333333333333', 'Network');
select fixture.delegated('222222222222', 'cloudtrail.amazonaws.com'), fixture.delegated('333333333333', 'ipam.amazonaws.com');
select fixture.service_linked_role('AWSServiceRoleForSupport'), fixture.service_linked_role('AWSServiceRoleForCloudTrailEventContext');
