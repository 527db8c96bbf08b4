-- A state that AWS adds one day must not hide where the account is.
select fixture.organization();
select fixture.settings('{"workload_ous": ["/Workloads", "/Sandbox"]}');
select fixture.ou('/Security'), fixture.ou('/Workloads'), fixture.ou('/Workloads/Prod'), fixture.ou('/Sandbox');
select fixture.account('222222222222', 'Shop', '/Workloads', 'HIBERNATED');
select fixture.delegated('222222222222', 'config.amazonaws.com');
