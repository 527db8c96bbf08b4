select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop');
update aws_delegation_services set service_regions = '[]' where service_id = 'guardduty';
select fixture.read('aws_guardduty_organization_admin_accounts', 'absent', region => region_name, code => 'ServiceNotInRegion') from aws_ec2_regions;
