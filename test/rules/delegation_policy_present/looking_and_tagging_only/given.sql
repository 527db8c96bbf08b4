select fixture.organization();
select fixture.ou('/Security');
select fixture.ou('/Workloads');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop', '/Workloads');
select fixture.owner('infosec', 'account', '222222222222');
select fixture.resource_policy();
select fixture.statement(0, 'Allow', '222222222222', 'organizations:Describe* organizations:List* organizations:TagResource');
