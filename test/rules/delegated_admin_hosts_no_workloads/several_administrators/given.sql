-- Known wrong answer: with several administrators only the last is judged.
select fixture.organization();
select fixture.settings('{"workload_ous": ["/Workloads", "/Sandbox"]}');
select fixture.ou('/Security'), fixture.ou('/Workloads'), fixture.ou('/Workloads/Prod'), fixture.ou('/Sandbox');
select fixture.account('222222222222', 'Shop', '/Workloads');
select fixture.account('333333333333', 'Security Tooling', '/Security');
select fixture.guardduty('222222222222', '{eu-central-1}'), fixture.guardduty('333333333333', '{us-east-1}');
