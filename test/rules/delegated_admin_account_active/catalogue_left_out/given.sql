-- A found fault beats a missing read.
select fixture.organization();
delete from aws_delegation_services;
select fixture.read('aws_delegation_services', 'skipped');
select fixture.account('222222222222', 'Security Tooling', '/', 'SUSPENDED');
select fixture.delegated('222222222222', 'config.amazonaws.com');
select fixture.guardduty('222222222222');
