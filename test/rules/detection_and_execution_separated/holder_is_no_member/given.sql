select fixture.organization();
select fixture.execution_services();
select fixture.both_security_hubs_asked();
select fixture.settings('{"separation_of_duties": true}');
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Operations');
select fixture.delegated('777777777777', 'iam.amazonaws.com'), fixture.delegated('777777777777', 'config.amazonaws.com');
