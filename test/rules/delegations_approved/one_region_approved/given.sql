-- Known wrong answer: the Region list silently stops at three.
select fixture.organization();
select fixture.settings('{"has_approvals": true}');
select fixture.account('222222222222', 'Security Tooling'), fixture.account('333333333333', 'Network');
select fixture.region(region) from unnest(array['eu-north-1', 'eu-west-1', 'eu-west-2']) as region;
select fixture.guardduty('222222222222', '{eu-central-1, us-east-1, eu-north-1, eu-west-1, eu-west-2}');
select fixture.approval('guardduty', '222222222222', 'service', 'eu-central-1'), fixture.approval('guardduty', '222222222222', 'service', 'eu-west-2');
