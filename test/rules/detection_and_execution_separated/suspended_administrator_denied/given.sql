-- Suspended, so whatever it holds; the other is to be read.
select fixture.organization();
select fixture.execution_services();
select fixture.both_security_hubs_asked();
select fixture.settings('{"separation_of_duties": true}');
select fixture.account('222222222222', 'Security Tooling');
update aws_organizations_accounts set state = 'SUSPENDED' where id = '222222222222';
select fixture.account('333333333333', 'Operations');
select fixture.read('aws_organizations_delegated_services', 'denied', scope => '222222222222');
select fixture.read('aws_organizations_delegated_services', 'failed', scope => '333333333333');
