-- Known wrong answer: a suspended account still counts as holder.
select fixture.organization();
select fixture.ou('/Security');
select fixture.ou('/Workloads');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop', '/Workloads');
select fixture.account('444444444444', 'Old', '/Workloads', 'SUSPENDED');
select fixture.account('555555555555', 'Leaving', '/Workloads', 'PENDING_CLOSURE');
select fixture.account('666666666666', 'Gone', '/Workloads', 'CLOSED');
select fixture.resource_policy();
select fixture.statement(0, 'Allow', '444444444444', 'organizations:CreatePolicy organizations:AttachPolicy');
select fixture.statement(1, 'Allow', '555555555555', 'organizations:CreatePolicy organizations:AttachPolicy');
select fixture.statement(2, 'Allow', 'arn:aws:iam::666666666666:root', 'organizations:CreatePolicy organizations:AttachPolicy');
select fixture.statement(3, 'Allow', '333333333333', 'organizations:CreatePolicy organizations:AttachPolicy');
update aws_organizations_accounts set state = null, status = null where id = '333333333333';
