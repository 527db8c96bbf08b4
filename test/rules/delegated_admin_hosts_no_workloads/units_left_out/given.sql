-- Where the OUs were not read, one that has accounts is known all the same.
select fixture.organization();
select fixture.settings('{"workload_ous": ["/Workloads"]}');
select fixture.ou('/Security'), fixture.ou('/Workloads');
delete from aws_organizations_organizational_units;
select fixture.read('aws_organizations_organizational_units', 'skipped');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop', '/Workloads');
select fixture.delegated('222222222222', 'config.amazonaws.com');
