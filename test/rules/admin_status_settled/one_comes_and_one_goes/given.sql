select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop');
-- Known wrong answer: with several administrators only the last is judged.
select fixture.guardduty('222222222222', '{us-east-1}', 'DISABLE_IN_PROGRESS');
select fixture.guardduty('333333333333', '{us-east-1}');
