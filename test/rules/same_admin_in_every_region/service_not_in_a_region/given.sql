select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop');
-- Known wrong answer: a service that does not exist in a Region counts as missing there.
select fixture.region('mx-central-1');
select fixture.region('xx-west-1');
update aws_delegation_services set service_regions = '["eu-central-1", "us-east-1", "xx-west-1"]' where service_id = 'guardduty';
select fixture.guardduty('222222222222');
select fixture.read('aws_guardduty_organization_admin_accounts', 'absent', region => 'mx-central-1', code => 'ServiceNotInRegion');
select fixture.read('aws_guardduty_organization_admin_accounts', 'absent', region => 'ap-east-1', code => 'RegionDisabled');
select fixture.read('aws_guardduty_organization_admin_accounts', 'absent', region => 'xx-west-1', code => 'ServiceNotInRegion');
