select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop');
-- Known wrong answer: a management account that is the service-side administrator shows in no Organizations list.
select fixture.guardduty('111111111111');
