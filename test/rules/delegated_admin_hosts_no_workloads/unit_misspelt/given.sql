-- A slip of the pen in the spec lets nobody pass, and excuses nobody.
select fixture.organization();
select fixture.settings('{"workload_ous": ["/Workload", "/Sandbox"]}');
select fixture.ou('/Security'), fixture.ou('/Workloads'), fixture.ou('/Sandbox');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop', '/Workloads');
select fixture.account('444444444444', 'Try-outs', '/Sandbox');
select fixture.account('555555555555', 'Forgotten');
select fixture.delegated(account_id, 'config.amazonaws.com') from unnest(array['222222222222', '333333333333', '444444444444', '555555555555']) as account_id;
