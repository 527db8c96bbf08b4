-- A Sid that is a number could be the place of another statement, and AWS does not need Sids.
select fixture.organization();
select fixture.ou('/Security');
select fixture.ou('/Workloads');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop', '/Workloads');
select fixture.owner('infosec', 'account', '222222222222');
select fixture.resource_policy(null);
select fixture.statement(0, 'Allow', '222222222222', 'organizations:CreatePolicy organizations:AttachPolicy', '{"sid": "1"}');
select fixture.statement(1, 'Allow', '222222222222', 'organizations:CreatePolicy organizations:AttachPolicy');
select fixture.statement(2, 'Allow', '222222222222', 'organizations:CreatePolicy organizations:AttachPolicy', '{"sid": "Twice"}');
select fixture.statement(3, 'Allow', '222222222222', 'organizations:CreatePolicy organizations:AttachPolicy', '{"sid": "Twice"}');
