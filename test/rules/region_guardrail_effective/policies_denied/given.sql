select fixture.organization();
select fixture.settings('{"allowed_regions": ["eu-central-1", "us-east-1"]}');
select fixture.account('222222222222', 'Shop');
delete from aws_organizations_policies;
select fixture.read('aws_organizations_policies', 'denied');
