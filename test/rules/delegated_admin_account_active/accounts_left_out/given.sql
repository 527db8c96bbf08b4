select fixture.organization();
delete from aws_organizations_accounts;
select fixture.read('aws_organizations_accounts', 'skipped');
select fixture.delegated('222222222222', 'config.amazonaws.com');
