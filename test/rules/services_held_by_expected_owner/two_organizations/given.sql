select fixture.organization();
select fixture.ou('/Infrastructure');
select fixture.account('222222222222', 'Operations', '/Infrastructure');
select fixture.account('333333333333', 'Shop');
select fixture.owner('infosec', 'account', '999999999999');
select fixture.owner('infra_ops', 'account', '222222222222');
select fixture.owner('backup', 'account', '444444444444');
select fixture.account('444444444444', 'Vault', '/Infrastructure');
select fixture.trusted('backup.amazonaws.com');
select fixture.delegated('222222222222', 'backup.amazonaws.com');

-- The same account ids and other owners.
select set_config('fixture.source', 'other', false), set_config('fixture.management', '888888888888', false);
select fixture.organization();
update aws_organizations set id = 'o-other' where _cq_source_name = 'other';
select fixture.account('222222222222', 'Somebody');
select fixture.ou('/Infrastructure');
select fixture.account('222222222223', 'Operations', '/Infrastructure');
select fixture.account('333333333333', 'Shop');
select fixture.owner('infosec', 'account', '999999999999');
select fixture.owner('infra_ops', 'account', '222222222223');
select fixture.owner('backup', 'account', '444444444444');
select fixture.account('444444444444', 'Vault', '/Infrastructure');
select fixture.trusted('backup.amazonaws.com');
select fixture.delegated('222222222222', 'backup.amazonaws.com');
select set_config('fixture.source', '', false), set_config('fixture.management', '', false);
