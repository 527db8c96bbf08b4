select fixture.organization();
delete from aws_organizations_accounts;
select fixture.read('aws_organizations_accounts', 'denied');
