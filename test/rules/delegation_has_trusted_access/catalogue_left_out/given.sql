select fixture.organization();
select fixture.account('222222222222', 'Security Tooling'), fixture.account('333333333333', 'Audit');
delete from aws_delegation_services;
select fixture.read('aws_delegation_services', 'skipped');
select fixture.delegated('222222222222', 'config.amazonaws.com'), fixture.delegated('222222222222', 'config-multiaccountsetup.amazonaws.com');
select fixture.trusted('config.amazonaws.com');
