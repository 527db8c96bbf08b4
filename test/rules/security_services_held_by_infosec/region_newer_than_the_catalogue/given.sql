select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop');
select fixture.owner('infosec', 'account', '222222222222');
select fixture.trusted('guardduty.amazonaws.com');
select fixture.delegated('222222222222', 'guardduty.amazonaws.com');
select fixture.guardduty('222222222222');

-- It is not in service_regions, it was asked all the same, and nobody is there.
select fixture.region('zz-new-1');
update aws_delegation_services set service_regions = '["eu-central-1", "us-east-1"]' where service_id = 'guardduty';
select fixture.read('aws_guardduty_organization_admin_accounts', 'ok', region => 'zz-new-1');
