select fixture.organization();
select fixture.service('cloudtrail', 'AWS CloudTrail', 'cloudtrail.amazonaws.com', 'organizations service');
update aws_delegation_services set max_delegated_admins = 3 where service_id = 'cloudtrail';
update aws_delegation_services set max_delegated_admins = 1 where service_id in ('guardduty', 'security-hub', 'security-hub-cspm');
select fixture.account('222222222222', 'Security Tooling'), fixture.account('333333333333', 'Log Archive'), fixture.account('444444444444', 'Audit'), fixture.account('555555555555', 'Forensics');
update aws_delegation_services set max_delegated_admins = 1 where service_id = 'macie';
select fixture.read('aws_organizations_service_access', 'denied');
