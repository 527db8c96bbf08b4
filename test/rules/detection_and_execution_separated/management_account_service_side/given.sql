-- Known wrong answer: a management account that is the service-side administrator shows in no Organizations list.
select fixture.organization();
select fixture.execution_services();
select fixture.both_security_hubs_asked();
select fixture.settings('{"separation_of_duties": true}');
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Operations');
select fixture.guardduty('111111111111');
select fixture.delegated('333333333333', 'sso.amazonaws.com');
