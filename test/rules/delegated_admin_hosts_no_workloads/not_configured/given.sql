-- Without workload_ous the root is no finding either: how this organization is laid out is not known.
select fixture.organization();
select fixture.account('222222222222', 'Security Tooling');
select fixture.delegated('222222222222', 'config.amazonaws.com');
