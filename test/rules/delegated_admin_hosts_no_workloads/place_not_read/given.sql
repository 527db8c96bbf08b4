select fixture.organization();
select fixture.settings('{"workload_ous": ["/Workloads", "/Sandbox"]}');
select fixture.ou('/Security'), fixture.ou('/Workloads'), fixture.ou('/Workloads/Prod'), fixture.ou('/Sandbox');
select fixture.account('222222222222', 'Security Tooling', '/Security');
update aws_organizations_accounts set paths = null, parent_id = null, ou_path = null where id = '222222222222';
-- Its OU is known by ID, and which one that is is not.
select fixture.account('333333333333', 'Shop', '/Workloads');
update aws_organizations_accounts set ou_path = null where id = '333333333333';
-- Directly at the root by ID is at the root.
select fixture.account('444444444444', 'Forgotten');
update aws_organizations_accounts set ou_path = null where id = '444444444444';
select fixture.delegated(account_id, 'config.amazonaws.com') from unnest(array['222222222222', '333333333333', '444444444444']) as account_id;
