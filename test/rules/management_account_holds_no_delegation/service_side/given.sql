-- Known wrong answer: a management account that is the service-side administrator shows in no Organizations list.
select fixture.organization();
select fixture.guardduty('111111111111', '{us-east-1}');
select fixture.account('222222222222', 'Security');
select fixture.guardduty('222222222222', '{eu-central-1}');
