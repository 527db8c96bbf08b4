select fixture.organization();
select fixture.account('222222222222', 'Security Tooling'), fixture.account('333333333333', 'Audit');
delete from aws_delegation_services;
select fixture.trusted('config.amazonaws.com');
