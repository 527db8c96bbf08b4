-- All in one hand, and the spec does not mind.
select fixture.organization();
select fixture.execution_services();
select fixture.both_security_hubs_asked();
select fixture.settings('{"separation_of_duties": true}');
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Operations');
select fixture.delegated('222222222222', 'guardduty.amazonaws.com'), fixture.delegated('222222222222', 'cloudtrail.amazonaws.com');
select fixture.guardduty('222222222222');
select fixture.delegated('222222222222', 'stacksets.cloudformation.amazonaws.com'), fixture.delegated('222222222222', 'ssm.amazonaws.com');
select fixture.settings();
