select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop');
-- An empty list of Regions is no proof that the service is nowhere.
delete from aws_ec2_regions;
