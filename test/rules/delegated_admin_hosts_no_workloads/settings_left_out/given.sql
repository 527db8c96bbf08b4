select fixture.organization();
delete from aws_delegation_settings;
select fixture.read('aws_delegation_settings', 'skipped');
select fixture.account('222222222222', 'Security Tooling');
select fixture.delegated('222222222222', 'config.amazonaws.com');
