select fixture.organization();
select fixture.settings('{"workload_ous": ["/Workloads", "/Sandbox"]}');
select fixture.ou('/Security'), fixture.ou('/Workloads'), fixture.ou('/Workloads/Prod'), fixture.ou('/Sandbox');
delete from aws_delegation_services;
select fixture.read('aws_delegation_services', 'skipped');
select fixture.account('333333333333', 'Shop', '/Workloads');
select fixture.delegated('333333333333', 'config.amazonaws.com');
