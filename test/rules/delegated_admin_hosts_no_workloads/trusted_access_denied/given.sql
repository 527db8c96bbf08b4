select fixture.organization();
select fixture.settings('{"workload_ous": ["/Workloads", "/Sandbox"]}');
select fixture.ou('/Security'), fixture.ou('/Workloads'), fixture.ou('/Workloads/Prod'), fixture.ou('/Sandbox');
update aws_delegation_services set methods = '["organizations", "service"]' where service_id = 'macie';
select fixture.read('aws_organizations_service_access', 'denied');
