-- One overlap is known from what was read; an account that shows nowhere may be another.
select fixture.organization();
select fixture.execution_services();
select fixture.both_security_hubs_asked();
select fixture.settings('{"separation_of_duties": true}');
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Operations');
select fixture.guardduty('222222222222');
select fixture.delegated('333333333333', 'ssm.amazonaws.com');
select fixture.security_hub('444444444444'), fixture.delegated('444444444444', 'iam.amazonaws.com');
select fixture.account('444444444444', 'Everything');
select fixture.read('aws_organizations_delegated_administrators', 'denied');
