-- A catalogue that recommends nothing, and a spec that expects nothing.
select fixture.organization();
select fixture.ou('/Infrastructure');
select fixture.account('222222222222', 'Operations', '/Infrastructure');
select fixture.account('333333333333', 'Shop');
select fixture.owner('infosec', 'account', '999999999999');
select fixture.owner('infra_ops', 'account', '222222222222');
update aws_delegation_services set recommended_owners = '[]' where service_id = 'backup';
select fixture.trusted('backup.amazonaws.com');
select fixture.delegated('222222222222', 'backup.amazonaws.com');
