-- State is newer than Status: where AWS sends Status alone, that decides.
select fixture.organization();
select fixture.account('222222222222', 'Security Tooling', '/', 'SUSPENDED');
update aws_organizations_accounts set state = null where id = '222222222222';
select fixture.delegated('222222222222', 'config.amazonaws.com');
