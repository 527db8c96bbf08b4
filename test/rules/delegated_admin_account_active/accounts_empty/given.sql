-- A list without even the management account is no list.
select fixture.organization();
delete from aws_organizations_accounts;
select fixture.delegated('222222222222', 'config.amazonaws.com');
