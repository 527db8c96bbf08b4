select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop');
select fixture.guardduty('222222222222', '{us-east-1}');
select fixture.guardduty('222222222222', '{eu-central-1}', 'DISABLE_IN_PROGRESS');
