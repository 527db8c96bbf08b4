select fixture.organization();
select fixture.ou('/Security');
select fixture.ou('/Workloads');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop', '/Workloads');
select fixture.owner('infosec', 'account', '222222222222');
select fixture.resource_policy();
select fixture.statement(0, 'Allow', 'arn:aws:iam::333333333333:root', 'organizations:AttachPolicy organizations:DetachPolicy', '{"resources": ["arn:aws:organizations::111111111111:policy/o-example/service_control_policy/*", "arn:aws:organizations::111111111111:ou/o-example/ou-root-security"]}');
