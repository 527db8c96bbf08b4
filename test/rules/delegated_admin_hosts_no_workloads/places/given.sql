select fixture.organization();
select fixture.settings('{"workload_ous": ["/Workloads", "/Sandbox"]}');
select fixture.ou('/Security'), fixture.ou('/Workloads'), fixture.ou('/Workloads/Prod'), fixture.ou('/Sandbox');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop', '/Workloads/Prod');
select fixture.account('444444444444', 'Try-outs', '/Sandbox');
select fixture.account('555555555555', 'Forgotten');
-- A workload that holds nothing is where it should be.
select fixture.account('666666666666', 'Web', '/Workloads/Prod');
-- An OU of which the name only begins alike is another one.
select fixture.ou('/Workloads Tooling');
select fixture.account('777777777777', 'Deploying', '/Workloads Tooling');
select fixture.delegated(account_id, 'config.amazonaws.com')
from unnest(array['222222222222', '333333333333', '444444444444', '555555555555', '777777777777']) as account_id;
select fixture.guardduty('222222222222');
