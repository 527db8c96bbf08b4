-- Known wrong answer: with several administrators only the last is judged.
select fixture.organization();
select fixture.account('222222222222', 'Security');
select fixture.guardduty('111111111111', '{us-east-1}'), fixture.guardduty('222222222222', '{us-east-1}');
