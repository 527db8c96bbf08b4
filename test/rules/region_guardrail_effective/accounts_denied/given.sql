select fixture.organization();
select fixture.settings('{"allowed_regions": ["eu-central-1", "us-east-1"]}');
delete from aws_organizations_accounts;
select fixture.read('aws_organizations_accounts', 'denied');
