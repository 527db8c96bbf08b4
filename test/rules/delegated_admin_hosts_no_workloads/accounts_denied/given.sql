select fixture.organization();
select fixture.settings('{"workload_ous": ["/Workloads", "/Sandbox"]}');
select fixture.ou('/Security'), fixture.ou('/Workloads'), fixture.ou('/Workloads/Prod'), fixture.ou('/Sandbox');
delete from aws_organizations_accounts;
select fixture.read('aws_organizations_accounts', 'denied');
select fixture.delegated('222222222222', 'config.amazonaws.com');
