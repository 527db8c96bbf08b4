-- Known wrong answer: one principal that stands for two services counts twice. It is one side, whichever of the two it is.
select fixture.organization();
select fixture.execution_services();
select fixture.both_security_hubs_asked();
select fixture.settings('{"separation_of_duties": true}');
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Operations');
select fixture.delegated('222222222222', 'securityhub.amazonaws.com');
select fixture.security_hub_v2('222222222222');
