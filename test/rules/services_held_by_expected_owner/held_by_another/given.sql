select fixture.organization();
select fixture.ou('/Infrastructure');
select fixture.account('222222222222', 'Operations', '/Infrastructure');
select fixture.account('333333333333', 'Shop');
select fixture.owner('infosec', 'account', '999999999999');
select fixture.owner('infra_ops', 'account', '222222222222');
select fixture.owner('backup', 'account', '444444444444');
select fixture.account('444444444444', 'Vault', '/Infrastructure');
select fixture.trusted('backup.amazonaws.com');

-- Infosec has no more business here than anybody else.
select fixture.account('999999999999', 'Security Tooling');
select fixture.delegated('999999999999', 'backup.amazonaws.com');
