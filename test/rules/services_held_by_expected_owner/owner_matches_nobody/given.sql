select fixture.organization();
select fixture.account('333333333333', 'Shop');
select fixture.owner('infra_ops', 'ou', '/Infrastructure');
select fixture.trusted('backup.amazonaws.com');
