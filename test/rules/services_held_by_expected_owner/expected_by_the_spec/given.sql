select fixture.organization();
select fixture.ou('/Infrastructure');
select fixture.account('222222222222', 'Operations', '/Infrastructure');
select fixture.account('333333333333', 'Shop');
select fixture.owner('infosec', 'account', '999999999999');
select fixture.owner('infra_ops', 'account', '222222222222');

-- The spec replaces the catalogue, and adds a service of which the catalogue says nothing.
select fixture.execution_services();
select fixture.owner('platform', 'account', '333333333333');
select fixture.expectation('backup', 'platform'), fixture.expectation('stacksets', 'platform'), fixture.expectation('account-management', 'platform');
select fixture.trusted('backup.amazonaws.com');
select fixture.delegated('222222222222', 'backup.amazonaws.com');
select fixture.trusted('member.org.stacksets.cloudformation.amazonaws.com');
select fixture.delegated('333333333333', 'member.org.stacksets.cloudformation.amazonaws.com');
select fixture.delegated('333333333333', 'stacksets.cloudformation.amazonaws.com');
