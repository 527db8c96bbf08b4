select fixture.organization();
select fixture.ou('/Security');
select fixture.ou('/Workloads');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop', '/Workloads');
select fixture.resource_policy();
select fixture.statement(0, 'Allow', '222222222222', 'organizations:CreatePolicy organizations:AttachPolicy');
select fixture.statement(1, 'Allow', '999999999999', 'organizations:CreatePolicy organizations:AttachPolicy');
select fixture.statement(2, 'Allow', '333333333333', 'organizations:List*');
