-- Who is registered and who the services name are lists apart.
select fixture.organization();
select fixture.service('cloudtrail', 'AWS CloudTrail', 'cloudtrail.amazonaws.com', 'organizations service');
update aws_delegation_services set max_delegated_admins = 3 where service_id = 'cloudtrail';
update aws_delegation_services set max_delegated_admins = 1 where service_id in ('guardduty', 'security-hub', 'security-hub-cspm');
select fixture.account('222222222222', 'Security Tooling'), fixture.account('333333333333', 'Log Archive'), fixture.account('444444444444', 'Audit'), fixture.account('555555555555', 'Forensics');
select fixture.both_security_hubs_asked();
select fixture.delegated('222222222222', 'securityhub.amazonaws.com');
select fixture.security_hub('333333333333'), fixture.security_hub_v2('333333333333');
