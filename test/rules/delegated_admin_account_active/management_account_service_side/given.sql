-- Known wrong answer: a management account that is the service-side administrator shows in no Organizations list.
select fixture.organization();
select fixture.guardduty('111111111111');
