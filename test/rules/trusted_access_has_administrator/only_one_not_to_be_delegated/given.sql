select fixture.organization();
select fixture.account('222222222222', 'Security Tooling'), fixture.account('333333333333', 'Audit');
update aws_delegation_services set is_delegation_supported = false where service_id = 'backup';
select fixture.trusted('backup.amazonaws.com');
