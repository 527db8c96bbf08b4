select fixture.organization();
select fixture.ou('/Security');
select fixture.ou('/Workloads');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop', '/Workloads');
select fixture.resource_policy();
select fixture.statement(0, 'Allow', '333333333333', 'organizations:AttachPolicy organizations:DetachPolicy');
select fixture.statement(1, 'Allow', 'cloudtrail.amazonaws.com', 'organizations:AttachPolicy organizations:DetachPolicy', '{"principal_type": "Service"}');
select fixture.statement(2, 'Allow', '222222222222', 'organizations:List*');
