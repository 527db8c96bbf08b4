-- What is not settled proves neither that it is held nor that it is not.
select fixture.organization();
select fixture.execution_services();
select fixture.both_security_hubs_asked();
select fixture.settings('{"separation_of_duties": true}');
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Operations');
select fixture.guardduty('222222222222', '{us-east-1}', 'DISABLE_IN_PROGRESS');
select fixture.delegated('222222222222', 'ssm-quicksetup.amazonaws.com');
select fixture.guardduty('111111111111', '{eu-central-1}', 'DISABLE_IN_PROGRESS');
select fixture.security_hub('333333333333', '{eu-central-1}', 'DISABLE_IN_PROGRESS');
