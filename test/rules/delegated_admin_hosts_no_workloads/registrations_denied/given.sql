-- Known wrong answer: a denied read gives no finding at all.
select fixture.organization();
select fixture.settings('{"workload_ous": ["/Workloads", "/Sandbox"]}');
select fixture.ou('/Security'), fixture.ou('/Workloads'), fixture.ou('/Workloads/Prod'), fixture.ou('/Sandbox');
select fixture.read('aws_organizations_delegated_services', 'denied');
select fixture.account('333333333333', 'Shop', '/Workloads');
select fixture.guardduty('333333333333', '{us-east-1}');
