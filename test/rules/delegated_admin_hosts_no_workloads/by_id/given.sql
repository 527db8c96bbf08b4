select fixture.organization();
select fixture.ou('/Security'), fixture.ou('/Workloads'), fixture.ou('/Workloads/Prod');
select fixture.settings(format('{"workload_ous": ["%s"]}', fixture.ou_id('/Workloads'))::jsonb);
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop', '/Workloads/Prod');
-- The names of its OUs were not read, and its place is known by ID.
select fixture.account('444444444444', 'Web', '/Workloads/Prod');
update aws_organizations_accounts set ou_path = null where id = '444444444444';
select fixture.delegated(account_id, 'config.amazonaws.com') from unnest(array['222222222222', '333333333333', '444444444444']) as account_id;
