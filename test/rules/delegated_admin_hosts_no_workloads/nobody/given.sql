select fixture.organization();
select fixture.settings('{"workload_ous": ["/Workloads", "/Sandbox"]}');
select fixture.ou('/Security'), fixture.ou('/Workloads'), fixture.ou('/Workloads/Prod'), fixture.ou('/Sandbox');
