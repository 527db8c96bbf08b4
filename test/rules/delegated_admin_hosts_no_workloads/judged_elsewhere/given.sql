select fixture.organization();
select fixture.settings('{"workload_ous": ["/Workloads", "/Sandbox"]}');
select fixture.ou('/Security'), fixture.ou('/Workloads'), fixture.ou('/Workloads/Prod'), fixture.ou('/Sandbox');
select fixture.account('222222222222', 'Suspended', '/Workloads', 'SUSPENDED');
select fixture.account('333333333333', 'Closing', '/Workloads', 'PENDING_CLOSURE');
select fixture.delegated(account_id, 'config.amazonaws.com') from unnest(array['222222222222', '333333333333', '999999999999']) as account_id;
select fixture.guardduty('111111111111');
select fixture.statement(0, 'Allow', '*', 'organizations:AttachPolicy');
