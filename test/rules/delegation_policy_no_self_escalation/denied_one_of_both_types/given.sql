select fixture.organization();
select fixture.ou('/Security');
select fixture.ou('/Workloads');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop', '/Workloads');
select fixture.owner('infosec', 'account', '222222222222');
select fixture.resource_policy();
select fixture.statement(0, 'Allow', '333333333333', 'organizations:AttachPolicy organizations:DetachPolicy');
select fixture.statement(1, 'Deny', '*', 'organizations:AttachPolicy organizations:DetachPolicy', '{"condition": {"StringEquals": {"organizations:PolicyType": ["SERVICE_CONTROL_POLICY"]}}}');
