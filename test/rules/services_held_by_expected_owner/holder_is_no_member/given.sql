-- Whoever backup is, an account outside the organization is not it.
select fixture.organization();
select fixture.ou('/Infrastructure');
select fixture.account('222222222222', 'Operations', '/Infrastructure');
select fixture.account('333333333333', 'Shop');
select fixture.owner('infosec', 'account', '999999999999');
select fixture.owner('infra_ops', 'account', '222222222222');
select fixture.trusted('backup.amazonaws.com');
select fixture.delegated('777777777777', 'backup.amazonaws.com');
