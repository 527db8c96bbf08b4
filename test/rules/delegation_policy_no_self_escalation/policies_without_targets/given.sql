-- Policy or target may be given in another way, so what is not said counts as reaching.
select fixture.organization();
select fixture.ou('/Security');
select fixture.ou('/Workloads');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop', '/Workloads');
select fixture.owner('infosec', 'account', '222222222222');
select fixture.resource_policy();
select fixture.account('400000000000', 'Account 0', '/Workloads');
select fixture.statement(0, 'Allow', '400000000000', 'organizations:AttachPolicy organizations:DetachPolicy', '{"resources": ["arn:aws:organizations::111111111111:policy/o-example/service_control_policy/*"]}');
select fixture.account('400000000001', 'Account 1', '/Workloads');
select fixture.statement(1, 'Allow', '400000000001', 'organizations:AttachPolicy organizations:DetachPolicy', '{"resources": ["arn:aws:organizations::111111111111:ou/o-example/ou-root-workloads"]}');
select fixture.account('400000000002', 'Account 2', '/Workloads');
select fixture.statement(2, 'Allow', '400000000002', 'organizations:AttachPolicy organizations:DetachPolicy', '{"resources": ["arn:aws:organizations::111111111111:root/o-example/r-root"]}');
