-- A statement of which Effect was not found may grant something.
select fixture.organization();
select fixture.ou('/Security');
select fixture.ou('/Workloads');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop', '/Workloads');
select fixture.resource_policy();
select fixture.statement(0, 'Allow', '222222222222', 'organizations:List*');
select fixture.statement(1, 'Allow', '222222222222', 'organizations:CreatePolicy organizations:AttachPolicy');
update aws_organization_resource_policy_statements set effect = null where statement_index = 1;
