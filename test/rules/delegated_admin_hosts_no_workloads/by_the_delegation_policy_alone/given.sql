select fixture.organization();
select fixture.settings('{"workload_ous": ["/Workloads", "/Sandbox"]}');
select fixture.ou('/Security'), fixture.ou('/Workloads'), fixture.ou('/Workloads/Prod'), fixture.ou('/Sandbox');
select fixture.account('222222222222', 'Shop', '/Workloads');
select fixture.statement(0, 'Allow', 'arn:aws:iam::222222222222:role/policies', 'organizations:AttachPolicy');
