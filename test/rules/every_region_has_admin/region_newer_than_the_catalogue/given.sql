select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop');
select fixture.region('zz-new-1');
update aws_delegation_services set service_regions = '["eu-central-1", "us-east-1"]' where service_id = 'guardduty';
select fixture.guardduty('222222222222');
select fixture.read('aws_guardduty_organization_admin_accounts', 'ok', region => 'zz-new-1');
