-- Known wrong answer: a suspended account still counts as holder.
select fixture.organization();
select fixture.account('222222222222', 'Operations', '/', 'SUSPENDED');
select fixture.account('444444444444', 'Vault');
select fixture.owner('infra_ops', 'account', '222222222222'), fixture.owner('backup', 'account', '444444444444');
select fixture.trusted('backup.amazonaws.com');
select fixture.delegated('222222222222', 'backup.amazonaws.com');
