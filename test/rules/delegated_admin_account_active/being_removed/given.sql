select fixture.organization();
select fixture.account('222222222222', 'Security Tooling', '/', 'SUSPENDED');
select fixture.guardduty('222222222222', '{us-east-1}', 'DISABLE_IN_PROGRESS');
