-- The root itself is a place for workloads: nobody is apart from it.
select fixture.organization();
select fixture.settings('{"workload_ous": ["/"]}');
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.delegated('222222222222', 'config.amazonaws.com');
