-- Known wrong answer: a management account that is the service-side administrator shows in no Organizations list.
select fixture.organization();
select fixture.settings('{"has_approvals": true}');
select fixture.account('222222222222', 'Security Tooling'), fixture.account('333333333333', 'Network');
select fixture.guardduty('111111111111');
