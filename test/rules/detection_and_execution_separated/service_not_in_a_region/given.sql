-- Known wrong answer: a service that does not exist in a Region counts as missing there.
select fixture.organization();
select fixture.execution_services();
select fixture.both_security_hubs_asked();
select fixture.settings('{"separation_of_duties": true}');
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Operations');
select fixture.delegated('222222222222', 'guardduty.amazonaws.com'), fixture.delegated('222222222222', 'cloudtrail.amazonaws.com');
select fixture.guardduty('222222222222');
select fixture.delegated('333333333333', 'stacksets.cloudformation.amazonaws.com'), fixture.delegated('333333333333', 'ssm.amazonaws.com');
update aws_delegation_services set service_regions = '["us-east-1"]' where service_id = 'guardduty';
delete from aws_guardduty_organization_admin_accounts where region = 'eu-central-1';
select fixture.read('aws_guardduty_organization_admin_accounts', 'absent', region => 'eu-central-1', code => 'ServiceNotInRegion');
