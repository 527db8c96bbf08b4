select fixture.organization();
select fixture.account('222222222222', 'Security Tooling'), fixture.account('333333333333', 'Audit');
update aws_delegation_services set is_delegation_supported = false where service_id = 'backup';
update aws_delegation_services set is_delegation_supported = null where service_id = 'macie';
select fixture.trusted('backup.amazonaws.com'), fixture.trusted('macie.amazonaws.com');
