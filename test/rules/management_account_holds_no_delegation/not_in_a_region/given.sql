-- Known wrong answer: a service that does not exist in a Region counts as missing there.
select fixture.organization();
update aws_delegation_services set service_regions = '["us-east-1"]' where service_id = 'guardduty';
select fixture.read('aws_guardduty_organization_admin_accounts', 'absent', region => 'eu-central-1', code => 'ServiceNotInRegion');
