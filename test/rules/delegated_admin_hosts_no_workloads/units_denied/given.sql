select fixture.organization();
select fixture.settings('{"workload_ous": ["/Workloads"]}');
delete from aws_organizations_organizational_units;
select fixture.read('aws_organizations_organizational_units', 'denied');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.delegated('222222222222', 'config.amazonaws.com');
