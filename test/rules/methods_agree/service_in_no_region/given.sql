select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop');
select fixture.delegated('222222222222', 'guardduty.amazonaws.com');
-- Known wrong answer: a service that does not exist in a Region counts as missing there.
update aws_delegation_services set service_regions = '[]' where service_id = 'guardduty';
select fixture.read('aws_guardduty_organization_admin_accounts', 'absent', region => region_name, code => 'ServiceNotInRegion') from aws_ec2_regions;
