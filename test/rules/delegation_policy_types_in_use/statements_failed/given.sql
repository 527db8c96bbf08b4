-- A text that is not JSON: the sync says so of the statements.
select fixture.organization();
select fixture.ou('/Security');
select fixture.ou('/Workloads');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop', '/Workloads');
select fixture.owner('infosec', 'account', '222222222222');
select fixture.resource_policy('rp-example1', 'no JSON');
select fixture.read('aws_organization_resource_policy_statements', 'failed', message => 'the delegation policy is no JSON object, so its statements cannot be listed', code => 'TypeError');
